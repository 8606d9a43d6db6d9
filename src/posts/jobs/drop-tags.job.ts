/**
 * After a block neither stands on the pictures of the other any more, also not for third persons. A refusal to be on a
 * post is kept: it holds when the block is lifted.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

const DROP = statement(
  'tags.drop_between',
  `delete from photo_tags t using posts p where p.id = t.post_id and t.state <> 'DECLINED'
     and ((t.actor_id = $1 and p.author_id = $2) or (t.actor_id = $2 and p.author_id = $1))
     and exists (select from blocks where (blocker_id = $1 and blocked_id = $2) or (blocker_id = $2 and blocked_id = $1))`,
);

/** Does nothing when the block was lifted meanwhile. */
export const dropTags = defineJob<{ blockerId: ActorId; blockedId: ActorId }>(
  'dropTags',
  async ({ database }, { blockerId, blockedId }) => {
    await database.rows(DROP, [blockerId, blockedId]);
  },
);
