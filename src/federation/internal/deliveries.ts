/** What waits to be delivered to a host, and how the host is doing. */
import type { ActorId, ActorStatus } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import type { Services } from '../../platform/context.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import type { SentActivityId } from '../federation.events.js';
import { forgiveHost, GIVEN_UP_AFTER_SECONDS, leaveAlone } from './unreachable-hosts.js';

/** One activity on its way to one inbox. */
export interface Delivery {
  readonly activityId: SentActivityId;
  readonly inboxUrl: string;
  readonly attempts: number;
  /** This is its last chance. */
  readonly isOld: boolean;
  readonly body: string;
  readonly actorId: ActorId;
  readonly actorUri: string;
  readonly status: ActorStatus;
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
  `select d.activity_id as "activityId", d.inbox_url as "inboxUrl", d.attempts, s.body, s.actor_id as "actorId",
     a.uri as "actorUri", a.status, s.created_at < $4 as "isOld"
   from deliveries d join sent_activities s on s.id = d.activity_id join actors a on a.id = s.actor_id
   where d.host = $1 and d.state = 'PENDING' and d.next_attempt_at <= $2
     and not exists (select from deliveries e join sent_activities earlier on earlier.id = e.activity_id
       where e.inbox_url = d.inbox_url and e.host = $1 and e.state = 'PENDING' and e.next_attempt_at > $2
         and earlier.position < s.position and earlier.subject_id = s.subject_id)
   order by s.position, d.inbox_url limit $3`,
);
const SETTLE = statement(
  'deliveries.settle',
  `update deliveries set state = $3, attempts = attempts + 1, last_failure = $4, next_attempt_at = $5
   where activity_id = $1 and inbox_url = $2 and state = 'PENDING'`,
);
const NEXT = statement(
  'deliveries.next',
  `select greatest(min(next_attempt_at), (select next_attempt_at from unreachable_hosts where host = $1)) as at
   from deliveries where host = $1 and state = 'PENDING' having count(*) > 0`,
);

/** What is due for a host, oldest first. */
export function findDue(
  reader: Reader,
  host: string,
  now: Date,
  most: number,
): Promise<Delivery[]> {
  const old = addSeconds(now, -GIVEN_UP_AFTER_SECONDS);
  return reader.rows<Delivery>(DUE, [host, now, most, old]);
}

/** When something may be tried again; null = nothing waits. */
export async function nextAttemptAt(tx: Transaction, host: string): Promise<Date | null> {
  return (await tx.row<{ at: Date }>(NEXT, [host]))?.at ?? null;
}

/** Keeps what became of an attempt. */
export async function settle(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  host: string,
  { activityId, inboxUrl }: Delivery,
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
