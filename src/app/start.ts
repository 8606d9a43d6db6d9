/**
 * Starts one process: the port first (so that probes answer), then the database, the migrations, and
 * the roles that were asked for. Disposing what it returns drains and closes everything in reverse.
 */
import path from 'node:path';
import type { VideoTools } from '../media/video-tools.js';
import { answerError } from '../platform/answer-error.js';
import { systemClock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import type { Services } from '../platform/context.js';
import { warnOfClockSkew } from '../platform/db/clock-skew.js';
import { connect } from '../platform/db/connection.js';
import { ensureDatabase, startEmbeddedPostgres } from '../platform/db/embedded-postgres.js';
import { migrate } from '../platform/db/migrator.js';
import { makeDirectory } from '../platform/make-directory.js';
import { readServerIdentity } from '../platform/db/server-identity.js';
import { waitForDatabase } from '../platform/db/wait-for-database.js';
import { startWorker } from '../platform/jobs/worker.js';
import type { Logger } from '../platform/logger.js';
import { Readiness } from '../platform/readiness.js';
import { openSealer } from '../platform/sealing.js';
import { loadServerKey } from '../platform/server-key.js';
import { StartError } from '../platform/start-error.js';
import { compose, type Foundation } from './compose.js';
import { listenHttp, type HttpServer } from './http.js';
import { createJobs, SCHEDULED_JOBS, START_JOBS } from './jobs.js';
import { notFound, requestFailed } from './last-routes.js';
import { createMetrics, serveMetrics } from './metrics.js';
import { openImages } from './open-images.js';
import { openListening } from './open-listening.js';
import { openVideos } from './open-videos.js';
import { requireStorage } from './open-storage.js';
import { probeRoutes } from './probes.js';
import { mountServer } from './server.js';
import { fixIdentity } from './server-identity.js';

/** Name of the database inside the embedded PostgreSQL. */
export const DATABASE_NAME = 'triptych';

const NOT_READY = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'The server is starting: /readyz says how far it is.',
  retryAfter: 5,
} as const;

/** A process that serves. */
export interface StartedProcess extends AsyncDisposable {
  readonly port: number;
  readonly services: Services;
  /** Tells load balancers to send nothing more; what comes all the same is served until disposal. */
  refuseTraffic(): void;
  /** Resolves when the embedded PostgreSQL has gone; never with a database of its own. Nothing can be served then. */
  readonly databaseGone: Promise<void>;
}

interface OpenDatabaseServer {
  readonly url: string;
  readonly gone: Promise<void>;
}

/**
 * Starts everything; a throw closes what was already open.
 *
 * @param network another way to other servers, for tests
 * @param tools where ffmpeg is, which may still be on its way
 */
export async function startProcess(
  config: Config,
  log: Logger,
  network: Pick<Foundation, 'http' | 'outside'> = {},
  tools?: VideoTools,
): Promise<StartedProcess> {
  await using stack = new AsyncDisposableStack();
  const readiness = new Readiness();
  let open: Services | null = null;
  const http = stack.use(await listenHttp(config));
  http.app.use(probeRoutes(readiness, () => open?.database ?? null));
  http.app.use((_request, response, next) => {
    if (['ready', 'draining'].includes(readiness.state.phase)) next();
    else answerError(config, response, NOT_READY);
  });
  const { foundation, databaseGone } = await prepare(config, log, readiness, stack);
  const services = await startRoles({ ...foundation, ...network }, http, stack, tools);
  open = services;
  readiness.enter({ phase: 'ready' });
  // What runs is answered before anything that it needs is closed.
  stack.defer(() => http[Symbol.asyncDispose]());
  const refuseTraffic = (): void => readiness.enter({ phase: 'draining' });
  stack.defer(refuseTraffic);
  const owned = stack.move();
  return {
    port: http.port,
    services,
    refuseTraffic,
    databaseGone,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What has to be there before anything can be composed. */
export interface Prepared {
  readonly foundation: Foundation;
  /** As in `StartedProcess`. */
  readonly databaseGone: Promise<void>;
}

/** Data directory, database, schema and key. */
export async function prepare(
  config: Config,
  log: Logger,
  readiness: Readiness,
  stack: AsyncDisposableStack,
): Promise<Prepared> {
  await makeDataDirectory(config.dataDirectory);
  const { url: databaseUrl, gone } = await openDatabaseServer(config, log, readiness, stack);
  readiness.enter({ phase: 'migrating', done: 0, total: 0 });
  await migrate(databaseUrl, ({ done, total }) =>
    readiness.enter({ phase: 'migrating', done, total }),
  );
  const sealer = await openSealer(await loadKeyOfData(config, databaseUrl, log));
  const foundation = { config, clock: systemClock, log, sealer, databaseUrl };
  return { foundation, databaseGone: gone };
}

async function makeDataDirectory(directory: string): Promise<void> {
  if (directory === path.parse(directory).root)
    throw new StartError(
      `DATA_DIR=${directory} would scatter the data over the whole file system.`,
    );
  try {
    await makeDirectory(directory);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new StartError(`DATA_DIR=${directory} cannot be used as a directory: ${error.message}`);
  }
}

/** A lost key must not be replaced by a new one: only data without a key may get one. */
async function loadKeyOfData(config: Config, databaseUrl: string, log: Logger): Promise<Buffer> {
  await using connection = await connect(databaseUrl);
  await warnOfClockSkew(connection, log);
  const { keyFingerprint } = await readServerIdentity(connection);
  return await loadServerKey({ ...config, expectedFingerprint: keyFingerprint });
}

async function openDatabaseServer(
  config: Config,
  log: Logger,
  readiness: Readiness,
  stack: AsyncDisposableStack,
): Promise<OpenDatabaseServer> {
  if (config.databaseUrl !== null) {
    readiness.enter({ phase: 'waiting-for-database' });
    await waitForDatabase(config.databaseUrl, log);
    return { url: config.databaseUrl, gone: new Promise(() => {}) };
  }
  const dataDirectory = path.join(config.dataDirectory, 'postgres');
  const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
  await ensureDatabase(postgres, DATABASE_NAME);
  return { url: postgres.connectionUrl(DATABASE_NAME), gone: postgres.exited };
}

async function startRoles(
  foundation: Foundation,
  http: HttpServer,
  stack: AsyncDisposableStack,
  tools: VideoTools | undefined,
): Promise<Services> {
  const { config } = foundation;
  const services = stack.use(await compose(foundation, 'web'));
  await requireStorage(services.storage, services.log);
  await services.scratch.sweep();
  await fixIdentity(services.database, config.publicUrl.host, foundation.sealer.keyFingerprint);
  const metrics = createMetrics(services.database);
  stack.use(await serveMetrics(metrics, config.metrics));
  if (config.role !== 'web') await startJobs(foundation, stack, tools);
  if (config.role !== 'worker') stack.use(await mountServer(http, services, metrics));
  else http.app.use(notFound(config), requestFailed(services));
  return services;
}

async function startJobs(
  foundation: Foundation,
  stack: AsyncDisposableStack,
  tools: VideoTools | undefined,
): Promise<void> {
  const services = stack.use(await compose(foundation, 'worker'));
  const images = stack.use(await openImages(foundation.config, foundation.log));
  const videos = openVideos(services, tools);
  const options = {
    services,
    pool: services.database.pool,
    jobs: createJobs({ images, videos, listening: openListening(foundation.config) }),
    scheduled: SCHEDULED_JOBS,
    atStart: START_JOBS,
    concurrency: foundation.config.workerConcurrency,
    outsideConcurrency: foundation.config.workerOutsideConcurrency,
    videoConcurrency: foundation.config.video.workers,
  };
  stack.use(await startWorker(options, foundation.databaseUrl));
  // A video takes minutes: it is ended, and made anew by whoever runs next.
  stack.use(videos);
}
