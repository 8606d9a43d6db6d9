/** Fields of posts that need more than their row; each is one statement for a whole list. */
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import { canComment } from '../comment.policy.js';
import type { HiddenCounts } from '../hidden-counts.queries.js';
import { findMentions } from '../mention.queries.js';
import type { PostId } from '../post.entity.js';
import { LIKE } from '../reaction-content.js';
import { canRepost } from '../repost.policy.js';
import { canQuote } from '../quote.policy.js';
import { findRevisionsOfPosts } from '../revision.queries.js';
import { loadAround } from './around.js';
import { hiddenCounts } from './hidden-counts.loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import {
  PostRevisionConnection,
  toRevisionSource,
  type RevisionSource,
} from './post-revision.type.js';
import { factsLoader, type PostSource } from './post.loader.js';
import type { PostCountsSource } from './quote.fields.js';
import { PostCountsType, PostPermissionsType, PostType, PostViewerStateType } from './post.type.js';

const mentionsLoader = defineLoader<PostId, ActorId[]>(async (context, ids) => {
  const mentions = new Map<string, ActorId[]>(ids.map((id) => [id, []]));
  for (const { postId, actorId } of await findMentions(context.database, ids))
    mentions.get(postId)?.push(actorId);
  return mentions;
});

const revisionsLoader = definePageLoader((context, postIds, _variant: null, request) =>
  findRevisionsOfPosts(context.database, postIds, request),
);

const NO_COUNTS: PostCountsType = { likes: null, reactions: null, comments: null, reposts: null };

@Resolver(() => PostType)
export class PostFields {
  @FieldResolver(() => PostCountsType, {
    description: 'Counters, without people behind a block with the viewer.',
  })
  counts(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): PostCountsSource | Promise<PostCountsSource> {
    if (post.hidesCounts) return { ...NO_COUNTS, post };
    return (
      hiddenCounts(context, post)?.then((hidden) => countsOf(post, hidden)) ?? countsOf(post, null)
    );
  }

  @FieldResolver(() => [ActorType], {
    description: 'Who is mentioned in the caption, as far as this server knows them.',
  })
  @Shared()
  async mentions(@Root() post: PostSource, @Ctx() context: GraphQLContext): Promise<ActorSource[]> {
    const ids = (await load(context, mentionsLoader, post.id)) ?? [];
    const actors = await Promise.all(ids.map((id) => load(context, actorLoader, id)));
    return actors.filter((actor) => actor !== null);
  }

  @FieldResolver(() => PostViewerStateType, {
    nullable: true,
    description:
      'What the viewer did with it; null when anonymous, and for a token without the scope read:posts.',
  })
  viewerState(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): (PostViewerStateType & { readonly postId: PostId }) | null {
    const { viewerReaction: reaction, viewerHasReposted, viewerHasBookmarked } = post;
    // What was read for a token that may not read posts tells nothing; the answer of a mutation may.
    const isTold = reaction !== null || viewerHasReposted || viewerHasBookmarked;
    if (!context.viewer || (context.readerId === null && !isTold)) return null;
    return {
      postId: post.id,
      isLiked: reaction === LIKE,
      reaction,
      isReposted: viewerHasReposted,
      isBookmarked: viewerHasBookmarked,
    };
  }

  @FieldResolver(() => PostPermissionsType, {
    description: 'What the viewer may do with it; nothing when anonymous.',
  })
  async viewerPermissions(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PostPermissionsType> {
    const viewerId = context.viewer?.actorId ?? null;
    const isOwn = post.author.id === viewerId;
    return {
      canComment: viewerId !== null && (await mayComment(context, post, viewerId)),
      canReact: viewerId !== null,
      canRepost: viewerId !== null && canRepost(post),
      canQuote: viewerId !== null && (await mayQuote(context, post, viewerId)),
      canEdit: isOwn,
      canDelete: isOwn,
    };
  }

  @FieldResolver(() => PostRevisionConnection, {
    description: 'Earlier versions, the newest first; empty when it was never edited.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async revisions(
    @Root() post: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<RevisionSource>> {
    const request = readPage(args, 1, isUuid);
    const key = { ownerId: post.id, variant: null, request };
    const page = await loadAround(context, revisionsLoader, key);
    return toConnection(page, (row) => [row.id], toRevisionSource);
  }
}

function countsOf(post: PostSource, hidden: HiddenCounts | null): PostCountsSource {
  return {
    post,
    likes: post.likeCount - (hidden?.likes ?? 0),
    reactions: post.reactionCount - (hidden?.reactions ?? 0),
    comments: post.commentCount - (hidden?.comments ?? 0),
    reposts: post.repostCount - (hidden?.reposts ?? 0),
  };
}

async function mayComment(
  context: GraphQLContext,
  post: PostSource,
  viewerId: ActorId,
): Promise<boolean> {
  if (post.commentPolicy === 'EVERYONE' || post.author.id === viewerId) return true;
  if (post.commentPolicy === 'NOBODY') return false;
  const facts = await load(context, factsLoader, post.id);
  return facts !== null && canComment(viewerId, facts);
}

async function mayQuote(
  context: GraphQLContext,
  post: PostSource,
  viewerId: ActorId,
): Promise<boolean> {
  if (canQuote(viewerId, { ...post, authorId: post.author.id, isFollower: false })) return true;
  if (post.quotePolicy !== 'FOLLOWERS') return false;
  const facts = await load(context, factsLoader, post.id);
  return facts !== null && canQuote(viewerId, facts);
}
