/** Posts by id, as far as the viewer sees them, shaped for GraphQL. */
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import { findPosts, type PostRow } from '../post.queries.js';
import type { PostId } from '../post.entity.js';
import { findSubjectFacts, type SubjectFacts } from '../visibility.queries.js';
import { toAuthor } from './author-source.js';

/** Object types of the formats. */
const NODE_TYPES: Readonly<Record<PostRow['kind'], string>> = {
  photo: 'PhotoPost',
  video: 'VideoPost',
  text: 'TextPost',
};

/** A post as resolvers see it. */
export interface PostSource extends NodeSource, PostRow {
  readonly id: PostId;
  readonly author: ActorSource;
}

/** Shapes a row. */
export function toPostSource(row: PostRow): PostSource {
  return { ...row, nodeType: NODE_TYPES[row.kind], author: toAuthor(row) };
}

/** Loads posts of every format. */
export const postLoader = defineLoader<PostId, PostSource>(async (context, ids) => {
  const rows = await findPosts(context.database, ids, context.readerId);
  return new Map(rows.map((row) => [row.id, toPostSource(row)]));
});

const postOfSubjectLoader = defineLoader<PostId, PostSource>(async (context, ids) => {
  const rows = await findPosts(context.database, ids, context.viewer?.actorId ?? null);
  return new Map(rows.map((row) => [row.id, toPostSource(row)]));
});

/**
 * The post of a comment or tag that is shown: it is seen by whoever sees that, also where a mutation has shown that to a
 * token that may not read posts.
 */
export async function loadPostOf(context: GraphQLContext, id: PostId): Promise<PostSource> {
  const post =
    (await load(context, postLoader, id)) ?? (await load(context, postOfSubjectLoader, id));
  if (!post) throw new Error('What is seen of a post is seen with its post');
  return post;
}

/** `post_…` ids. */
export const postNode = defineNode('post', ['PhotoPost', 'VideoPost', 'TextPost'], postLoader);

/** What the rules about a post are decided by, for the viewer. */
export const factsLoader = defineLoader<PostId, SubjectFacts>((context, ids) =>
  findSubjectFacts(context.database, ids, context.readerId),
);
