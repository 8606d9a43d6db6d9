/** Hashtags and the posts that use them. */
import { Field, ObjectType } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import {
  findHashtags,
  findHashtagsByNames,
  findHashtagsOfPosts,
  type HashtagRow,
} from '../hashtag.queries.js';

/** A hashtag as resolvers see it. */
export type HashtagSource = HashtagRow & NodeSource;

@ObjectType('Hashtag', {
  implements: Node,
  description:
    'A hashtag. One that is used only where the viewer may not look is not there for them, unless they follow it.',
  simpleResolvers: true,
})
export class HashtagType {
  @Field(() => String, { description: 'Its identity: folded to lower case, without #.' })
  name!: string;

  @Field(() => String, {
    description:
      'As it was first written, without #; as the viewer wrote it where they see no post with it.',
  })
  displayName!: string;
}

/** Shapes a row. */
export function toHashtagSource(row: HashtagRow): HashtagSource {
  return { ...row, nodeType: 'Hashtag' };
}

/** Hashtags that the viewer sees a post with, or follows. */
export const hashtagLoader = defineLoader<string, HashtagSource>(async (context, ids) => {
  const rows = await findHashtags(context.database, ids, context.viewer?.actorId ?? null);
  return new Map(rows.map((row) => [row.id, toHashtagSource(row)]));
});

/** `hashtag_…` ids. */
export const hashtagNode = defineNode<string, HashtagSource>('hashtag', ['Hashtag'], hashtagLoader);

/** Hashtags by their folded names, as far as the viewer sees a post that uses them, or follows them. */
export const hashtagByNameLoader = defineLoader<string, HashtagSource>(async (context, names) => {
  const viewerId = context.viewer?.actorId ?? null;
  const rows = await findHashtagsByNames(context.database, names, viewerId);
  return new Map(rows.map((row) => [row.name, toHashtagSource(row)]));
});

/** Hashtags of posts that the viewer is known to see. */
export const hashtagsOfPostLoader = defineLoader<string, HashtagSource[]>(
  async (context: GraphQLContext, postIds) => {
    const hashtags = new Map<string, HashtagSource[]>(postIds.map((id) => [id, []]));
    for (const row of await findHashtagsOfPosts(context.database, postIds)) {
      hashtags.get(row.postId)?.push(toHashtagSource(row));
    }
    return hashtags;
  },
);
