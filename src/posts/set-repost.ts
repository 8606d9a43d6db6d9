/** Reposting: showing a post to one's own followers. */
import { requireHere } from '../actors/require-here.js';
import type { Acting, CommandContext } from '../platform/context.js';
import { statementForMany } from '../platform/db/for-many.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import type { PostId, RepostId } from './post.entity.js';
import { postReposted, repostEnded, repostFound } from './posts.events.js';
import { canRepost } from './repost.policy.js';
import { lockSubject, requireSeen } from './seen-subject.js';
import type { SubjectFacts } from './visibility.queries.js';

const ADD = statementForMany(
  'reposts.add',
  `with asked as materialized (select * from jsonb_to_recordset($1::jsonb)
     as asked(place int, id uuid, "postId" uuid, "actorId" uuid, at timestamptz)),
   added as (insert into reposts (id, post_id, actor_id, created_at) select id, "postId", "actorId", at from asked
     on conflict (post_id, actor_id) do nothing returning id)
   select asked.place, added.id from added join asked on asked.id = added.id`,
);
const REMOVE = statementForMany(
  'reposts.remove',
  `delete from reposts r using jsonb_to_recordset($1::jsonb) as asked(place int, "postId" uuid, "actorId" uuid)
   where r.post_id = asked."postId" and r.actor_id = asked."actorId" returning asked.place, r.id`,
);
const COUNT = statementForMany(
  'post_counts.reposts',
  `update post_counts c set reposts = c.reposts + total.reposts
   from (select id, sum(step)::int as reposts from jsonb_to_recordset($1::jsonb) as asked(id uuid, step int) group by id) total
   where post_id = total.id`,
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
    const { actorId } = viewer;
    const [changed] = isReposted
      ? await tx.ask<{ id: RepostId }>(ADD, { id: newId<'repost'>(at), postId, actorId, at })
      : await tx.ask<{ id: RepostId }>(REMOVE, { postId, actorId });
    if (!changed) return requireSeenPost(viewer, post);
    await tx.ask(COUNT, { id: postId, step: isReposted ? 1 : -1 });
    const fact = {
      repostId: changed.id,
      postId,
      postAuthorId: post.authorId,
      actorId,
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
