/** Putting one post into a collection or playlist, or taking it out. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from '../posts/post.entity.js';
import type { CollectionId, Holds } from './collection.entity.js';
import { addItem, removeItem } from './internal/items.js';
import { lockOwnCollection } from './own-collection.js';

/** Which post, and whether it shall be in there. */
export interface Membership {
  readonly collectionId: CollectionId;
  readonly holds: Holds;
  readonly postId: PostId;
  readonly isIncluded: boolean;
}

/**
 * Puts an own post at the end of an own collection, or takes it out. A repeat changes nothing.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's collection or post, and for what is no video in a playlist
 * @throws {TooMany} LIMIT_EXCEEDED when the collection is full
 */
export async function setInCollection(
  context: CommandContext,
  { collectionId, holds, postId, isIncluded }: Membership,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const collection = await lockOwnCollection(tx, viewer, collectionId, holds);
    if (isIncluded) await addItem(tx, collection, postId);
    else await removeItem(tx, collectionId, postId);
    collection.updatedAt = context.clock.now();
  });
}
