// Servers under load, each a process of its own, and what a request costs them.
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { BenchDatabase } from './bench-database.js';
import { treeSeconds } from './cpu.js';
import { SERVER_FLAGS } from './server-flags.js';

const CONCURRENCY = 8;

/** A server that answers GraphQL, and whose CPU it is. */
export interface Contestant extends AsyncDisposable {
  readonly port: number;
  /** The processes that work for it, with all that descend from them. */
  readonly roots: readonly number[];
  /** Tells a rival something; its answer. */
  ask(message: object): Promise<unknown>;
}

/** One GraphQL operation as it is sent. */
export interface Operation {
  readonly query: string;
  readonly variables?: object;
  readonly token?: string;
}

/** Our server, as `npm start` runs it (or with another main module), on an outside database. */
export async function startOurs(
  database: BenchDatabase,
  variables: Record<string, string> = {},
  [main, ...words]: readonly [main: string, ...words: string[]] = ['dist/src/main.js'],
): Promise<Contestant> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [...profilerFlags(), ...SERVER_FLAGS, path.resolve(main), ...words],
    {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        DATABASE_URL: database.databaseUrl,
        DATA_DIR: path.join(database.dataDirectory, 'data'),
        PORT: String(port),
        METRICS_PORT: '0',
        PUBLIC_URL: 'https://bench.example',
        LOG_LEVEL: 'warn',
        GRAPHQL_POINTS_PER_HOUR: '100000000',
        ...variables,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  await ready(child, port);
  return contestant(child, port, [child.pid!, database.postgresProcessId]);
}

/** A server in `module`, which listens on a free port and sends it as `{ port }`. */
export async function startRival(
  module: string,
  words: readonly string[],
  postgresProcessId?: number,
): Promise<Contestant> {
  const child = fork(new URL(module, import.meta.url), words, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    execArgv: [],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return contestant(
    child,
    port,
    postgresProcessId ? [child.pid!, postgresProcessId] : [child.pid!],
  );
}

/** CPU µs per request, of the server and the backends that work for it, over so many requests. */
export async function costOf(
  server: Contestant,
  operation: Operation,
  requests: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const before = treeSeconds(server.roots);
  let left = requests;
  const work = async (): Promise<void> => {
    while (left-- > 0) await send(server, operation, agent);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  agent.destroy();
  return ((treeSeconds(server.roots) - before) / requests) * 1e6;
}

/** Sends an operation; the answer as text. */
export function send(server: Contestant, operation: Operation, agent?: Agent): Promise<string> {
  const { query, variables, token } = operation;
  const body = JSON.stringify({ query, variables });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      { port: server.port, host: '127.0.0.1', path: '/graphql', method: 'POST', agent, headers },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(Buffer.concat(parts).toString()));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether the server answers requests. */
export async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  } catch {
    return false;
  }
}

async function ready(child: ChildProcess, port: number): Promise<void> {
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error('The server stopped before it was ready');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** With BENCH_CPU_PROFILES set to a directory, our server leaves a CPU profile there. */
function profilerFlags(): string[] {
  const directory = process.env['BENCH_CPU_PROFILES'];
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
}

function contestant(child: ChildProcess, port: number, roots: readonly number[]): Contestant {
  return {
    port,
    roots,
    ask: async (message) => {
      child.send(message);
      return ((await once(child, 'message')) as [unknown])[0];
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}
