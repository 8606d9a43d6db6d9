/** Reposting: showing a post to one's own followers. */
import { requireHere } from '../actors/require-here.js';
import type { Acting, CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import type { PostId, RepostId } from './post.entity.js';
import { postReposted, repostEnded, repostFound } from './posts.events.js';
import { canRepost } from './repost.policy.js';
import { lockSubject, requireSeen } from './seen-subject.js';
import type { SubjectFacts } from './visibility.queries.js';

const ADD = statement(
  'reposts.add',
  `insert into reposts (id, post_id, actor_id, created_at) values ($1, $2, $3, $4)
   on conflict (post_id, actor_id) do nothing returning id`,
);
const REMOVE = statement(
  'reposts.remove',
  'delete from reposts where post_id = $1 and actor_id = $2 returning id',
);
const COUNT = statement(
  'post_counts.reposts',
  'update post_counts set reposts = reposts + $2 where post_id = $1',
);

/**
 * Reposts a post, or takes that back, also when the post is not seen any more. Doing it twice is the same as once. Who
 * gets to see it follows as a consequence.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Forbidden} FORBIDDEN for a post that is neither PUBLIC nor UNLISTED, and for a viewer who has moved away
 */
export async function setRepost(
  context: CommandContext,
  input: {
    postId: PostId;
    isReposted: boolean;
    /** It was made on another server then, and is only found now: it stands where that puts it, and nobody is told. */
    foundFrom?: Date;
  },
): Promise<void> {
  const viewer = requireActing(context);
  const { postId, isReposted, foundFrom } = input;
  const now = context.clock.now();
  const at = foundFrom && foundFrom < now ? foundFrom : now;
  await context.database.transaction(async (tx) => {
    if (isReposted && context.viewer) await requireHere(tx, viewer.actorId);
    const post = await lockSubject(tx, viewer, postId, ['postId']);
    if (isReposted) requireRepostable(viewer, post);
    const changed = isReposted
      ? await tx.row<{ id: RepostId }>(ADD, [newId<'repost'>(at), postId, viewer.actorId, at])
      : await tx.row<{ id: RepostId }>(REMOVE, [postId, viewer.actorId]);
    if (!changed) return requireSeenPost(viewer, post);
    await tx.rows(COUNT, [postId, isReposted ? 1 : -1]);
    const fact = {
      repostId: changed.id,
      postId,
      postAuthorId: post.authorId,
      actorId: viewer.actorId,
    };
    if (isReposted && foundFrom) await tx.append(repostFound, fact);
    else if (isReposted)
      await tx.append(postReposted, { ...fact, isLocal: viewer.isRemote !== true });
    else await tx.append(repostEnded, fact);
  });
}

function requireRepostable(viewer: Acting, post: SubjectFacts): void {
  requireSeenPost(viewer, post);
  if (!canRepost(post))
    throw new Forbidden('Only public and unlisted posts can be reposted.', 'FORBIDDEN', ['postId']);
}

function requireSeenPost(viewer: Acting, post: SubjectFacts): void {
  requireSeen(viewer, post, ['postId']);
  if (post.kind === 'comment') throw new NotFound(['postId']);
}
