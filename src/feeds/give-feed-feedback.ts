/** Somebody wants less of something, or nothing of somebody. */
import type { ActorId } from '../actors/actor.entity.js';
import { findActors, isThere } from '../actors/actor.queries.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, Invalid, NotFound, TooMany } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from '../posts/post.entity.js';
import { findPosts } from '../posts/post.queries.js';
import { MOST_HIDDEN_AUTHORS, PROFILE_DAYS } from './feed.js';
import { findFeedPreferences } from './feed-preferences.queries.js';

const LESS = statement(
  'feed_feedback.insert',
  `insert into feed_feedback (owner_id, post_id, given_at) values ($1, $2, $3)
   on conflict (owner_id, post_id) do update set given_at = excluded.given_at`,
);
const NOT_LESS = statement(
  'feed_feedback.delete',
  'delete from feed_feedback where owner_id = $1 and post_id = $2',
);
const SWEEP = statement(
  'feed_feedback.sweep',
  'delete from feed_feedback where owner_id = $1 and given_at < $2',
);
const HIDE = statement(
  'hidden_feed_authors.insert',
  `insert into hidden_feed_authors (owner_id, actor_id, hidden_at) values ($1, $2, $3) on conflict do nothing`,
);
const SHOW = statement(
  'hidden_feed_authors.delete',
  'delete from hidden_feed_authors where owner_id = $1 and actor_id = $2',
);
const COUNT_HIDDEN = statement(
  'hidden_feed_authors.count',
  'select count(*)::int as count from hidden_feed_authors where owner_id = $1',
);
const LOCK = statement(
  'hidden_feed_authors.lock',
  'select from actors where id = $1 for no key update',
);

/**
 * Posts of the author, and with the hashtags, get a lower score in the feed that is made for the viewer, for a while; or no
 * longer. Needs profiling, as it is part of the profile. A repeat begins the while anew.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {NotFound} NOT_FOUND for a post that the viewer does not see
 * @throws {Invalid} INVALID_INPUT for an own post
 * @throws {Conflict} CONFLICT while profiling is off
 */
export async function setLessLikeThis(
  context: CommandContext,
  { postId, isLess }: { readonly postId: PostId; readonly isLess: boolean },
): Promise<void> {
  const { actorId } = requireViewer(context);
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    if (!isLess) return void (await tx.rows(NOT_LESS, [actorId, postId]));
    const [post] = await findPosts(tx, [postId], actorId);
    if (!post) throw new NotFound(['subjectId']);
    if (post.authorId === actorId)
      throw new Invalid('It is your own post.', ['subjectId'], 'NOT_OWN');
    // Whoever turns profiling off at this moment has it forgotten, or refused.
    await tx.rows(LOCK, [actorId]);
    if (!(await findFeedPreferences(tx, actorId)).isProfiled)
      throw new Conflict('Turn profiling on first: this is part of the profile.');
    await tx.rows(LESS, [actorId, postId, now]);
    await tx.rows(SWEEP, [actorId, addSeconds(now, -PROFILE_DAYS * 86_400)]);
  });
}

/**
 * Leaves an author out of the feed that is made for the viewer, or brings them back. A repeat changes nothing. Nobody learns
 * of it.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 * @throws {TooMany} LIMIT_EXCEEDED for more than 1000
 */
export async function setHiddenInFeeds(
  context: CommandContext,
  { authorId, isHidden }: { readonly authorId: ActorId; readonly isHidden: boolean },
): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    if (!isHidden) return void (await tx.rows(SHOW, [actorId, authorId]));
    if (authorId === actorId) throw new Invalid('This is you.', ['subjectId'], 'NOT_SELF');
    const [author] = await findActors(tx, [authorId]);
    if (!author || !isThere(author)) throw new NotFound(['subjectId']);
    await tx.rows(LOCK, [actorId]);
    await tx.rows(HIDE, [actorId, author.id, context.clock.now()]);
    const { count } = (await tx.row<{ count: number }>(COUNT_HIDDEN, [actorId]))!;
    if (count > MOST_HIDDEN_AUTHORS)
      throw new TooMany(`At most ${MOST_HIDDEN_AUTHORS} hidden authors.`, MOST_HIDDEN_AUTHORS, [
        'subjectId',
      ]);
  });
}
