/** Making a collection or playlist, and changing one. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { oneLine } from '../platform/one-line.js';
import { composeContent } from '../posts/content/compose-content.js';
import type { PostId } from '../posts/post.entity.js';
import { requireLength } from '../posts/text-limits.js';
import { Collection, type CollectionId, type Holds } from './collection.entity.js';
import { replaceItems, requireItems } from './internal/items.js';
import { lockOwnCollection } from './own-collection.js';

/** What to change; absent = as it is, or as a new collection is without it. */
export interface CollectionChange {
  /** Null = a new one. */
  readonly collectionId: CollectionId | null;
  /** Says which kind is meant; it never changes. */
  readonly holds: Holds;
  /** Needed for a new one. */
  readonly title?: string;
  /** Markdown; empty = none. */
  readonly description?: string;
  readonly visibility?: Visibility;
  readonly isHighlighted?: boolean;
  /** The whole new content, in order. */
  readonly postIds?: readonly PostId[];
}

const TITLE_LENGTH = 100;
const DESCRIPTION_LENGTH = 1000;

/** Most collections, and most playlists, of one person. */
export const COLLECTIONS_PER_OWNER = 100;

// The owner's row is the lock of their number of collections; a statement of its own, so that the count is taken after it.
const LOCK_OWNER = statement(
  'collections.lock_owner',
  'select id from actors where id = $1 for no key update',
);
const COUNT = statement(
  'collections.count',
  'select count(*)::int as count from collections where owner_id = $1 and holds = $2',
);

/**
 * Makes or changes a collection of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's collection or post, and for what is no video in a playlist
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 of a kind
 */
export async function saveCollection(
  context: CommandContext,
  change: CollectionChange,
): Promise<CollectionId> {
  const viewer = requireViewer(context);
  requireTitle(change);
  requireLength(change.description ?? '', DESCRIPTION_LENGTH, ['description']);
  requireItems(change.postIds ?? []);
  return context.database.transaction(async (tx) => {
    const collection =
      change.collectionId === null
        ? await startCollection(context, tx, viewer.actorId, change.holds)
        : await lockOwnCollection(tx, viewer, change.collectionId, change.holds);
    await applyTexts(context, tx, collection, change);
    if (change.visibility !== undefined) collection.visibility = change.visibility;
    if (change.isHighlighted !== undefined) collection.isHighlighted = change.isHighlighted;
    collection.updatedAt = context.clock.now();
    if (change.postIds !== undefined) await replaceItems(tx, collection, change.postIds);
    return collection.id;
  });
}

function requireTitle({ title, collectionId }: CollectionChange): void {
  if (title === undefined && collectionId !== null) return;
  requireLength(title ?? '', TITLE_LENGTH, ['title']);
  if (oneLine(title ?? '') === '') throw new Invalid('A title is needed.', ['title'], 'REQUIRED');
}

async function startCollection(
  context: CommandContext,
  tx: Transaction,
  ownerId: ActorId,
  holds: Holds,
): Promise<Collection> {
  await tx.rows(LOCK_OWNER, [ownerId]);
  const known = await tx.row<{ count: number }>(COUNT, [ownerId, holds]);
  if ((known?.count ?? 0) >= COLLECTIONS_PER_OWNER)
    throw new TooMany(
      `At most ${COLLECTIONS_PER_OWNER} ${holds === 'POSTS' ? 'collections' : 'playlists'}.`,
      COLLECTIONS_PER_OWNER,
    );
  const now = context.clock.now();
  return tx.em.create(Collection, {
    id: newId<'collection'>(now),
    ownerId,
    holds,
    title: '',
    visibility: 'PUBLIC',
    createdAt: now,
    updatedAt: now,
  });
}

async function applyTexts(
  context: CommandContext,
  tx: Transaction,
  collection: Collection,
  { title, description }: CollectionChange,
): Promise<void> {
  if (title !== undefined) collection.title = oneLine(title);
  if (description === undefined) return;
  const content = await composeContent(tx, context.config, description);
  collection.descriptionSource = content.source;
  collection.descriptionHtml = content.html;
}
