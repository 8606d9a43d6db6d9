/** Operations over HTTP, and subscriptions over a socket that comes back by itself. */
import type { Operation } from '../api/operation.js';
import { onAbort } from './aborts.js';
import { ApiError, apiErrorOf, NetworkError, type GraphQLFault } from './errors.js';
import { LiveSocket, type Answer } from './live-socket.js';

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
  readonly #socket: LiveSocket;

  constructor(options: ClientOptions) {
    const { origin, language, token = null } = options;
    this.#options = options;
    this.token = token;
    const url = `${origin.replace(/^http/, 'ws')}/graphql`;
    this.#socket = new LiveSocket({ url, language, tokenOf: () => this.token });
  }

  /** @throws {ApiError} @throws {NetworkError} */
  async request<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Data> {
    const body = JSON.stringify({ query: operation.text, variables });
    return dataOf<Data>(await this.#post(body, signal));
  }

  /**
   * As `request`, over the socket of the subscriptions while one is open: sooner, and less work for both sides. When that
   * is lost before there is an answer it is asked again over HTTP, so only what may be done twice can be asked like this.
   * @throws {ApiError} @throws {NetworkError}
   */
  async requestLive<Data, Variables extends object>(
    operation: Operation<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const answer = await this.#socket.ask({ query: operation.text, variables });
    return answer ? dataOf<Data>(answer) : this.request(operation, variables);
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
      } catch (thrown) {
        if (signal?.aborted) return;
        const fault = Array.isArray(thrown) ? apiErrorOf(thrown as GraphQLFault[]) : thrown;
        if (!isLost(fault)) throw asError(fault);
        await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)]!, signal);
      }
    }
  }

  /** Whether there is an open socket, over which the server tells what happens. */
  get isLive(): boolean {
    return this.#socket.isOpen;
  }

  /** The address as this client reaches it. */
  reach(url: string): string {
    return this.#options.reach?.(url) ?? url;
  }

  /** Ends the socket; what is subscribed ends with it. */
  close(): Promise<void> {
    return this.#socket.close();
  }

  async #post(body: string, signal: AbortSignal | undefined): Promise<Answer> {
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
      return (await response.json()) as Answer;
    } catch (cause) {
      throw new NetworkError('The server cannot be reached.', { cause });
    }
  }

  async *#listen<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables & { readonly after: string | null },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Data, void> {
    const results = await this.#socket.iterate<Data>({ query: operation.text, variables });
    const callOff = onAbort(signal, () => {
      // Whoever waits for the next one waits no more, even where the socket never opens.
      void results.throw?.(new Error('Stopped.'));
      void results.return?.();
    });
    try {
      for await (const { data, errors } of results) {
        if (errors?.length) throw apiErrorOf(errors);
        if (data) yield data;
      }
    } finally {
      callOff();
    }
  }
}

function dataOf<Data>({ data, errors }: Answer): Data {
  if (errors?.length) throw apiErrorOf(errors);
  if (!data) throw new NetworkError('The server answered no GraphQL.');
  return data as Data;
}

/** Whether the connection failed, and not the operation. */
function isLost(fault: unknown): boolean {
  if (fault instanceof ApiError) return false;
  const code = fault && typeof fault === 'object' && 'code' in fault ? fault.code : null;
  return typeof code !== 'number' || !FATAL.includes(code);
}

function asError(fault: unknown): Error {
  if (fault instanceof Error) return fault;
  const { code, reason } = fault as { readonly code?: number; readonly reason?: string };
  return new ApiError(reason ?? 'The server closed the connection.', code ? String(code) : null);
}

/** Waits, or until it is stopped. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    const callOff = onAbort(signal, done);
    function done(): void {
      clearTimeout(timer);
      callOff();
      resolve();
    }
  });
}
