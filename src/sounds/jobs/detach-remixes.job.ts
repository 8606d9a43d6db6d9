/** After a block neither stands behind the videos of the other any more, and nothing more is made of them. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { refuseUnpublished } from '../internal/withdrawn.js';

const BETWEEN = `((r.author_id = $1 and o.author_id = $2) or (r.author_id = $2 and o.author_id = $1))
  and exists (select from blocks where (blocker_id = $1 and blocked_id = $2) or (blocker_id = $2 and blocked_id = $1))`;
const DETACH = statement(
  'remixes.detach_between',
  `update remixes r set detached_at = $3 from posts o
   where o.id = r.original_id and r.post_id is not null and r.detached_at is null and ${BETWEEN}`,
);
const UNPUBLISHED = statement(
  'remixes.unpublished_between',
  `select distinct r.original_id as id from remixes r join posts o on o.id = r.original_id
   where r.post_id is null and ${BETWEEN}`,
);

/** Does nothing when the block was lifted meanwhile; a repeat finds nothing more. */
export const detachRemixes = defineJob<{ blockerId: ActorId; blockedId: ActorId }>(
  'detachRemixes',
  async (context, { blockerId, blockedId }) => {
    const { database, clock } = context;
    await database.rows(DETACH, [blockerId, blockedId, clock.now()]);
    const originals = await database.rows<{ id: PostId }>(UNPUBLISHED, [blockerId, blockedId]);
    for (const { id } of originals) await refuseUnpublished(context, id);
  },
);
