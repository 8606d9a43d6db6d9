// Servers that federate inside one test: real HTTP with real signatures; only names lead to this machine.
import { HttpClient } from '../../src/platform/http-client.js';
import { startWorld, type Person, type World } from './world.js';

/** A network of servers, each under a name of its own. */
export interface FederatedNetwork extends AsyncDisposable {
  /** Starts a server, for example under `a.example`, with more variables of its configuration. */
  join(host: string, environment?: Record<string, string>): Promise<World>;
  /** Lets something that is no server of ours listen under a name. */
  name(host: string, port: number): void;
  /** Takes a name off the network, as if its server were down. */
  cut(host: string): void;
  readonly client: HttpClient;
  /** Runs what is due on every server, until nothing travels any more. */
  settle(): Promise<void>;
}

/** Enough for a question, its answer, and what follows from that. */
const ROUNDS = 4;

/** An empty network. */
export function openNetwork(): FederatedNetwork {
  const stack = new AsyncDisposableStack();
  const ports = new Map<string, number>();
  const worlds: World[] = [];
  const client = portsOfThisMachine(ports);
  return {
    client,
    name: (host, port) => void ports.set(host, port),
    cut: (host) => void ports.delete(host),
    join: async (host, environment = {}) => {
      const variables = { PUBLIC_URL: `https://${host}`, ...environment };
      const world = stack.use(await startWorld(variables, {}, { http: client }));
      ports.set(host, Number(new URL(world.origin).port));
      worlds.push(world);
      return world;
    },
    settle: async () => {
      for (let round = 0; round < ROUNDS; round++) for (const world of worlds) await world.settle();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A client to whom hosts are ports of this machine, as long as they are in the map, and nothing else is reachable. */
export function portsOfThisMachine(ports: ReadonlyMap<string, number>): HttpClient {
  return new HttpClient({
    name: 'test/1',
    isAllowed: (address) => address === '127.0.0.1',
    resolve: (_name, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]),
    connectTo: ({ host }) => ({ protocol: 'http:', port: ports.get(host) ?? CLOSED_PORT }),
  });
}

/** Nobody listens there. */
const CLOSED_PORT = 1;

/** The global id under which somebody's server knows a person of another one; it asks for them first. */
export async function meet(who: Person, handle: string): Promise<string> {
  const answer = await who.graphql<{
    fetchRemoteObject: { object: { id: string } | null; userErrors: unknown[] };
  }>(
    'mutation ($input: FetchRemoteObjectInput!) { fetchRemoteObject(input: $input) { object { id } userErrors { code message } } }',
    { input: { handle } },
  );
  const { object } = answer.data?.fetchRemoteObject ?? {};
  if (!object) throw new Error(JSON.stringify(answer));
  return object.id;
}

/** Lets a server of ours, and one beside it whose jobs nobody here can run, work until something is so; answers it. */
export async function settledUntil<Value>(
  world: World,
  ask: () => Promise<Value>,
  isSo: (value: Value) => boolean,
): Promise<Value> {
  for (let attempt = 0; attempt < 240; attempt++) {
    await world.settle();
    const value = await ask();
    if (isSo(value)) return value;
    await new Promise((done) => setTimeout(done, 250));
  }
  return ask();
}
