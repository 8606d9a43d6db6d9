/** The socket of a client: what is told over it, and what may be asked over it while it is open. */
import { createClient, type Client } from 'graphql-ws';
import type { GraphQLFault } from './errors.js';

/** An operation on its way. */
export interface Asked {
  readonly query: string;
  readonly variables: object;
}

/** What an operation was answered. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFault[];
}

/** Where the socket leads, and as whom. */
export interface SocketOptions {
  readonly url: string;
  readonly language: string | undefined;
  /** The token of this moment. */
  readonly tokenOf: () => string | null;
}

/** Milliseconds between questions whether the server is still there, and until it has to have answered one. */
const LOOK_EVERY = 10_000;
const LOOK_PATIENCE = 5_000;
/** Milliseconds in which a socket opens; something on the way may swallow what asks for one. */
const OPEN_PATIENCE = 15_000;

/** So many operations at a time, and messages at once and in a second: well below what closes a socket. */
const AT_A_TIME = 10;
const AT_ONCE = 50;
const PER_SECOND = 30;

/** A socket that is opened by the first subscription of whoever is signed in, and closed with the last one. */
export class LiveSocket {
  readonly #options: SocketOptions;
  /** By the token: what somebody subscribes to is told to nobody who signs in later. */
  readonly #clients = new Map<string | null, Promise<Client>>();
  /** As whom the server knows the open socket. */
  #open: { readonly client: Client; readonly token: string | null } | null = null;
  #asking = 0;
  #allowance = AT_ONCE;
  #allowedAt = performance.now();

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  /** Whether it is open, and the server knows it as whoever is signed in now. */
  get isOpen(): boolean {
    return this.#open !== null && this.#open.token === this.#options.tokenOf();
  }

  /** What a subscription tells, until the socket is lost. */
  async iterate<Data>(asked: Asked) {
    const token = this.#options.tokenOf();
    const client = this.#clients.get(token) ?? this.#connect(token);
    this.#clients.set(token, client);
    return (await client).iterate<Data>(payloadOf(asked));
  }

  /**
   * Asks over the socket.
   * @returns null when it is not open, is as busy as may be, or is lost before there is an answer: what was asked may have
   *   been done all the same
   */
  async ask(asked: Asked): Promise<Answer | null> {
    const client = this.#clientToAsk();
    if (!client) return null;
    this.#asking += 1;
    try {
      return await askOnce(client, asked);
    } finally {
      this.#asking -= 1;
    }
  }

  /** Closes it; what is subscribed ends. */
  async close(): Promise<void> {
    const clients = [...this.#clients.values()];
    const open = this.#open?.client;
    this.#clients.clear();
    this.#open = null;
    for (const client of await Promise.all(clients)) {
      // One that has yet to open may never do so.
      if (client !== open) client.terminate();
      await client.dispose();
    }
  }

  /** Null unless the server knows the open socket as whoever is signed in now, and takes more. */
  #clientToAsk(): Client | null {
    if (!this.isOpen || this.#asking >= AT_A_TIME) return null;
    const now = performance.now();
    const earned = ((now - this.#allowedAt) / 1000) * PER_SECOND;
    this.#allowance = Math.min(AT_ONCE, this.#allowance + earned);
    this.#allowedAt = now;
    if (this.#allowance < 1) return null;
    this.#allowance -= 1;
    return this.#open!.client;
  }

  async #connect(token: string | null): Promise<Client> {
    const webSocketImpl: unknown = globalThis.WebSocket ?? (await import('ws')).WebSocket;
    const { url, language } = this.#options;
    let looking: ReturnType<typeof setTimeout> | undefined;
    let opening: ReturnType<typeof setTimeout> | undefined;
    const client = createClient({
      url,
      webSocketImpl,
      retryAttempts: 0,
      keepAlive: LOOK_EVERY,
      connectionParams: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(language && { acceptLanguage: language }),
      },
      on: {
        connecting: () => {
          clearTimeout(opening);
          opening = setTimeout(() => client.terminate(), OPEN_PATIENCE);
        },
        connected: () => {
          clearTimeout(opening);
          this.#open = { client, token };
        },
        closed: () => {
          clearTimeout(opening);
          clearTimeout(looking);
          if (this.#open?.client === client) this.#open = null;
        },
        // A connection that was cut on the way says nothing of it.
        ping: (isReceived) => {
          if (!isReceived) looking = setTimeout(() => client.terminate(), LOOK_PATIENCE);
        },
        pong: () => clearTimeout(looking),
      },
    });
    return client;
  }
}

const payloadOf = ({ query, variables }: Asked) => ({ query, variables: { ...variables } });

/** Null = the socket was lost before there was an answer. */
function askOnce(client: Client, asked: Asked): Promise<Answer | null> {
  return new Promise((resolve) => {
    let answer: Answer | null = null;
    const end = (result: Answer | null): void => {
      unlisten();
      resolve(result);
    };
    const stop = client.subscribe(payloadOf(asked), {
      next: ({ data, errors }) => (answer = { data, ...(errors && { errors }) }),
      error: (fault) => end(Array.isArray(fault) ? { errors: fault as GraphQLFault[] } : answer),
      complete: () => end(answer),
    });
    // Otherwise it would be sent again over the next socket, whoever that is of.
    const unlisten = client.on('closed', () => {
      stop();
      end(answer);
    });
  });
}
