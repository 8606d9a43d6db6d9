/**
 * After a block neither has a word under the posts of the other any more: the author of a post does not see those
 * comments, and so could neither hide nor delete what everybody else reads there.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { hideComment, type HidableComment } from '../internal/hide-comment.js';
import type { CommentId } from '../post.entity.js';

const BATCH = 100;

// What is hidden with a comment above it is in nobody's way.
const BETWEEN = `from posts c join posts root on root.id = c.root_id
  where c.kind = 'comment' and c.deleted_at is null and c.hidden_through is null
    and ((c.author_id = $1 and root.author_id = $2) or (c.author_id = $2 and root.author_id = $1))
    and exists (select from blocks where (blocker_id = $1 and blocked_id = $2) or (blocker_id = $2 and blocked_id = $1))`;
const NEXT = statement(
  'comments.next_between',
  `select c.id ${BETWEEN} order by c.root_id, c.id limit ${BATCH}`,
);
const LOCK = statement(
  'comments.lock_root',
  'select from post_counts where post_id = (select root_id from posts where id = $1) for update',
);
const FACTS = statement(
  'comments.one_between',
  `select c.id as "commentId", c.root_id as "postId", c.parent_id as "parentId", c.author_id as "authorId",
     c.hidden_through as "hiddenThrough", c.narrowed_to as "narrowedTo" ${BETWEEN} and c.id = $3`,
);

/** One transaction per comment. Does nothing when the block was lifted meanwhile; a repeat finds nothing more. */
export const hideComments = defineJob<{ blockerId: ActorId; blockedId: ActorId }>(
  'hideComments',
  async ({ database }, { blockerId, blockedId }) => {
    for (;;) {
      const found = await database.rows<{ id: CommentId }>(NEXT, [blockerId, blockedId]);
      for (const { id } of found) {
        await database.transaction(async (tx) => {
          await tx.rows(LOCK, [id]);
          const comment = await tx.row<HidableComment>(FACTS, [blockerId, blockedId, id]);
          if (comment) await hideComment(tx, comment);
        });
      }
      if (found.length < BATCH) return;
    }
  },
);
