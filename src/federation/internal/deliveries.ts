/** What waits to be delivered, found for many hosts at once, and what became of it. */
import type { ActorId, ActorStatus } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { SentActivityId } from '../federation.events.js';
import type { Found, HostTurn } from './delivery-agenda.js';
import { replaceTurns } from './delivery-turns.js';
import { forgiveHost, GIVEN_UP_AFTER_SECONDS, leaveAlone } from './unreachable-hosts.js';

/** How much is found at once, and of one host. */
const MOST = 1_600;
const MOST_OF_HOST = 20;
const MOST_OF_DOWN = 1;

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

// What is about the same thing goes to an inbox in its order: nothing overtakes what still waits for another try.
const DUE = statement(
  'deliveries.due',
  `with hosts as materialized (
     select h.*, exists (select from message_signature_hosts m where m.host = h.host and (m.refused_at is null or m.refused_at < $5))
         as "signsAnew"
     from unnest($1::text[], $6::boolean[]) as h(host, "wasDown")),
   due as materialized (
     select h.host, h."wasDown", h."signsAnew", d.*
     from hosts h cross join lateral (
       select d.activity_id, d.inbox_url, d.attempts, d.position from deliveries d
       where d.host = h.host and d.state = 'PENDING' and d.next_attempt_at <= $2
         and not exists (select from deliveries e join sent_activities earlier on earlier.id = e.activity_id
             join sent_activities later on later.id = d.activity_id
           where e.host = d.host and e.inbox_url = d.inbox_url and e.state = 'PENDING' and e.next_attempt_at > $2
             and e.position < d.position and earlier.subject_id = later.subject_id)
       order by d.position, d.inbox_url limit case when h."wasDown" then ${MOST_OF_DOWN} else $3 end) d),
   suspended as materialized (select suspended_hosts($1::text[]) as host)
   select d.host, d."wasDown", d."signsAnew", d.host not in (select host from suspended) as "isLetIn",
     d.activity_id as "activityId", d.inbox_url as "inboxUrl", d.attempts, s.subject_id as "subjectId",
     s.created_at as "createdAt", s.created_at < $4 as "isOld",
     case when a.id is not null then json_build_object('id', a.id, 'uri', a.uri, 'status', a.status) end as "from"
   from due d join sent_activities s on s.id = d.activity_id left join actors a on a.id = s.actor_id
   order by d.position, d.inbox_url`,
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
const REFUSED_SECONDS = 7 * 24 * 60 * 60;

/** How much is found for each of so many hosts. */
export function shareOf(hosts: number): number {
  return Math.max(1, Math.min(MOST_OF_HOST, Math.floor(MOST / Math.max(1, hosts))));
}

/** What is due for these hosts, oldest first: so much for each at most, and one for who was down. */
export function findDue(
  reader: Reader,
  now: Date,
  hosts: readonly Pick<HostTurn, 'host' | 'wasDown'>[],
  mostOfHost: number,
): Promise<Delivery[]> {
  const old = addSeconds(now, -GIVEN_UP_AFTER_SECONDS);
  const refused = addSeconds(now, -REFUSED_SECONDS);
  const names = hosts.map(({ host }) => host);
  const wereDown = hosts.map(({ wasDown }) => wasDown);
  return reader.rows<Delivery>(DUE, [names, now, mostOfHost, old, refused, wereDown]);
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

/** Keeps what has arrived, and whose turn is over. */
export async function settleDelivered(
  { database }: Pick<Services, 'database'>,
  delivered: readonly Delivery[],
  { gone, added }: Pick<Found, 'gone' | 'added'>,
): Promise<void> {
  if (delivered.length === 0 && gone.length === 0) return;
  const values = [
    delivered.map(({ activityId }) => activityId),
    delivered.map(({ inboxUrl }) => inboxUrl),
  ];
  await database.transaction(async (tx) => {
    if (delivered.length > 0) await tx.rows(DELIVERED, values);
    await replaceTurns(tx, gone, added);
  });
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
    if (state === 'PENDING' && outcome.host !== 'DOWN')
      await replaceTurns(tx, [], [{ host, dueAt: nextAt }]);
    if (outcome.host === 'UP') await forgiveHost(tx, host, now);
    if (outcome.host === 'DOWN') await leaveAlone(tx, now, host, outcome);
  });
}
