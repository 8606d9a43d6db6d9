// The real server as a process of its own on a data directory, as `npm start` runs it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort } from './free-port.js';
import { until } from './until.js';

/** A server that answers. */
export interface ServerProcess extends AsyncDisposable {
  readonly origin: string;
  /** Everything it has printed. */
  output(): string;
  /** Sends an operation over HTTP. */
  graphql<Data>(query: string, variables?: Record<string, unknown>, token?: string): Promise<Data>;
  /** Drains it and waits until it has gone; the exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does, without a word. */
  kill(): Promise<void>;
  /** Stops it where it stands, as a machine that hangs; the other one lets it go on. */
  freeze(): void;
  thaw(): void;
}

/** Starts a server and waits until it is ready; `environment` are configuration variables. */
export async function startServerProcess(
  environment: Record<string, string>,
): Promise<ServerProcess> {
  return startProcess(environment, await freePort(), ['dist/src/main.js']);
}

/** As `startServerProcess` on a port of its own; to it, hosts are ports of this machine, and there are no others. */
export function startNetworkedProcess(
  environment: Record<string, string>,
  port: number,
  hosts: Readonly<Record<string, number>>,
): Promise<ServerProcess> {
  const main = 'dist/test/support/networked-server.js';
  return startProcess(environment, port, [main, JSON.stringify(hosts)]);
}

async function startProcess(
  environment: Record<string, string>,
  port: number,
  [main, ...words]: readonly [main: string, ...words: string[]],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [path.resolve(main), ...words], {
    env: { PATH: process.env['PATH'], PORT: String(port), METRICS_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => (printed += part.toString()));
  }
  const exited = once(child, 'exit');
  const origin = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    await exited;
    return child.exitCode;
  };
  const isUp = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`The server stopped: ${printed}`);
    return isReady(origin);
  };
  await until(isUp, { every: 50, shows: () => printed });
  return {
    origin,
    output: () => printed,
    stop,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) await stop();
    },
    async graphql<Data>(query: string, variables = {}, token?: string): Promise<Data> {
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as { data: Data; errors?: unknown };
      if (answer.errors) throw new Error(JSON.stringify(answer.errors));
      return answer.data;
    },
  };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/readyz`)).ok;
  } catch {
    return false;
  }
}
