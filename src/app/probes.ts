/**
 * /livez and /readyz. Alive needs nothing but the process; ready means that requests will be answered:
 * migrations done, database reachable, not draining.
 */
import { Router } from 'express';
import { statement, type Database } from '../platform/db/database.js';
import type { Readiness, ReadinessState } from '../platform/readiness.js';

const PING = statement('probe.ping', 'select 1');
const PING_TIMEOUT_MS = 1_000;

/** Routes of the probes; `database` is null until it is open. */
export function probeRoutes(readiness: Readiness, database: () => Database | null): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const isReady = readiness.state.phase === 'ready';
    const isReachable = isReady && (await answers(database()));
    response.status(isReachable ? 200 : 503).json({
      ...report(readiness.state),
      ...(isReady && { database: isReachable ? 'ok' : 'unreachable' }),
    });
  });
  return router;
}

function report(state: ReadinessState): Record<string, unknown> {
  return state.phase === 'migrating'
    ? { status: state.phase, migrations: { done: state.done, total: state.total } }
    : { status: state.phase };
}

async function answers(database: Database | null): Promise<boolean> {
  if (!database) return false;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  const ping = database.rows(PING).then(
    () => true,
    () => false,
  );
  const isReachable = await Promise.race([ping, tooLate]);
  clearTimeout(timer);
  return isReachable;
}
