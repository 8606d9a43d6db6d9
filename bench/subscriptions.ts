// One event to a thousand sockets: payloads delivered per CPU second, beside bare `ws` that sends the same bytes, and
// beside stock graphql-ws at its best. Rounds of all three in turn.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { listenHttp } from '../src/app/http.js';
import { createMetrics } from '../src/app/metrics.js';
import { createOperationGate } from '../src/app/operation-gate.js';
import { mountSockets } from '../src/app/socket-server.js';
import type { ClientRequest } from './live-clients.js';
import { liveSchema, QUERY, readPost, stockSchema, topicOf } from './live-schema.js';
import { compared, limited, type Figure } from './figure.js';
import { startLiveWorld, type LiveWorld } from './live-world.js';

const SOCKETS = 1000;
const EVENTS = 120;
const WARM_UP_EVENTS = 30;
const EVERY_MS = 25;
const ROUNDS = 5;
const GOAL_OF_RAW = 0.7;
const GOAL_OF_STOCK = 2.2;
const KILOBYTES_PER_SUBSCRIPTION = 60;

/** A server that can be asked to send events to whoever is connected. */
interface Contestant extends AsyncDisposable {
  readonly url: string;
  readonly query: string | null;
  /** Sends so many events, one each EVERY_MS. */
  publish(events: number): Promise<void>;
  /** CPU seconds beside this process. */
  otherSeconds(): number;
}

/** The process with the clients. */
class Clients implements Disposable {
  private readonly child: ChildProcess = fork(new URL('./live-clients.js', import.meta.url));

  async ask(request: ClientRequest, answer: string): Promise<{ readonly sample?: string }> {
    this.child.send(request);
    return this.answered(answer);
  }

  async answered(kind: string): Promise<{ readonly sample?: string }> {
    const [message] = (await once(this.child, 'message')) as [{ kind: string; sample?: string }];
    if (message.kind !== kind) throw new Error(`Expected ${kind}, got ${message.kind}`);
    return message;
  }

  tell(request: ClientRequest): void {
    this.child.send(request);
  }

  [Symbol.dispose](): void {
    this.child.kill();
  }
}

/** Deliveries per CPU second against bare sockets and stock graphql-ws, and memory per idle subscription. */
export async function run(): Promise<Figure[]> {
  await using world = await startLiveWorld(SOCKETS);
  using clients = new Clients();
  const rates: Record<'raw' | 'ours' | 'stock', number[]> = { raw: [], ours: [], stock: [] };
  let sample = '';
  let bytesPerSubscription = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await measure(await startOurs(world, clients), clients, world.tokens);
    rates.ours.push(ours.rate);
    if (round === 0) {
      sample = ours.sample;
      bytesPerSubscription = ours.bytesPerSocket;
    }
    rates.raw.push((await measure(await startRaw(sample), clients, [])).rate);
    rates.stock.push((await measure(await startStock(world), clients, [])).rate);
  }
  const unit = 'deliveries per CPU s';
  return [
    compared('live events to 1,000 sockets: ours / bare ws', [rates.ours, rates.raw], unit, {
      atLeast: GOAL_OF_RAW,
    }),
    compared('live events: ours / stock graphql-ws', [rates.ours, rates.stock], unit, {
      atLeast: GOAL_OF_STOCK,
    }),
    limited(
      'memory of an idle subscription / 60 KB',
      [bytesPerSubscription / 1000],
      KILOBYTES_PER_SUBSCRIPTION,
      'KB',
    ),
  ];
}

interface Measured {
  /** Deliveries per CPU second. */
  readonly rate: number;
  /** One message as it was sent. */
  readonly sample: string;
  readonly bytesPerSocket: number;
}

async function measure(
  contestant: Contestant,
  clients: Clients,
  tokens: readonly string[],
): Promise<Measured> {
  await using server = contestant;
  const { url, query } = server;
  const emptyBytes = residentBytes();
  await clients.ask({ kind: 'connect', url, query, count: SOCKETS, tokens }, 'ready');
  const bytesPerSocket = (residentBytes() - emptyBytes) / SOCKETS;
  await deliver(server, clients, WARM_UP_EVENTS);
  const [own, other] = [process.cpuUsage(), server.otherSeconds()];
  const sample = await deliver(server, clients, EVENTS);
  const { user, system } = process.cpuUsage(own);
  const seconds = (user + system) / 1e6 + server.otherSeconds() - other;
  await clients.ask({ kind: 'close' }, 'closed');
  return { rate: (EVENTS * SOCKETS) / seconds, sample, bytesPerSocket };
}

async function deliver(server: Contestant, clients: Clients, events: number): Promise<string> {
  clients.tell({ kind: 'await', deliveries: events * SOCKETS });
  const done = clients.answered('done');
  await server.publish(events);
  return (await done).sample ?? '';
}

/** Memory after a collection, so that garbage of the connecting is not counted. */
function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

async function startOurs(world: LiveWorld, clients: Clients): Promise<Contestant> {
  await using stack = new AsyncDisposableStack();
  const { services, databaseUrl, postId } = world;
  const http = stack.use(await listenHttp(world.config, 0));
  const schema = liveSchema(postId);
  const gate = createOperationGate(services, schema);
  stack.use(
    await mountSockets(http, { services, schema, gate, metrics: createMetrics(services.database) }),
  );
  const owned = stack.move();
  return {
    url: `ws://127.0.0.1:${http.port}/graphql`,
    query: QUERY,
    // Appended from outside of this process, as another request would: writing is not delivering.
    publish: async (count) =>
      clients.tell({
        kind: 'publish',
        databaseUrl,
        topic: topicOf(postId),
        count,
        everyMs: EVERY_MS,
      }),
    otherSeconds: () => world.postgresSeconds(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startRaw(text: string): Promise<Contestant> {
  const server = createServer();
  const websockets = new WebSocketServer({ server, perMessageDeflate: false });
  return contestant(server, null, () => {
    for (const socket of websockets.clients) socket.send(text);
  });
}

async function startStock(world: LiveWorld): Promise<Contestant> {
  const post = await readPost(world.services.database, world.postId);
  const server = createServer();
  const websockets = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
  const subscribers = new Set<(event: object) => void>();
  useServer({ schema: stockSchema(() => listen(subscribers)) }, websockets);
  return contestant(server, QUERY, () => {
    const event = { cursor: 'x'.repeat(60), change: 'UPDATED', post };
    for (const next of subscribers) next(event);
  });
}

/** Events of an emitter, as every in-memory PubSub gives them. */
async function* listen(subscribers: Set<(event: object) => void>): AsyncGenerator<object> {
  const waiting: object[] = [];
  let wake = (): void => {};
  const next = (event: object): void => {
    waiting.push(event);
    wake();
  };
  subscribers.add(next);
  try {
    for (;;) {
      const event = waiting.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    subscribers.delete(next);
  }
}

async function contestant(
  server: Server,
  query: string | null,
  send: () => void,
): Promise<Contestant> {
  server.listen(0);
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    query,
    publish: async (count) => {
      for (let index = 0; index < count; index++) {
        send();
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
    },
    otherSeconds: () => 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
