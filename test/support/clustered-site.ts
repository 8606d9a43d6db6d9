// One server in several processes, on a PostgreSQL of its own: all of them can be killed, one by one.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  ensureDatabase,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/platform/db/embedded-postgres.js';
import { StartError } from '../../src/platform/start-error.js';
import { migrate } from '../../src/platform/db/migrator.js';
import { freePort } from './free-port.js';
import { startNetworkedProcess, type ServerProcess } from './server-process.js';

/** The processes of one server. */
export interface ClusteredSite {
  /** Asks the process that is preferred, and any other one when that is not there. */
  graphql<Data>(
    preferred: number,
    query: string,
    variables: Record<string, unknown>,
    token?: string,
  ): Promise<Data>;
  /** As `fetch` for the public address, with the same preference. */
  fetchFrom(preferred: number): typeof fetch;
  /** How many requests a process had taken that died before it answered. */
  cutRequests(): number;
  /** Kills a process of the server and starts it again. */
  replace(index: number): Promise<void>;
  /** Kills PostgreSQL and starts it again; the processes of the server live on. */
  replacePostgres(): Promise<void>;
}

/** Its address, which leads nowhere from here. */
export const PUBLIC_URL = 'https://a.example';

/** Whether nobody was there to ask. */
const isRefused = (error: unknown): boolean =>
  ((error as Error).cause as { code?: unknown } | undefined)?.code === 'ECONNREFUSED';

/** Starts `size` processes; `stack` ends them. */
export async function startClusteredSite(
  stack: AsyncDisposableStack,
  size: number,
): Promise<ClusteredSite> {
  // a short path: the socket of PostgreSQL lies in it, and stays where it is
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'tri-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  let postgres: EmbeddedPostgres = await start();
  stack.defer(() => postgres[Symbol.asyncDispose]());
  await ensureDatabase(postgres, 'kept');
  const url = postgres.connectionUrl('kept');
  await migrate(url);
  const environment = {
    DATABASE_URL: url,
    DATA_DIR: path.join(dataDirectory, 'data'),
    PUBLIC_URL,
    REGISTRATION_EMAIL_VERIFICATION: 'optional',
    LOG_LEVEL: 'warn',
    // Where every start takes long, clients ask in vain for as long.
    GRAPHQL_POINTS_PER_HOUR: '100000000',
    CHAT_MESSAGE_BURST: '10000',
  };
  const ports = await Promise.all(Array.from({ length: size }, () => freePort()));
  const begin = (index: number): Promise<ServerProcess> =>
    startNetworkedProcess(environment, ports[index]!, {});
  const running = [await begin(0)];
  stack.defer(async () => {
    await Promise.all(running.map((each) => each.kill()));
  });
  for (let index = 1; index < size; index++) running.push(await begin(index));
  let cut = 0;
  /** Asks one process after the other, until one is there. */
  const ask = async <Answer>(
    preferred: number,
    question: (each: ServerProcess) => Promise<Answer>,
  ): Promise<Answer> => {
    const order = [preferred, ...running.keys()].map((index) => running[index % size]!);
    let last: unknown;
    for (const each of order) {
      try {
        return await question(each);
      } catch (error) {
        last = error;
        // What answered is there: whoever asks decides whether to ask again.
        // Errors of `fetch` are of no class that tests know: those have their own.
        if ((error as Error).name !== 'TypeError') throw error;
        if (!isRefused(error)) cut += 1;
      }
    }
    throw last;
  };
  return {
    graphql: (preferred, query, variables, token) =>
      ask(preferred, (each) => each.graphql(query, { ...variables }, token)),
    fetchFrom: (preferred) => (input, options) => {
      const url = input instanceof Request ? input.url : input.toString();
      return ask(preferred, ({ origin }) => fetch(url.replace(PUBLIC_URL, origin), options));
    },
    cutRequests: () => cut,
    replace: async (index) => {
      await running[index]!.kill();
      running[index] = await begin(index);
    },
    replacePostgres: async () => {
      process.kill(postgres.processId, 'SIGKILL');
      await postgres[Symbol.asyncDispose]();
      postgres = await startAgain();
    },
  };

  /** Sessions of the dead one may take a while to notice, and hold its files until then. */
  async function startAgain(): Promise<EmbeddedPostgres> {
    for (;;) {
      try {
        return await start();
      } catch (error) {
        if (!(error instanceof StartError)) throw error;
      }
    }
  }

  function start(): Promise<EmbeddedPostgres> {
    return startEmbeddedPostgres({ dataDirectory: path.join(dataDirectory, 'postgres') });
  }
}
