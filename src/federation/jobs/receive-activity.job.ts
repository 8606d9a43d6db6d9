/** Carries out one activity of another server by itself. Runs at least once; every handler may run twice. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { ReceivedActivityId } from '../federation.events.js';
import { checkActivity } from '../internal/check-activity.js';
import type { JsonObject } from '../internal/read-document.js';
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

interface Received {
  readonly receivedId: ReceivedActivityId;
  /** Who sent it: what one actor does is carried out in its order. */
  readonly actorId: ActorId;
}

/** A refusal is the end of it; what another server has to answer first is tried again. */
export const receiveActivity = defineJob<Received>(
  'receiveActivity',
  async (context, { receivedId }) => {
    const row = await context.database.row<{ body: JsonObject; isUndone: boolean }>(FIND, [
      receivedId,
    ]);
    if (!row) return;
    const refusal = row.isUndone ? UNDONE : await attempt(context, row.body);
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
