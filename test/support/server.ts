/** A whole server of its own for a test: fresh database, real HTTP, real jobs that the test drains. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { compose, type Foundation } from '../../src/app/compose.js';
import { createJobs } from '../../src/app/jobs.js';
import { listenHttp } from '../../src/app/http.js';
import { createMetrics } from '../../src/app/metrics.js';
import { openImages } from '../../src/app/open-images.js';
import { openListening } from '../../src/app/open-listening.js';
import { openVideos } from '../../src/app/open-videos.js';
import { mountServer } from '../../src/app/server.js';
import { SOCKET_LIMITS, type SocketLimits } from '../../src/app/socket-limits.js';
import { loadConfig, type Config } from '../../src/platform/config.js';
import type { Services } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { drainJobs } from '../../src/platform/jobs/worker.js';
import { createLogger } from '../../src/platform/logger.js';
import { openSealer } from '../../src/platform/sealing.js';
import { TestClock } from './clock.js';
import { freshDatabase } from './database.js';
import { requireListedCodes } from './listed-codes.js';
import { noNetwork } from './no-network.js';

/** How long jobs that are at work at the end are waited for. */
const PATIENCE_MS = 30_000;

/** What a GraphQL request answered. */
export interface GraphQLAnswer<Data = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly errors?: readonly {
    message: string;
    path?: unknown;
    extensions: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

/** A running server and its handles. */
export interface TestServer extends AsyncDisposable {
  readonly origin: string;
  readonly services: Services;
  readonly clock: TestClock;
  /**
   * Runs every job that is due, and the jobs those cause, until none is left. Whoever subscribes afterwards hears
   * nothing of what was before.
   */
  settle(): Promise<void>;
  /** Stops it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>;
  /** Where an address of this server's public domain is reached in the test. */
  reach(url: string): string;
  /** Sends an operation over HTTP. An answer with a code that its mutation does not list is an error. */
  graphql<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    token?: string | null,
    headers?: Record<string, string>,
  ): Promise<GraphQLAnswer<Data>>;
}

/** Jobs that failed because this machine is busy, and would be done again in seconds, are due at once. */
const AGAIN = statement(
  'test.due_after_timeout',
  `update graphile_worker._private_jobs set run_at = now()
   where run_at > now() and is_available and last_error like any (array['%timeout exceeded when trying to connect%',
     '%connection timeout%', '%canceling statement due to statement timeout%'])
   returning id`,
);

/**
 * Starts a server; `environment` are configuration variables on top of the defaults, `limits` bounds of sockets, `network` the
 * ways out: there are none but these.
 */
export async function startTestServer(
  environment: Record<string, string> = {},
  limits: Partial<SocketLimits> = {},
  network: Pick<Foundation, 'outside' | 'http'> = {},
): Promise<TestServer> {
  await using stack = new AsyncDisposableStack();
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const database = stack.use(await freshDatabase());
  const config: Config = loadConfig({
    DATA_DIR: dataDirectory,
    LOG_LEVEL: 'silent',
    // Each connection plans and caches for itself, which is most of what a short test costs PostgreSQL.
    DATABASE_POOL_SIZE: '4',
    PUBLIC_URL: 'https://a.example',
    ...environment,
  });
  const clock = new TestClock();
  const log = createLogger(config.log);
  const sealer = await openSealer(randomBytes(32));
  const own = { config, clock, log, sealer, databaseUrl: database.url };
  const foundation = { ...own, ...noNetwork, ...network };
  const services = stack.use(await compose(foundation, 'web'));
  const http = stack.use(await listenHttp(config, 0));
  const live = stack.use(
    await mountServer(http, services, createMetrics(services.database), {
      ...SOCKET_LIMITS,
      ...limits,
    }),
  );
  const origin = `http://127.0.0.1:${http.port}`;
  const images = stack.use(await openImages(config, log));
  const videos = stack.use(openVideos(services));
  const jobs = createJobs({ images, videos, listening: openListening(config) });
  const settling = new Set<Promise<void>>();
  const settle = async (): Promise<void> => {
    const { pool } = services.database;
    do await drainJobs({ services, pool, jobs, scheduled: [], concurrency: 4 });
    while ((await services.database.rows(AGAIN)).length > 0);
    await live.caughtUp();
  };
  // A test that was given up may have left jobs at work: they end before their database does, unless they never end.
  stack.defer(async () => {
    const patience = delay(PATIENCE_MS, undefined, { ref: false });
    await Promise.race([Promise.allSettled(settling), patience]);
  });
  const owned = stack.move();
  return {
    origin,
    services,
    clock,
    settle: () => {
      const work = settle().finally(() => settling.delete(work));
      settling.add(work);
      return work;
    },
    reach: (url) => url.replace(config.publicUrl.origin, origin),
    graphql: (query, variables, token, headers) =>
      sendGraphQL(origin, query, variables, token, headers),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function sendGraphQL<Data>(
  origin: string,
  query: string,
  variables: Record<string, unknown> = {},
  token: string | null = null,
  headers: Record<string, string> = {},
): Promise<GraphQLAnswer<Data>> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as Omit<GraphQLAnswer<Data>, 'status' | 'headers'>;
  requireListedCodes(body.data);
  return { ...body, status: response.status, headers: response.headers };
}
