/** Carries out one activity of another server by itself. Runs at least once; every handler may run twice. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob, type JobType } from '../../platform/jobs/job.js';
import type { ReceivedActivityId } from '../federation.events.js';
import { checkActivity } from '../internal/check-activity.js';
import type { JsonObject } from '../internal/read-document.js';
import { touchedBy } from '../internal/shareable.js';
import { findStillApart } from '../internal/still-apart.js';
import { carryOut, isUnderstood, refusalOf, UNDONE, withoutContent } from '../receive/carry-out.js';
import { resolveActor } from '../resolve-actor.js';

const FIND = statement(
  'received_activities.find',
  `select r.body, t.uri is not null as "isUndone" from received_activities r
     left join remote_tombstones t on t.uri = r.activity_uri and t.actor_uri = r.actor_uri
   where r.id = $1 and r.handled_at is null`,
);
const HANDLED = statement(
  'received_activities.handled',
  `update received_activities set handled_at = $2, refusal = $3, body = $4::jsonb where id = $1`,
);

/** How often what is refused waits for what it is about: for about a minute. */
const WAITS = 6;

interface Received {
  readonly receivedId: ReceivedActivityId;
  /** Who sent it: what one actor does is carried out in its order. */
  readonly actorId: ActorId;
  /** How often it has waited for what it is about. */
  readonly waited?: number;
}

/**
 * A refusal is the end of it, but for what is about something that came before and is still to be carried out; what another
 * server has to answer first is tried again.
 */
export const receiveActivity: JobType<Received> = defineJob<Received>(
  'receiveActivity',
  async (context, received) => {
    const { receivedId } = received;
    const row = await context.database.row<{ body: JsonObject; isUndone: boolean }>(FIND, [
      receivedId,
    ]);
    if (!row) return;
    // Asked first: whatever ends in between has not been seen by what is refused for want of it.
    const mayWait = !row.isUndone && (await comesAfter(context, received, row.body));
    const refusal = row.isUndone ? UNDONE : await attempt(context, row.body);
    if (refusal !== null && mayWait) return waitLonger(context, received);
    await context.database.transaction((tx) =>
      tx.rows(HANDLED, [
        receivedId,
        context.clock.now(),
        refusal,
        JSON.stringify(withoutContent(row.body)),
      ]),
    );
  },
  { asksOutside: true, maxAttempts: 12, queueOf: ({ actorId }) => actorId },
);

/** It is about something of another actor, so that nothing else keeps the two in their order. */
async function comesAfter(
  context: JobContext,
  { receivedId, waited = 0 }: Received,
  body: JsonObject,
): Promise<boolean> {
  if (waited >= WAITS) return false;
  return (await findStillApart(context, touchedBy(body)?.joined ?? [], receivedId)).size > 0;
}

function waitLonger({ database }: JobContext, received: Received): Promise<void> {
  const waited = (received.waited ?? 0) + 1;
  const runAt = new Date(Date.now() + 500 * 2 ** waited);
  return database.transaction((tx) =>
    enqueueAt(tx, runAt, receiveActivity, { ...received, waited }),
  );
}

/** What was refused, in words; null when it was done. */
async function attempt(context: JobContext, body: JsonObject): Promise<string | null> {
  try {
    const activity = checkActivity(body);
    if (!isUnderstood(activity)) return 'Not understood.';
    return await carryOut(context, activity, await resolveActor(context, activity.actorUri));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    return refusal;
  }
}
