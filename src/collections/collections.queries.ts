/** Reads of collections and of the posts in them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import { bothWays, GREATEST_INTEGER } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';
import { selectedVisibleTo, selectPosts, type PostRow } from '../posts/post.queries.js';
import { ownedVisibleTo, postListedTo } from '../posts/visibility.js';
import type { CollectionId, Holds } from './collection.entity.js';

/** A collection as lists show it. */
export interface CollectionRow {
  readonly id: CollectionId;
  readonly ownerId: ActorId;
  readonly holds: Holds;
  readonly title: string;
  /** Sanitised HTML. */
  readonly description: string;
  /** Only for the owner. */
  readonly descriptionSource: string | null;
  readonly visibility: Visibility;
  readonly isHighlighted: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A collection in the list of a post, which is `ownerId` there. */
export interface PostCollectionRow extends CollectionRow {
  readonly collectionOwnerId: ActorId;
}

/** A post in a collection, and its place there. */
export type CollectedPost = PostRow & { readonly ownerId: CollectionId; readonly position: number };

function selectCollections(viewer: string, more = ''): string {
  return `select c.id, c.owner_id as "ownerId", c.holds, c.title, c.description_html as description,
    case when c.owner_id = ${viewer} then c.description_source end as "descriptionSource", c.visibility,
    c.is_highlighted as "isHighlighted", c.created_at as "createdAt", c.updated_at as "updatedAt"${more} from collections c`;
}

const BY_IDS = statement(
  'collections.by_ids',
  `${selectCollections('$2::uuid')} where c.id = any($1::uuid[]) and ($3::text is null or c.holds = $3)
     and ${ownedVisibleTo('c', '$2::uuid')}`,
);

// An unlisted collection is for whoever has its link; the profile shows it to its owner only.
const OF_OWNERS = batchedPage('collections.of_owners', {
  select: `${selectCollections('$4::uuid')} where c.owner_id = owner.id and ${ownedVisibleTo('c', '$4::uuid')}
    and (c.visibility <> 'UNLISTED' or c.owner_id = $4::uuid) and ($5::boolean is null or c.is_highlighted = $5::boolean)
    and c.holds = $6`,
  key: 'c.id',
});

const OF_POSTS = batchedPage('collections.of_posts', {
  select: `${selectCollections('$4::uuid', ', c.owner_id as "collectionOwnerId"')} join collection_items item on item.collection_id = c.id
    where item.post_id = owner.id and c.holds = $5 and ${ownedVisibleTo('c', '$4::uuid')}
    and (c.visibility <> 'UNLISTED' or c.owner_id = $4::uuid)`,
  key: 'c.id',
});

const ITEMS = bothWays({
  name: 'collections.items',
  order: 'asc',
  lowest: ['-1'],
  highest: [GREATEST_INTEGER],
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
      select item.position, post.* from collection_items item join lateral (
        ${selectPosts('$4::uuid')} where p.id = item.post_id and p.kind <> 'comment' and ${selectedVisibleTo('$4::uuid')}
      ) post on true
      where item.collection_id = owner.id and item.position ${beyond} $2::int
      order by item.position ${order} limit $3) page
     order by page.position ${order}`,
});

const COUNTS = statement(
  'collections.counts',
  `select owner.id, (select count(*)::int from collection_items item join posts p on p.id = item.post_id
     where item.collection_id = owner.id and p.kind <> 'comment' and ${postListedTo('p', '$2::uuid')}) as count
   from unnest($1::uuid[]) as owner(id)`,
);

/** Collections that the viewer sees, by id, in no particular order; all others are left out. `holds` null = of both kinds. */
export function findCollections(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
  holds: Holds | null,
): Promise<CollectionRow[]> {
  return reader.rows<CollectionRow>(BY_IDS, [ids, viewerId, holds]);
}

/** Which of an actor's. */
export interface OwnersFilter {
  readonly holds: Holds;
  /** Null = all. */
  readonly isHighlighted: boolean | null;
}

/** A page of the collections of each of several actors, newest first. */
export function findCollectionsOfOwners(
  reader: Reader,
  ownerIds: readonly string[],
  { holds, isHighlighted }: OwnersFilter,
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<CollectionRow[]> {
  return reader.rows<CollectionRow>(
    ...OF_OWNERS(ownerIds, request, [viewerId, isHighlighted, holds]),
  );
}

/** A page of the collections that each of several posts is in, newest first, as profiles show them. */
export function findCollectionsOfPosts(
  reader: Reader,
  postIds: readonly string[],
  holds: Holds,
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<PostCollectionRow[]> {
  return reader.rows<PostCollectionRow>(...OF_POSTS(postIds, request, [viewerId, holds]));
}

/** A page of the posts in each of several collections that the viewer is known to see, in their order. */
export function findPostsOfCollections(
  reader: Reader,
  ids: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<CollectedPost[]> {
  const { query, from } = ITEMS(request);
  return reader.rows<CollectedPost>(query, [ids, ...from, request.size + 1, viewerId]);
}

/** How many posts in each collection the viewer sees. */
export function countCollectionPosts(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<{ id: string; count: number }[]> {
  return reader.rows(COUNTS, [ids, viewerId]);
}
