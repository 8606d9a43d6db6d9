/** Pins: posts that stand first on their author's profile. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, TooMany } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import { lockOwnPost } from './own-post.js';
import type { Post, PostId } from './post.entity.js';
import { postPinSet } from './posts.events.js';

/** Most pins of one profile. */
export const PINS_PER_PROFILE = 6;

/** Only what a profile shows to more than chosen people can stand first on it. */
const PINNABLE: readonly Visibility[] = ['PUBLIC', 'UNLISTED', 'FOLLOWERS'];

/** Pins of one profile change one after the other; takes the author. */
export const LOCK_PINS = statement(
  'pins.lock',
  `select pg_advisory_xact_lock(hashtextextended('pins:' || $1::text, 0))`,
);
const COUNT = statement(
  'pins.count',
  `select count(*)::int as count from posts where author_id = $1 and pinned_at is not null and deleted_at is null`,
);

/**
 * Pins a post of the viewer, or takes the pin off. Setting what is set already leaves no trace.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's post
 * @throws {Conflict} CONFLICT for a post that is put away or for chosen people or this server only
 * @throws {TooMany} LIMIT_EXCEEDED beyond six
 */
export async function setPostPinned(
  context: CommandContext,
  input: { postId: PostId; pinned: boolean },
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK_PINS, [viewer.actorId]);
    const post = await lockOwnPost(tx, viewer, input.postId, ['postId']);
    if ((post.pinnedAt != null) === input.pinned) return;
    if (input.pinned) {
      requirePinnable(post);
      await requireRoom(tx, viewer.actorId);
    }
    post.pinnedAt = input.pinned ? context.clock.now() : null;
    const { authorId, visibility } = post;
    const { postId, pinned: isPinned } = input;
    await tx.append(postPinSet, { postId, authorId, visibility, isPinned });
  });
}

function requirePinnable({ archivedAt, visibility }: Post): void {
  if (archivedAt != null) throw new Conflict('Bring the post back first.', 'CONFLICT', ['postId']);
  if (!PINNABLE.includes(visibility))
    throw new Conflict('A post for a few people cannot be pinned.', 'CONFLICT', ['postId']);
}

async function requireRoom(tx: Transaction, authorId: ActorId): Promise<void> {
  const { count } = (await tx.row<{ count: number }>(COUNT, [authorId]))!;
  if (count < PINS_PER_PROFILE) return;
  throw new TooMany(`At most ${PINS_PER_PROFILE} posts can be pinned.`, PINS_PER_PROFILE, [
    'postId',
  ]);
}
