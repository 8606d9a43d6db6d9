/** A client of the live API that speaks the wire format itself, so that tests can also speak it wrongly. */
import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

/** A message of graphql-transport-ws. */
export interface WireMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** An open client connection. */
export interface TestSocket extends AsyncDisposable {
  readonly websocket: WebSocket;
  /** Why it was closed; resolves when it is. */
  readonly closed: Promise<{ code: number; reason: string }>;
  send(message: WireMessage | string): void;
  /** The next message, in order of arrival. @throws when the socket closes before one comes */
  next(): Promise<WireMessage>;
  /** Messages that arrived and nobody has asked for yet. */
  waiting(): number;
}

/** How to connect. */
export interface SocketOptions extends Omit<ClientOptions, 'protocol'> {
  /** Null = none. */
  readonly protocol?: string | null;
  readonly path?: string;
}

/** Opens a connection without saying anything yet. @throws when the upgrade is refused */
export async function openSocket(origin: string, options: SocketOptions = {}): Promise<TestSocket> {
  const { protocol = 'graphql-transport-ws', path = '/graphql', ...rest } = options;
  const websocket = new WebSocket(`${origin.replace(/^http/, 'ws')}${path}`, protocol ?? [], rest);
  const messages: WireMessage[] = [];
  const waiters: { resolve: (message: WireMessage) => void; reject: (error: Error) => void }[] = [];
  websocket.on('message', (bytes: Buffer) => {
    const message = JSON.parse(bytes.toString()) as WireMessage;
    const waiter = waiters.shift();
    if (waiter) waiter.resolve(message);
    else messages.push(message);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    websocket.once('close', (code, reason) => {
      for (const { reject } of waiters)
        reject(new Error(`The socket was closed: ${code} ${String(reason)}`));
      resolve({ code, reason: String(reason) });
    });
  });
  await once(websocket, 'open');
  return {
    websocket,
    closed,
    send: (message) =>
      websocket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => {
      const message = messages.shift();
      if (message) return Promise.resolve(message);
      if (websocket.readyState === WebSocket.CLOSED)
        return Promise.reject(new Error('The socket is closed'));
      return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
    },
    waiting: () => messages.length,
    [Symbol.asyncDispose]: async () => {
      websocket.terminate();
      await closed;
    },
  };
}

/** Opens a connection and introduces itself; resolves with the payload of `connection_ack`. */
export async function connectSocket(
  origin: string,
  token: string | null,
  options: SocketOptions = {},
): Promise<TestSocket & { readonly ack: Record<string, unknown> }> {
  const socket = await openSocket(origin, options);
  socket.send({
    type: 'connection_init',
    payload: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  const { type, payload } = await socket.next();
  if (type !== 'connection_ack') throw new Error(`Expected connection_ack, got ${type}`);
  return { ...socket, ack: payload as Record<string, unknown> };
}

/** Starts an operation. */
export function subscribe(
  socket: TestSocket,
  id: string,
  query: string,
  variables: Record<string, unknown> = {},
): void {
  socket.send({ id, type: 'subscribe', payload: { query, variables } });
}

/** Starts a subscription. @returns when it has begun: what happens from then on it tells */
export async function subscribed(
  socket: TestSocket,
  id: string,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<void> {
  subscribe(socket, id, query, variables);
  await settledOn(socket);
}

/**
 * Resolves when every subscription that was sent before has begun: the server answers nothing sooner that is asked after it.
 *
 * @throws what came in place of the answer
 */
export async function settledOn(socket: TestSocket): Promise<void> {
  subscribe(socket, 'settled', '{ __typename }');
  for (const type of ['next', 'complete']) {
    const message = await socket.next();
    if (message.id !== 'settled' || message.type !== type) throw new Error(JSON.stringify(message));
  }
}
