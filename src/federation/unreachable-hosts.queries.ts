/** Servers that do not answer, for the staff. */
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';

/** One of them. */
export interface UnreachableHostRow {
  readonly id: string;
  readonly host: string;
  readonly since: Date;
  readonly failingDays: number;
  readonly lastFailure: string | null;
  readonly parkedAt: Date | null;
  readonly nextAttemptAt: Date;
}

/** Where counting ends: whatever is more is as much. */
export const MOST_COUNTED = 10_000;

const PAGE = singlePage('unreachable_hosts.page', {
  select: `select id, host, since, failing_days as "failingDays", last_failure as "lastFailure",
      parked_at as "parkedAt", next_attempt_at as "nextAttemptAt" from unreachable_hosts where true`,
  key: 'id',
});
const WAITING = statement(
  'unreachable_hosts.waiting',
  `select hosts.host, waiting.count from unnest($1::text[]) hosts(host) cross join lateral
     (select count(*)::int as count from (select from deliveries d
       where d.host = hosts.host and d.state in ('PENDING', 'PARKED') limit ${MOST_COUNTED}) counted) waiting`,
);

/** A page of them, the latest first. */
export function findUnreachableHosts(
  reader: Reader,
  request: PageRequest,
): Promise<UnreachableHostRow[]> {
  return reader.rows<UnreachableHostRow>(...PAGE(request, []));
}

/** How much waits for each of several hosts. */
export function countWaiting(
  reader: Reader,
  hosts: readonly string[],
): Promise<{ host: string; count: number }[]> {
  return reader.rows(WAITING, [hosts]);
}
