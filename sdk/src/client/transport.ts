/** Operations over HTTP, and subscriptions over a socket that comes back by itself. */
import { createClient, type Client } from 'graphql-ws';
import type { Operation } from '../api/operation.js';
import { ApiError, apiErrorOf, NetworkError, type GraphQLFault } from './errors.js';

/** Where the server is, and how to speak to it. */
export interface ClientOptions {
  /** For example `https://photos.example`. */
  readonly origin: string;
  /** Of a session or an application; null = nobody is signed in. */
  readonly token?: string | null;
  /** Language of messages for people, as in `Accept-Language`. */
  readonly language?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Addresses as this client reaches them, for servers behind another name. */
  readonly reach?: (url: string) => string;
  /** Sends the requests in place of the global `fetch`, for proxies and tests; sockets go their own way. */
  readonly fetch?: typeof fetch;
}

/** Waits between attempts to come back, in milliseconds; the last one again and again. */
const PAUSES = [250, 500, 1000, 2000, 5000, 10_000, 30_000];
/** Closed for a reason that another attempt would not mend. @source graphql-ws: bad request, unauthorized, forbidden */
const FATAL = [4400, 4401, 4403, 4404, 4406, 4409];

/** Sends operations with the token that it has at the moment. */
export class Transport {
  token: string | null;
  readonly #options: ClientOptions;
  #socket: Promise<Client> | null = null;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.token = options.token ?? null;
  }

  /** @throws {ApiError} @throws {NetworkError} */
  async request<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Data> {
    const body = JSON.stringify({ query: operation.text, variables });
    const answer = await this.#post(body, signal);
    if (answer.errors?.length) throw apiErrorOf(answer.errors);
    if (!answer.data) throw new NetworkError('The server answered no GraphQL.');
    return answer.data as Data;
  }

  /**
   * What a subscription tells, from a cursor on. When the connection is lost it comes back, and goes on behind the last
   * event that the caller has taken.
   * @param cursorOf the cursor of an event; null = it has none
   */
  async *subscribe<Data, Variables extends { readonly after?: string | null | undefined }>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    cursorOf: (data: Data) => string | null,
    signal?: AbortSignal,
  ): AsyncGenerator<Data, void> {
    let after = variables.after ?? null;
    for (let attempt = 0; ; attempt += 1) {
      if (signal?.aborted) return;
      try {
        for await (const data of this.#listen(operation, { ...variables, after }, signal)) {
          attempt = 0;
          yield data;
          after = cursorOf(data) ?? after;
        }
        return;
      } catch (fault) {
        if (signal?.aborted) return;
        if (!isLost(fault)) throw asError(fault);
        await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)]!, signal);
      }
    }
  }

  /** The address as this client reaches it. */
  reach(url: string): string {
    return this.#options.reach?.(url) ?? url;
  }

  /** Ends the socket; what is subscribed ends with it. */
  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    await (await socket)?.dispose();
  }

  async #post(body: string, signal: AbortSignal | undefined) {
    const { origin, language, headers, fetch: send = fetch } = this.#options;
    try {
      const response = await send(`${origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(language && { 'accept-language': language }),
          ...(this.token && { authorization: `Bearer ${this.token}` }),
          ...headers,
        },
        body,
        signal: signal ?? null,
      });
      return (await response.json()) as { data?: unknown; errors?: readonly GraphQLFault[] };
    } catch (cause) {
      throw new NetworkError('The server cannot be reached.', { cause });
    }
  }

  async *#listen<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables & { readonly after: string | null },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Data, void> {
    this.#socket ??= this.#connect();
    const socket = await this.#socket;
    const payload = { query: operation.text, variables };
    const results = socket.iterate<Data>(payload);
    const stop = (): void => void results.return?.();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for await (const { data, errors } of results) {
        if (errors?.length) throw apiErrorOf(errors);
        if (data) yield data;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #connect(): Promise<Client> {
    const webSocketImpl: unknown = globalThis.WebSocket ?? (await import('ws')).WebSocket;
    return createClient({
      url: `${this.#options.origin.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl,
      retryAttempts: 0,
      keepAlive: 30_000,
      connectionParams: () => (this.token ? { authorization: `Bearer ${this.token}` } : {}),
    });
  }
}

/** Whether the connection failed, and not the operation. */
function isLost(fault: unknown): boolean {
  if (fault instanceof ApiError || Array.isArray(fault)) return false;
  const code = fault && typeof fault === 'object' && 'code' in fault ? fault.code : null;
  return typeof code !== 'number' || !FATAL.includes(code);
}

function asError(fault: unknown): Error {
  if (fault instanceof Error) return fault;
  if (Array.isArray(fault)) return apiErrorOf(fault as GraphQLFault[]);
  const { code, reason } = fault as { readonly code?: number; readonly reason?: string };
  return new ApiError(reason ?? 'The server closed the connection.', code ? String(code) : null);
}

/** Waits, or until it is stopped. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
  });
}
