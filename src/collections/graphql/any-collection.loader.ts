/** Collections and playlists: by id, of profiles, and of posts. */
import { readPage } from '../../platform/db/page.js';
import {
  toConnection,
  type ConnectionSource,
  type PageArgs,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load, type LoaderDefinition } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { isUuid } from '../../platform/ids.js';
import type { CollectionId, Holds } from '../collection.entity.js';
import {
  findCollections,
  findCollectionsOfOwners,
  findCollectionsOfPosts,
  type CollectionRow,
  type OwnersFilter,
} from '../collections.queries.js';
import type { AnyCollectionSource } from './any-collection.type.js';

const ofOwnersLoader = definePageLoader((context, ownerIds, filter: OwnersFilter, request) =>
  findCollectionsOfOwners(context.database, ownerIds, filter, request, context.readerId),
);

const ofPostsLoader = definePageLoader((context, postIds, holds: Holds, request) =>
  findCollectionsOfPosts(context.database, postIds, holds, request, context.readerId),
);

/** Those of one kind that the viewer sees. */
export function defineCollectionLoader(
  holds: Holds,
): LoaderDefinition<CollectionId, AnyCollectionSource> {
  return defineLoader(async (context, ids) => {
    const viewerId = context.readerId;
    const rows = await findCollections(context.database, ids, viewerId, holds);
    return new Map(rows.map((row) => [row.id, toSource(row)]));
  });
}

/** A page of those of an actor. */
export async function loadOfOwner(
  context: GraphQLContext,
  ownerId: string,
  filter: OwnersFilter,
  args: PageArgs,
): Promise<ConnectionSource<AnyCollectionSource>> {
  const key = { ownerId, variant: filter, request: readPage(args, 1, isUuid) };
  return toConnection((await load(context, ofOwnersLoader, key))!, (row) => [row.id], toSource);
}

/** A page of those that a post is in. */
export async function loadOfPost(
  context: GraphQLContext,
  postId: string,
  holds: Holds,
  args: PageArgs,
): Promise<ConnectionSource<AnyCollectionSource>> {
  const key = { ownerId: postId, variant: holds, request: readPage(args, 1, isUuid) };
  return toConnection(
    (await load(context, ofPostsLoader, key))!,
    (row) => [row.id],
    (row) => toSource({ ...row, ownerId: row.collectionOwnerId }),
  );
}

function toSource(row: CollectionRow): AnyCollectionSource {
  const nodeType = row.holds === 'VIDEOS' ? 'Playlist' : 'Collection';
  return { ...row, nodeType, isLocal: true };
}
