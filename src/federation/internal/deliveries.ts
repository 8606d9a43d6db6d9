/** What waits to be delivered, found for many hosts at once, and what became of it. */
import type { ActorId, ActorStatus } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { SentActivityId } from '../federation.events.js';
import { forgiveHost, GIVEN_UP_AFTER_SECONDS, leaveAlone } from './unreachable-hosts.js';

/** Somebody of this server in whose name something is said. */
export interface Sender {
  readonly id: ActorId;
  readonly uri: string;
  readonly status: ActorStatus;
}

/** One activity on its way to one inbox. */
export interface Delivery {
  readonly host: string;
  readonly activityId: SentActivityId;
  readonly inboxUrl: string;
  readonly attempts: number;
  /** What it is about: of the same thing nothing overtakes anything on its way to an inbox. */
  readonly subjectId: string | null;
  /** When it was said. */
  readonly createdAt: Date;
  /** This is its last chance. */
  readonly isOld: boolean;
  /** In whose name; null = the server itself says it. */
  readonly from: Sender | null;
  /** The host did not answer when it was asked last. */
  readonly wasDown: boolean;
  /** The staff has not ruled the host out. */
  readonly isLetIn: boolean;
  /** The host reads signatures of the newer form. */
  readonly signsAnew: boolean;
}

/** What became of one attempt. */
export interface Outcome {
  readonly state: 'DELIVERED' | 'FAILED' | 'PENDING';
  readonly failure: string | null;
  /** What the attempt says of the host: DOWN = the next one would fare the same. */
  readonly host: 'UP' | 'DOWN' | 'UNKNOWN';
  /** Before this one is tried again. */
  readonly waitSeconds: number;
}

/** Hosts for which something waits: one look into the index for each, whatever waits there. */
const HOSTS = `with recursive waiting(host) as (
    (select host from deliveries where state = 'PENDING' order by host limit 1)
    union all
    select (select d.host from deliveries d where d.state = 'PENDING' and d.host > waiting.host order by d.host limit 1)
    from waiting where waiting.host is not null)`;

// What is about the same thing goes to an inbox in its order: nothing overtakes what still waits for another try. Hosts are
// taken in their order until there is enough: of thousands for which something waits, nobody reads what there is for the last.
const DUE = statement(
  'deliveries.due',
  `${HOSTS}, hosts as materialized (
     select w.host, u.host is not null as "wasDown",
       exists (select from message_signature_hosts m where m.host = w.host and (m.refused_at is null or m.refused_at < $6))
         as "signsAnew", (select d.position from deliveries d where d.host = w.host and d.state = 'PENDING'
         and d.next_attempt_at <= $2 order by d.position limit 1) as first
     from waiting w left join unreachable_hosts u on u.host = w.host
     where w.host is not null and w.host not in (select unnest($1::text[])) and w.host not like all ($7::text[])
       and (u.host is null or $8 and u.next_attempt_at <= $2)),
   due as materialized (
     select h.host, h."wasDown", h."signsAnew", d.*
     from (select * from hosts where first is not null order by "wasDown", first, host) h cross join lateral (
       select d.activity_id, d.inbox_url, d.attempts, d.position from deliveries d
       where d.host = h.host and d.state = 'PENDING' and d.next_attempt_at <= $2
         and not exists (select from deliveries e join sent_activities earlier on earlier.id = e.activity_id
             join sent_activities later on later.id = d.activity_id
           where e.host = d.host and e.inbox_url = d.inbox_url and e.state = 'PENDING' and e.next_attempt_at > $2
             and e.position < d.position and earlier.subject_id = later.subject_id)
       order by d.position, d.inbox_url limit case when h."wasDown" then 1 else $3 end) d
     limit $4),
   suspended as materialized (select suspended_hosts((select array_agg(distinct host) from due)) as host)
   select d.host, d."wasDown", d."signsAnew", d.host not in (select host from suspended) as "isLetIn",
     d.activity_id as "activityId", d.inbox_url as "inboxUrl", d.attempts, s.subject_id as "subjectId",
     s.created_at as "createdAt", s.created_at < $5 as "isOld",
     case when a.id is not null then json_build_object('id', a.id, 'uri', a.uri, 'status', a.status) end as "from"
   from due d join sent_activities s on s.id = d.activity_id left join actors a on a.id = s.actor_id
   order by d."wasDown", d.position, d.inbox_url`,
);
const BODIES = statement(
  'deliveries.bodies',
  'select id, body from sent_activities where id = any($1::uuid[])',
);
const DELIVERED = statement(
  'deliveries.delivered',
  `update deliveries d set state = 'DELIVERED', attempts = attempts + 1, last_failure = null
   from unnest($1::uuid[], $2::text[]) as done(activity_id, inbox_url)
   where d.activity_id = done.activity_id and d.inbox_url = done.inbox_url and d.state = 'PENDING'`,
);
const SETTLE = statement(
  'deliveries.settle',
  `update deliveries set state = $3, attempts = attempts + 1, last_failure = $4, next_attempt_at = $5
   where activity_id = $1 and inbox_url = $2 and state = 'PENDING'`,
);
const NEXT = statement(
  'deliveries.next',
  `${HOSTS}
   select min(greatest(first.at, u.next_attempt_at)) as at
   from waiting w left join unreachable_hosts u on u.host = w.host cross join lateral (
     select d.next_attempt_at as at from deliveries d where d.host = w.host and d.state = 'PENDING'
     order by d.next_attempt_at limit 1) first
   where w.host is not null`,
);
const REFUSED_SECONDS = 7 * 24 * 60 * 60;

/** How much is found at once. */
export interface Portion {
  readonly most: number;
  readonly mostOfHost: number;
}

/** Whom nothing is found for. */
export interface LeftOut {
  readonly hosts: readonly string[];
  /** Registered domains, with all hosts below them. */
  readonly sites: readonly string[];
  /** Hosts that did not answer when they were asked last. */
  readonly down: boolean;
}

/** What is due, oldest first; for hosts that were down, after all others, one each. */
export function findDue(
  reader: Reader,
  now: Date,
  { hosts, sites, down }: LeftOut,
  { most, mostOfHost }: Portion,
): Promise<Delivery[]> {
  const old = addSeconds(now, -GIVEN_UP_AFTER_SECONDS);
  const refused = addSeconds(now, -REFUSED_SECONDS);
  const below = sites.flatMap((site) => [site, `%.${site}`]);
  return reader.rows<Delivery>(DUE, [hosts, now, mostOfHost, most, old, refused, below, !down]);
}

/** What is said in these activities. */
export async function findBodies(
  reader: Reader,
  ids: readonly SentActivityId[],
): Promise<ReadonlyMap<SentActivityId, string>> {
  if (ids.length === 0) return new Map();
  const rows = await reader.rows<{ id: SentActivityId; body: string }>(BODIES, [ids]);
  return new Map(rows.map(({ id, body }) => [id, body]));
}

/** When something may be tried again; null = nothing waits. */
export async function nextAttemptAt(reader: Reader): Promise<Date | null> {
  return (await reader.row<{ at: Date | null }>(NEXT))?.at ?? null;
}

/** Keeps what has arrived. */
export async function settleDelivered(
  { database }: Pick<Services, 'database'>,
  delivered: readonly Delivery[],
): Promise<void> {
  if (delivered.length === 0) return;
  const values = [
    delivered.map(({ activityId }) => activityId),
    delivered.map(({ inboxUrl }) => inboxUrl),
  ];
  await database.transaction((tx) => tx.rows(DELIVERED, values));
}

/** Keeps what became of an attempt that says something about its host. */
export async function settle(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { host, activityId, inboxUrl }: Delivery,
  outcome: Outcome,
): Promise<void> {
  const now = clock.now();
  const { state, failure, waitSeconds } = outcome;
  // While the host is down its own time counts, and this one is tried as soon as it is up.
  const nextAt = outcome.host === 'DOWN' ? now : addSeconds(now, waitSeconds);
  await database.transaction(async (tx) => {
    await tx.rows(SETTLE, [activityId, inboxUrl, state, failure, nextAt]);
    if (outcome.host === 'UP') await forgiveHost(tx, host, now);
    if (outcome.host === 'DOWN') await leaveAlone(tx, now, host, outcome);
  });
}
