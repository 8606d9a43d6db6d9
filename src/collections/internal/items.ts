/** The posts of a collection: own ones, each once, in order; of a playlist only videos. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../../platform/errors.js';
import type { PostId } from '../../posts/post.entity.js';
import type { CollectionId, Holds } from '../collection.entity.js';

/** Most posts of one collection. */
export const COLLECTION_LENGTH = 500;

/** A collection as its content depends on it. */
interface Container {
  readonly id: CollectionId;
  readonly ownerId: ActorId;
  readonly holds: Holds;
}

const OWN_POSTS = statement(
  'collections.own_posts',
  `select id from posts where id = any($1::uuid[]) and author_id = $2 and kind <> 'comment' and deleted_at is null
     and ($3 = 'POSTS' or kind = 'video')
   for key share`,
);
const CLEAR = statement(
  'collections.clear',
  'delete from collection_items where collection_id = $1',
);
const FILL = statement(
  'collections.fill',
  `insert into collection_items (collection_id, post_id, position)
   select $1, id, place from unnest($2::uuid[]) with ordinality as t(id, place)`,
);
const LAST = statement(
  'collections.last',
  `select count(*)::int as count, coalesce(max(position), 0) as position from collection_items where collection_id = $1`,
);
const ADD = statement(
  'collections.add',
  `insert into collection_items (collection_id, post_id, position) values ($1, $2, $3)
   on conflict (collection_id, post_id) do nothing`,
);
const TAKE = statement(
  'collections.take',
  'delete from collection_items where collection_id = $1 and post_id = $2',
);

/**
 * Refuses a list of posts that can't be a collection's.
 *
 * @throws {Invalid} INVALID_INPUT for more than 500, and for a repeated one
 */
export function requireItems(postIds: readonly PostId[]): void {
  if (postIds.length > COLLECTION_LENGTH) {
    const limit = String(COLLECTION_LENGTH);
    throw new Invalid(`At most ${limit} posts.`, ['postIds'], 'MAX_ITEMS', limit);
  }
  const known = new Set<PostId>();
  for (const [index, id] of postIds.entries()) {
    if (known.has(id))
      throw new Invalid('Each post can stand here once.', ['postIds', String(index)], 'UNIQUE');
    known.add(id);
  }
}

/**
 * Gives a collection its posts. Needs the collection's lock.
 *
 * @throws {NotFound} NOT_FOUND for a post that is not the owner's or has no place in such a collection, with its place in `postIds`
 */
export async function replaceItems(
  tx: Transaction,
  collection: Container,
  postIds: readonly PostId[],
): Promise<void> {
  await requireOwn(tx, collection, postIds, (index) => ['postIds', String(index)]);
  await tx.rows(CLEAR, [collection.id]);
  if (postIds.length > 0) await tx.rows(FILL, [collection.id, postIds]);
}

/**
 * Puts a post at the end of a collection; does nothing when it is in there. Needs the collection's lock.
 *
 * @throws {NotFound} NOT_FOUND for a post that is not the owner's or has no place in such a collection
 * @throws {TooMany} LIMIT_EXCEEDED when the collection is full
 */
export async function addItem(
  tx: Transaction,
  collection: Container,
  postId: PostId,
): Promise<void> {
  await requireOwn(tx, collection, [postId], () => ['postId']);
  const last = await tx.row<{ count: number; position: number }>(LAST, [collection.id]);
  if ((last?.count ?? 0) >= COLLECTION_LENGTH) {
    throw new TooMany(`At most ${COLLECTION_LENGTH} posts.`, COLLECTION_LENGTH, ['postId']);
  }
  await tx.rows(ADD, [collection.id, postId, (last?.position ?? 0) + 1]);
}

/** Takes a post out of a collection; does nothing when it is not in there. */
export async function removeItem(
  tx: Transaction,
  collectionId: CollectionId,
  postId: PostId,
): Promise<void> {
  await tx.rows(TAKE, [collectionId, postId]);
}

async function requireOwn(
  tx: Transaction,
  { ownerId, holds }: Container,
  postIds: readonly PostId[],
  pathOf: (index: number) => readonly string[],
): Promise<void> {
  const rows = await tx.rows<{ id: PostId }>(OWN_POSTS, [postIds, ownerId, holds]);
  const own = new Set(rows.map(({ id }) => id));
  const index = postIds.findIndex((id) => !own.has(id));
  if (index >= 0) throw new NotFound(pathOf(index));
}
