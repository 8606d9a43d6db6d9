// A process of its own with many sockets, so that what clients cost is not counted as the server's. Driven by messages.
import { once } from 'node:events';
import pg from 'pg';
import { WebSocket } from 'ws';

/** Open the sockets; each says hello and subscribes. Answered by `ready`. */
export interface ConnectRequest {
  readonly kind: 'connect';
  readonly url: string;
  readonly count: number;
  /** Null: plain sockets without a protocol. */
  readonly query: string | null;
  /** One per socket; empty = anonymous. */
  readonly tokens: readonly string[];
}

/** Append events at a fixed rate. */
export interface PublishRequest {
  readonly kind: 'publish';
  readonly databaseUrl: string;
  readonly topic: string;
  readonly count: number;
  readonly everyMs: number;
}

/** Answer with `done` when so many payloads have come since the last request. */
export interface AwaitRequest {
  readonly kind: 'await';
  readonly deliveries: number;
}

/** Close every socket; answered by `closed`. */
export interface CloseRequest {
  readonly kind: 'close';
}

/** What the clients can be asked for. */
export type ClientRequest = ConnectRequest | PublishRequest | AwaitRequest | CloseRequest;

const AT_ONCE = 50;
const INSERT =
  "with appended as (insert into events (name, topics, payload) values ('benched', $1, '{}') returning seq) select pg_notify('triptych_events', '') from appended";

let sockets: WebSocket[] = [];
let received = 0;
let awaited = Infinity;
let sample = '';

function count(text: string): void {
  sample = text;
  received++;
  if (received >= awaited) {
    awaited = Infinity;
    received = 0;
    process.send?.({ kind: 'done', sample });
  }
}

async function open({ url, query }: ConnectRequest, token: string | undefined): Promise<WebSocket> {
  const socket = new WebSocket(url, query === null ? [] : 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  sockets.push(socket);
  if (query === null) {
    socket.on('message', (bytes: Buffer) => count(bytes.toString()));
    return socket;
  }
  socket.send(
    JSON.stringify({
      type: 'connection_init',
      payload: token ? { authorization: `Bearer ${token}` } : {},
    }),
  );
  await once(socket, 'message');
  const subscribed = new Promise<void>((resolve, reject) => {
    socket.on('message', (bytes: Buffer) => {
      const text = bytes.toString();
      if (text.includes('"id":"settled"')) resolve();
      else if (text.includes('"type":"next"')) count(text);
      else if (text.includes('"type":"error"')) reject(new Error(text));
    });
  });
  const id = crypto.randomUUID();
  socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } }));
  socket.send(
    JSON.stringify({ id: 'settled', type: 'subscribe', payload: { query: '{ __typename }' } }),
  );
  await subscribed;
  return socket;
}

async function connect(request: ConnectRequest): Promise<void> {
  for (let from = 0; from < request.count; from += AT_ONCE) {
    const indexes = Array.from(
      { length: Math.min(AT_ONCE, request.count - from) },
      (_, index) => from + index,
    );
    await Promise.all(indexes.map((index) => open(request, request.tokens[index])));
  }
  process.send?.({ kind: 'ready' });
}

async function publish({
  databaseUrl,
  topic,
  count: events,
  everyMs,
}: PublishRequest): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const startedAt = performance.now();
  for (let index = 0; index < events; index++) {
    const waitMs = startedAt + index * everyMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    await client.query({ name: 'append', text: INSERT, values: [[topic]] });
  }
  await client.end();
}

async function close(): Promise<void> {
  await Promise.all(
    sockets.map(async (socket) => {
      const closed = once(socket, 'close');
      socket.terminate();
      await closed;
    }),
  );
  sockets = [];
  received = 0;
  process.send?.({ kind: 'closed' });
}

process.on('message', (request: ClientRequest) => {
  const work = {
    connect: () => connect(request as ConnectRequest),
    publish: () => publish(request as PublishRequest),
    await: async () => {
      awaited = (request as AwaitRequest).deliveries;
    },
    close,
  }[request.kind];
  work().catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
