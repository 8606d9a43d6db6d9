/** The person on a picture answers, and may take the answer back at any time. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PhotoTagId } from './photo-tag.js';
import type { PostId } from './post.entity.js';
import { tagAnswered } from './posts.events.js';
import { visibleTo } from './visibility.js';

interface OwnTag {
  readonly postId: PostId;
  readonly authorId: ActorId;
  readonly isApproved: boolean;
  readonly seesPost: boolean;
}

const LOCK = statement(
  'tags.lock_own',
  `select t.post_id as "postId", p.author_id as "authorId", t.state = 'APPROVED' as "isApproved",
     ${visibleTo('p', '$2::uuid')} as "seesPost"
   from photo_tags t join posts p on p.id = t.post_id
   where t.id = $1 and t.actor_id = $2 and t.state <> 'DECLINED' and p.deleted_at is null for update of t`,
);
const DECIDE = statement(
  'tags.decide',
  'update photo_tags set state = $2, decided_at = $3 where id = $1',
);

/**
 * Approves a tag of the viewer, or takes it off, for good: its post does not tag them again. Approving twice is the
 * same as once. Who does not see the post any more can only take the tag off.
 *
 * Opens its own transaction.
 *
 * @returns the post
 * @throws {NotFound} NOT_FOUND, also for a tag of somebody else and for one that was taken off
 */
export async function respondToTag(
  context: CommandContext,
  answer: { tagId: PhotoTagId; approved: boolean },
): Promise<PostId> {
  const viewer = requireViewer(context);
  const { tagId, approved: isApproved } = answer;
  return context.database.transaction(async (tx) => {
    const tag = await tx.row<OwnTag>(LOCK, [tagId, viewer.actorId]);
    if (!tag || (isApproved && !tag.seesPost)) throw new NotFound(['tagId']);
    const { postId, authorId } = tag;
    if (isApproved && tag.isApproved) return postId;
    const state = isApproved ? 'APPROVED' : 'DECLINED';
    await tx.rows(DECIDE, [tagId, state, context.clock.now()]);
    await tx.append(tagAnswered, { tagId, postId, authorId, actorId: viewer.actorId, isApproved });
    return postId;
  });
}
