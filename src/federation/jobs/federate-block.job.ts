/** Tells the server of somebody whom one of ours blocks, or blocks no more. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { activity, undo } from '../documents/activities.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';
import { standingActivity } from '../sent-activities.queries.js';

const FIND = statement(
  'federation.block',
  'select id from blocks where blocker_id = $1 and blocked_id = $2',
);

/** Brings what was told in line with what is. */
export const federateBlock = defineJob<{ blockerId: ActorId; blockedId: ActorId }>(
  'federateBlock',
  async ({ database, clock }, { blockerId, blockedId }) => {
    const actors = await findActors(database, [blockerId, blockedId]);
    const blocker = actors.find(({ id }) => id === blockerId);
    const blocked = actors.find(({ id }) => id === blockedId);
    if (!blocker || !blocked || blocker.domain !== null || blocked.domain === null) return;
    const block = await database.row<{ id: string }>(FIND, [blockerId, blockedId]);
    const prefix = `${blocker.uri}/blocks/`;
    const told = await standingActivity(database, blockerId, blockedId, prefix);
    const wanted =
      block &&
      activity('Block', blocker.uri, {
        id: prefix + block.id,
        object: blocked.uri,
        to: [blocked.uri],
      });
    if (wanted?.id === told?.id) return;
    const inboxes = await inboxesOfActors(database, [blocked.uri]);
    const sending = { actorId: blockerId, subjectId: blockedId, inboxes };
    await database.transaction(async (tx) => {
      if (told) await sendActivity(tx, clock.now(), { ...sending, activity: undo(told) });
      if (wanted) await sendActivity(tx, clock.now(), { ...sending, activity: wanted });
    });
  },
  { queueOf: ({ blockerId, blockedId }) => `${blockerId}:${blockedId}` },
);
