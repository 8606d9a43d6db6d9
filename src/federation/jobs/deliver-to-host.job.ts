/**
 * Brings what waits for one host to it, oldest first and one after the other. A host that is down is left alone for
 * longer and longer, and delays no other; one inbox that refuses for now delays no other of its host.
 */
import type { JobContext } from '../../platform/context.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { OutsideUnavailable, type OutsideReceipt } from '../../platform/http-client.js';
import { HostDoor } from '../internal/host-door.js';
import {
  findDue,
  nextAttemptAt,
  settle,
  type Delivery,
  type Outcome,
} from '../internal/deliveries.js';
import { isLeftAlone, LONGEST_WAIT_SECONDS, waitAfter } from '../internal/unreachable-hosts.js';
import type { Activity } from '../documents/activities.js';
import { synchronizationHeaders } from '../followers-digest.js';
import { isSentFor } from '../send-activity.js';
import { signingKeyOf } from '../signing-keys.js';

const BATCH = 20;
/** A host that fails on one activity so often is not down: the others have their turn. */
const MOST_FAULTS_OF_ONE = 3;
const NOT_FINAL = new Set([401, 408, 425]);

interface Target {
  readonly host: string;
  /** What waits for another try; its own key, so that news need not wait with it. */
  readonly isRetry?: boolean;
}

/** One job per host waits at any time, and one for the next try; jobs of one host run one after the other. */
export const deliverToHost = defineJob<Target>(
  'deliverToHost',
  async (context, { host }) => {
    const { database, clock } = context;
    const door = new HostDoor(context, host);
    if (!(await isLeftAlone(database, host, clock.now())))
      while (await deliverBatch(context, host, door));
    await database.transaction(async (tx) => {
      const next = await nextAttemptAt(tx, host);
      if (next) await enqueueAt(tx, next, deliverToHost, { host, isRetry: true });
    });
  },
  {
    asksOutside: true,
    keyOf: ({ host, isRetry }) => (isRetry === true ? `${host} again` : host),
    queueOf: ({ host }) => host,
  },
);

/** True when there may be more that is due. */
async function deliverBatch(context: JobContext, host: string, door: HostDoor): Promise<boolean> {
  const due = await findDue(context.database, host, context.clock.now(), BATCH);
  for (const delivery of due) {
    const outcome = await attempt(context, door, delivery);
    await settle(context, host, delivery, outcome);
    if (outcome.host === 'DOWN') return false;
  }
  return due.length === BATCH;
}

async function attempt(context: JobContext, door: HostDoor, delivery: Delivery): Promise<Outcome> {
  const activity = JSON.parse(delivery.body) as Activity;
  if (!isSentFor(delivery.status, activity.type))
    return refused('Whoever it is from is not here any more.');
  try {
    const { actorUri: uri, actorId, inboxUrl } = delivery;
    const { host } = new URL(inboxUrl);
    const actor = { uri, id: actorId };
    const more = await synchronizationHeaders(context.database, actor, activity, host);
    const key = await signingKeyOf(context, { uri, actorId });
    const receipt = await door.deliver({ ...delivery, more }, key);
    return judge(receipt, delivery, context.clock.now());
  } catch (error) {
    if (!(error instanceof OutsideUnavailable)) throw error;
    return error.isTemporary ? fault(delivery, error.message) : refused(error.message);
  }
}

function judge({ status, retryAfter }: OutsideReceipt, delivery: Delivery, now: Date): Outcome {
  const failure = `Status ${status}.`;
  if (status >= 200 && status < 300)
    return { state: 'DELIVERED', failure: null, host: 'UP', waitSeconds: 0 };
  if (status >= 500) return fault(delivery, failure, secondsOf(retryAfter, now));
  if (status === 429) return later(delivery, failure, 'DOWN', secondsOf(retryAfter, now));
  return NOT_FINAL.has(status) ? later(delivery, failure, 'UP') : refused(failure);
}

function refused(failure: string): Outcome {
  return { state: 'FAILED', failure, host: 'UP', waitSeconds: 0 };
}

/** The host is down, or fails on this one alone. */
function fault(delivery: Delivery, failure: string, askedSeconds = 0): Outcome {
  const isOne = delivery.attempts + 1 >= MOST_FAULTS_OF_ONE;
  return later(delivery, failure, isOne ? 'UNKNOWN' : 'DOWN', askedSeconds);
}

function later(
  { attempts, isOld }: Delivery,
  failure: string,
  host: Outcome['host'],
  askedSeconds = 0,
): Outcome {
  if (isOld) return { state: 'FAILED', failure, host, waitSeconds: askedSeconds };
  const waitSeconds = Math.max(waitAfter(attempts), askedSeconds);
  return { state: 'PENDING', failure, host, waitSeconds };
}

/** What `Retry-After` asks for: seconds, or a date; at most the longest wait. */
function secondsOf(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - now.getTime()) / 1000;
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) : 0;
}
