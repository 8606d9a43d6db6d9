/** Other servers of which somebody is known here, and what they say that they run. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { newId } from '../platform/ids.js';
import { singlePage } from '../posts/page-sql.js';

/** One of them. */
export interface RemoteInstanceRow {
  readonly id: string;
  readonly host: string;
  /** Null = it has not said so, here and below. */
  readonly software: string | null;
  readonly version: string | null;
  readonly isReachable: boolean;
}

const COLUMNS = `i.id, i.host, i.software, i.version,
  not exists (select from unreachable_hosts u where u.host = i.host) as "isReachable"`;
const IS_LET_IN = `not exists (select from domain_rules rule
  where rule.domain = any(domain_with_parents(regexp_replace(i.host, ':\\d+$', ''))) and rule.severity = 'SUSPEND')`;

const OF_ACTORS = statement(
  'remote_instances.of_actors',
  `select r.actor_id as "actorId", ${COLUMNS} from remote_actors r join remote_instances i on i.host = r.host
   where r.actor_id = any($1::uuid[])`,
);
const PAGE = singlePage('remote_instances.page', {
  select: `select ${COLUMNS} from remote_instances i where ${IS_LET_IN}`,
  key: 'i.id',
});
const MEET = statement(
  'remote_instances.meet',
  'insert into remote_instances (id, host) values ($1, $2) on conflict (host) do nothing',
);
const DUE = statement(
  'remote_instances.due',
  `select i.host from remote_instances i where (i.asked_at is null or i.asked_at < $1) and ${IS_LET_IN}
     and not exists (select from unreachable_hosts u where u.host = i.host)
   order by i.asked_at nulls first limit $2`,
);
const TOLD = statement(
  'remote_instances.told',
  `update remote_instances set software = coalesce($2, software), version = case when $2::text is null then version else $3 end,
     asked_at = $4 where host = $1`,
);

/** The servers of remote actors; local actors have none. */
export function findInstancesOf(
  reader: Reader,
  actorIds: readonly string[],
): Promise<(RemoteInstanceRow & { readonly actorId: ActorId })[]> {
  return reader.rows(OF_ACTORS, [actorIds]);
}

/** A page of the servers that are let in, the one that was met last first. */
export function findRemoteInstances(
  reader: Reader,
  request: PageRequest,
): Promise<RemoteInstanceRow[]> {
  return reader.rows<RemoteInstanceRow>(...PAGE(request, []));
}

/** Keeps in mind that there is such a server. */
export async function meetInstance(tx: Transaction, host: string, now: Date): Promise<void> {
  await tx.rows(MEET, [newId(now), host]);
}

/** Servers that were not asked since then, those that were never asked first. */
export async function findInstancesToAsk(
  reader: Reader,
  since: Date,
  most: number,
): Promise<string[]> {
  const rows = await reader.rows<{ host: string }>(DUE, [since, most]);
  return rows.map(({ host }) => host);
}

/** Keeps what a server answered; null = nothing of use, and what was known before stays. */
export async function keepInstance(
  tx: Transaction,
  host: string,
  said: { readonly software: string; readonly version: string | null } | null,
  now: Date,
): Promise<void> {
  await tx.rows(TOLD, [host, said?.software ?? null, said?.version ?? null, now]);
}
