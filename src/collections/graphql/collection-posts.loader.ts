/** What collections and playlists show of their posts. */
import { readPage } from '../../platform/db/page.js';
import {
  toConnection,
  type ConnectionSource,
  type PageArgs,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { toPostSource, type PostSource } from '../../posts/graphql/post.loader.js';
import { countCollectionPosts, findPostsOfCollections } from '../collections.queries.js';

const postsLoader = definePageLoader((context, ids, _variant: null, request) =>
  findPostsOfCollections(context.database, ids, request, context.readerId),
);

/** How many posts of a collection that the viewer sees they see. */
export const countLoader = defineLoader<string, number>(async (context, ids) => {
  const rows = await countCollectionPosts(context.database, ids, context.readerId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

/** A page of the posts of a collection that the viewer sees, in the owner's order. */
export async function loadPostsOf(
  context: GraphQLContext,
  collectionId: string,
  args: PageArgs,
): Promise<ConnectionSource<PostSource>> {
  const request = readPage(args, 1, (part) => /^\d{1,9}$/.test(part));
  const key = { ownerId: collectionId, variant: null, request };
  const page = await load(context, postsLoader, key);
  return toConnection(page!, (row) => [String(row.position)], toPostSource);
}
