/** Prometheus metrics, on a port of their own that is closed to the world unless told otherwise. */
import { createServer } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Counter, Registry } from 'prom-client';
import { remoteMediaUsage } from '../media/remote-media-usage.queries.js';
import type { Config } from '../platform/config.js';
import type { Database } from '../platform/db/database.js';
import { QUEUE_STATE, type QueueState } from '../platform/jobs/queue-state.js';
import { openPort } from './open-port.js';

/** What the server counts. */
export interface Metrics {
  readonly registry: Registry;
  /** Seconds per GraphQL operation, by kind and outcome. */
  readonly operationSeconds: Histogram<'kind' | 'outcome'>;
  /** Top-level errors by code. */
  readonly errors: Counter<'code'>;
  /** Open live sockets. */
  readonly sockets: Gauge;
}

/** Makes the counters; `database` feeds those that are read when asked. */
export function createMetrics(database: Database): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registerQueueGauges(registry, database);
  registerPoolGauges(registry, database);
  registerRemoteMediaGauges(registry, database);
  return {
    registry,
    operationSeconds: new Histogram({
      name: 'triptych_graphql_operation_seconds',
      help: 'Duration of GraphQL operations.',
      labelNames: ['kind', 'outcome'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers: [registry],
    }),
    errors: new Counter({
      name: 'triptych_graphql_errors_total',
      help: 'Top-level GraphQL errors by code.',
      labelNames: ['code'],
      registers: [registry],
    }),
    sockets: new Gauge({
      name: 'triptych_live_sockets',
      help: 'Open WebSocket connections.',
      registers: [registry],
    }),
  };
}

/** Serves /metrics; resolves to the port that it got. */
export async function serveMetrics(
  metrics: Metrics,
  config: Config['metrics'],
): Promise<{ port: number } & AsyncDisposable> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  return {
    port: await openPort(server, { variable: 'METRICS_PORT', ...config }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function registerQueueGauges(registry: Registry, database: Database): void {
  const age = new Gauge({
    name: 'triptych_queue_oldest_seconds',
    help: 'Age of the oldest job that is due.',
    registers: [registry],
  });
  const jobs: Gauge<'state'> = new Gauge({
    name: 'triptych_queue_jobs',
    help: 'Jobs by state: waiting (due), running, stuck (its worker is gone, or it runs for more than an hour), failed (given up after the last try).',
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      const numbers = await database.row<QueueState>(QUEUE_STATE);
      if (!numbers) return;
      for (const state of ['waiting', 'running', 'stuck', 'failed'] as const)
        jobs.set({ state }, numbers[state]);
      age.set(numbers.oldestSeconds);
    },
  });
}

function registerPoolGauges(registry: Registry, database: Database): void {
  const connections: Gauge<'state'> = new Gauge({
    name: 'triptych_database_connections',
    help: 'Connections of this process to PostgreSQL.',
    labelNames: ['state'],
    registers: [registry],
    collect: () => {
      const { totalCount, idleCount, waitingCount } = database.pool;
      connections.set({ state: 'idle' }, idleCount);
      connections.set({ state: 'busy' }, totalCount - idleCount);
      connections.set({ state: 'awaited' }, waitingCount);
    },
  });
}

function registerRemoteMediaGauges(registry: Registry, database: Database): void {
  const assets = new Gauge({
    name: 'triptych_remote_media_assets',
    help: 'Assets of other servers whose files are here.',
    registers: [registry],
  });
  const bytes: Gauge = new Gauge({
    name: 'triptych_remote_media_bytes',
    help: 'Bytes of these files; REMOTE_MEDIA_BYTES is their limit.',
    registers: [registry],
    collect: async () => {
      const usage = await remoteMediaUsage(database);
      assets.set(usage.assets);
      bytes.set(usage.bytes);
    },
  });
}
