/** Followed hashtags: following, the list of them, and what they bring home. */
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { encodeCursor, readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { HashtagConnection } from '../../posts/graphql/hashtag.connection.js';
import {
  hashtagLoader,
  HashtagType,
  type HashtagSource,
} from '../../posts/graphql/hashtag.type.js';
import { PostEdge, type PostEdgeSource } from '../../posts/graphql/post.connection.js';
import { followHashtag } from '../follow-hashtag.js';
import { findFollowedAmong, findFollowedHashtags } from '../followed-hashtags.queries.js';

@InputType('FollowHashtagInput', { description: 'A hashtag, and whether to follow it.' })
export class FollowHashtagInput {
  @Field(() => String, {
    description: 'Its name in any spelling, with or without #, at most 100 characters.',
  })
  name!: string;

  @Field(() => Boolean, { description: 'True follows, false unfollows.' })
  following!: boolean;
}

@ObjectType('FollowHashtagPayload', { description: 'Answer of followHashtag.' })
export class FollowHashtagPayload extends Payload {
  @Field(() => HashtagType, {
    nullable: true,
    description:
      'The hashtag after the change; null when refused, or when it is unfollowed and no post that the viewer may see uses it.',
  })
  hashtag!: HashtagSource | null;
}

const followedLoader = defineLoader<string, boolean>(async (context, ids) => {
  const viewerId = context.viewer?.actorId;
  if (!viewerId) return new Map();
  const followed = await findFollowedAmong(context.database, viewerId, ids);
  return new Map(ids.map((id) => [id, followed.has(id)]));
});

@Resolver()
export class HashtagFollowMutations {
  @Mutation(() => FollowHashtagPayload, {
    description:
      'Follow a hashtag, used already or not, or unfollow it: posts with it for everybody, or for everybody of this server, come into the home timeline. At most 500; nobody is told. A repeat changes nothing. Codes: INVALID_INPUT, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:relationships')
  followHashtag(
    @Arg('input', () => FollowHashtagInput, { description: 'Which hashtag.' })
    input: FollowHashtagInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => followHashtag(context, { name: input.name, isFollowing: input.following }),
      async (id) => ({ hashtag: id && (await load(context, hashtagLoader, id)) }),
    );
  }
}

@Resolver(() => ViewerType)
export class ViewerHashtagFields {
  @FieldResolver(() => HashtagConnection, {
    description:
      'Hashtags that the viewer follows, the last followed first. Only the viewer sees the list.',
  })
  @RequiresScope('read:relationships')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async followedHashtags(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<HashtagSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const page = await findFollowedHashtags(context.database, actorId, request);
    const nodes = await Promise.all(
      page.rows.map(({ hashtagId }) => load(context, hashtagLoader, hashtagId)),
    );
    const edges = page.rows.flatMap(({ id }, index) => {
      const node = nodes[index];
      return node ? [{ node, cursor: encodeCursor([id]) }] : [];
    });
    return {
      edges,
      nodes: edges.map(({ node }) => node),
      pageInfo: {
        hasNextPage: page.hasNextPage,
        hasPreviousPage: page.hasPreviousPage,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      totalCount: null,
    };
  }
}

@Resolver(() => HashtagType)
export class FollowedHashtagFields {
  @FieldResolver(() => Boolean, {
    description: 'The viewer follows it; false when anonymous. Only the viewer learns it.',
  })
  async viewerIsFollowing(
    @Root() hashtag: HashtagSource,
    @Ctx() context: GraphQLContext,
  ): Promise<boolean> {
    return (await load(context, followedLoader, hashtag.id)) ?? false;
  }
}

@Resolver(() => PostEdge)
export class HashtagEdgeFields {
  @FieldResolver(() => HashtagType, {
    nullable: true,
    description:
      'The followed hashtag that brought it into the home timeline; null where it is for another reason, and in every other list.',
  })
  followedHashtag(
    @Root() edge: PostEdgeSource,
    @Ctx() context: GraphQLContext,
  ): Promise<HashtagSource | null> | null {
    return edge.hashtagId ? load(context, hashtagLoader, edge.hashtagId) : null;
  }
}
