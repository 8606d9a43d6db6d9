/**
 * Brings what waits for one host to it, oldest first and one after the other. A host that is down is left alone for
 * longer and longer, and delays no other.
 */
import type { JobContext } from '../../platform/context.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { OutsideUnavailable, type OutsideReceipt } from '../../platform/http-client.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { SentActivityId } from '../federation.events.js';
import { signedHeaders } from '../internal/http-signature.js';
import { signingKeyOf } from '../signing-keys.js';

interface Delivery {
  readonly activityId: SentActivityId;
  readonly inboxUrl: string;
  readonly attempts: number;
  readonly body: string;
  readonly actorId: ActorId;
  readonly actorUri: string;
}

/** What became of one delivery; `isHostDown` = the next one to this host would fare the same. */
interface Outcome {
  readonly state: 'DELIVERED' | 'FAILED' | 'PENDING';
  readonly failure: string | null;
  readonly isHostDown: boolean;
  readonly waitSeconds: number;
}

const TIMEOUT_MS = 10_000;
const BATCH = 20;
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 12 * 60 * 60;
/** 1 minute, doubling to 12 hours: about three days. */
const MOST_ATTEMPTS = 16;
const NOT_FINAL = new Set([401, 408, 425, 429]);

const DUE = statement(
  'deliveries.due',
  `select d.activity_id as "activityId", d.inbox_url as "inboxUrl", d.attempts, s.body, s.actor_id as "actorId",
     a.uri as "actorUri"
   from deliveries d join sent_activities s on s.id = d.activity_id join actors a on a.id = s.actor_id
   where d.host = $1 and d.state = 'PENDING' and d.next_attempt_at <= $2
   order by d.activity_id, d.inbox_url limit ${BATCH}`,
);
const SETTLE = statement(
  'deliveries.settle',
  `update deliveries set state = $3, attempts = $4, last_failure = $5, next_attempt_at = $6
   where activity_id = $1 and inbox_url = $2 and state = 'PENDING'`,
);
const POSTPONE = statement(
  'deliveries.postpone',
  `update deliveries set next_attempt_at = $2 where host = $1 and state = 'PENDING' and next_attempt_at < $2`,
);
const NEXT = statement(
  'deliveries.next',
  `select min(next_attempt_at) as at from deliveries where host = $1 and state = 'PENDING'`,
);

/** One job per host waits at any time; jobs of one host run one after the other. */
export const deliverToHost = defineJob<{ host: string }>(
  'deliverToHost',
  async (context, { host }) => {
    let isGoingOn = true;
    while (isGoingOn) isGoingOn = await deliverBatch(context, host);
    await context.database.transaction(async (tx) => {
      const next = await tx.row<{ at: Date | null }>(NEXT, [host]);
      if (next?.at) await enqueueAt(tx, next.at, deliverToHost, { host });
    });
  },
  { keyOf: ({ host }) => host, queueOf: ({ host }) => host },
);

/** True when there may be more that is due. */
async function deliverBatch(context: JobContext, host: string): Promise<boolean> {
  const due = await context.database.rows<Delivery>(DUE, [host, context.clock.now()]);
  for (const delivery of due) {
    const outcome = await attempt(context, delivery);
    await settle(context, host, delivery, outcome);
    if (outcome.isHostDown) return false;
  }
  return due.length === BATCH;
}

async function attempt(context: JobContext, delivery: Delivery): Promise<Outcome> {
  const waitSeconds = waitAfter(delivery.attempts);
  try {
    return judge(await post(context, delivery), delivery, waitSeconds);
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    const isFinal = !error.isTemporary || isLast(delivery);
    const state = isFinal ? 'FAILED' : 'PENDING';
    return { state, failure: error.message, isHostDown: error.isTemporary, waitSeconds };
  }
}

async function post(context: JobContext, delivery: Delivery): Promise<OutsideReceipt> {
  const { actorUri: uri, actorId, inboxUrl } = delivery;
  const key = await signingKeyOf(context, { uri, actorId });
  const body = Buffer.from(delivery.body);
  const signed = { method: 'POST' as const, url: new URL(inboxUrl), body };
  const headers = {
    'content-type': 'application/activity+json',
    ...signedHeaders(signed, key, context.clock.now()),
  };
  return context.http.deliver(inboxUrl, { headers, body: delivery.body }, TIMEOUT_MS);
}

function judge(
  { status, retryAfter }: OutsideReceipt,
  delivery: Delivery,
  waitSeconds: number,
): Outcome {
  if (status >= 200 && status < 300)
    return { state: 'DELIVERED', failure: null, isHostDown: false, waitSeconds };
  const isFinal = (status < 500 && !NOT_FINAL.has(status)) || isLast(delivery);
  const asked = Number(retryAfter);
  const wanted = Number.isFinite(asked) && asked > 0 ? Math.min(asked, LONGEST_WAIT_SECONDS) : 0;
  return {
    state: isFinal ? 'FAILED' : 'PENDING',
    failure: `Status ${status}.`,
    isHostDown: status >= 500 || status === 429,
    waitSeconds: Math.max(waitSeconds, wanted),
  };
}

async function settle(
  { database, clock }: JobContext,
  host: string,
  { activityId, inboxUrl, attempts }: Delivery,
  { state, failure, isHostDown, waitSeconds }: Outcome,
): Promise<void> {
  const nextAt = addSeconds(clock.now(), waitSeconds);
  await database.transaction(async (tx) => {
    await tx.rows(SETTLE, [activityId, inboxUrl, state, attempts + 1, failure, nextAt]);
    if (isHostDown) await tx.rows(POSTPONE, [host, nextAt]);
  });
}

/** With up to a fifth more by chance, so that not everybody comes back to a host at once. */
function waitAfter(attempts: number): number {
  const seconds = Math.min(FIRST_WAIT_SECONDS * 2 ** attempts, LONGEST_WAIT_SECONDS);
  return Math.round(seconds * (1 + Math.random() / 5));
}

function isLast({ attempts }: Delivery): boolean {
  return attempts + 1 >= MOST_ATTEMPTS;
}
