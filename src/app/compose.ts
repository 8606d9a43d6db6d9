/**
 * Builds every long-lived object once and closes them in reverse order. The only place that knows
 * which implementation stands behind each interface.
 */
import { createAccountEntitlements } from '../accounts/entitlements.js';
import { adoptFederationMode } from '../actors/adopt-federation-mode.js';
import { isHostRefused } from '../actors/domain-rules.queries.js';
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import type { Services } from '../platform/context.js';
import { openSidePool } from '../platform/db/side-pool.js';
import { openDatabase } from '../platform/db/open-database.js';
import { createPeers } from '../federation/peers.js';
import { HttpClient } from '../platform/http-client.js';
import type { Logger } from '../platform/logger.js';
import { createMailer } from '../platform/mail.js';
import { createOutsidePost, type OutsidePost } from '../platform/outside-post.js';
import { createRateLimiter } from '../platform/rate-limiter.js';
import { Scratch } from '../platform/scratch.js';
import { SOFTWARE } from '../platform/software.js';
import type { Sealer } from '../platform/sealing.js';
import { CONSEQUENCES } from './consequences.js';
import { ENTITIES } from './entities.js';
import { USAGE_COUNTERS } from './usage.js';
import { openStorage } from './open-storage.js';

/** What the start has prepared before anything can be composed. */
export interface Foundation {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sealer: Sealer;
  /** Migrated database. */
  readonly databaseUrl: string;
  /** The network outside; absent = the real one. */
  readonly outside?: OutsidePost;
  /** How other servers are asked; absent = over the real network. */
  readonly http?: HttpClient;
}

const WEB_STATEMENT_TIMEOUT_MS = 5_000;
const WORKER_STATEMENT_TIMEOUT_MS = 60_000;

/** Builds the services of one role; disposing them removes scratch files and closes the database. */
export async function compose(
  foundation: Foundation,
  purpose: 'web' | 'worker',
): Promise<Services & AsyncDisposable> {
  const { config, clock, log, sealer } = foundation;
  const database = await openDatabase({
    url: foundation.databaseUrl,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: purpose === 'web' ? WEB_STATEMENT_TIMEOUT_MS : WORKER_STATEMENT_TIMEOUT_MS,
    entities: ENTITIES,
    consequences: CONSEQUENCES,
  });
  // Counted on connections of their own: a request may hold one of the others, and would wait for another of its kind.
  const limits = openSidePool(foundation.databaseUrl, { name: 'triptych-limits', size: 2 });
  await adoptFederationMode(database, config.federation.mode);
  const scratch = new Scratch(config.dataDirectory, foundation.databaseUrl, log);
  const http = (foundation.http ?? new HttpClient({ name: clientName(config) })).refusing(
    (host, isOpenWeb) => isHostRefused(database, host, isOpenWeb),
  );
  return {
    config,
    clock,
    log,
    sealer,
    database,
    storage: await openStorage(config),
    scratch,
    mailer: createMailer(config.smtp, log),
    outside: foundation.outside ?? createOutsidePost(),
    http,
    peers: createPeers({ config, clock, log, sealer, database, http }),
    rateLimiter: createRateLimiter(limits),
    entitlements: createAccountEntitlements({
      database,
      clock,
      defaults: config.entitlements,
      counters: USAGE_COUNTERS,
    }),
    [Symbol.asyncDispose]: async () => {
      await scratch[Symbol.asyncDispose]();
      await limits[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** What this server calls itself when it asks others: the software, and where its operator is found. */
function clientName({ publicUrl }: Config): string {
  return `${SOFTWARE.name}/${SOFTWARE.version} (+${publicUrl.origin})`;
}
