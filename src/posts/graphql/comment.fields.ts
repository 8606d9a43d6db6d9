/** Fields of comments that need more than their row. */
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Shared } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { commentLoader, type CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import { hiddenCounts } from './hidden-counts.loader.js';
import { loadPostOf, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@Resolver(() => CommentType)
export class CommentFields {
  @FieldResolver(() => PostType, { description: 'The post that it stands under.' })
  @Shared()
  post(@Root() comment: CommentSource, @Ctx() context: GraphQLContext): Promise<PostSource> {
    return loadPostOf(context, comment.postId);
  }

  @FieldResolver(() => CommentType, {
    nullable: true,
    description:
      'The comment that it answers. Null on the first level, and when the viewer may not see that comment.',
  })
  parent(
    @Root() comment: CommentSource,
    @Ctx() context: GraphQLContext,
  ): Promise<CommentSource | null> | null {
    return comment.parentId === null ? null : load(context, commentLoader, comment.parentId);
  }

  @FieldResolver(() => Int, {
    description: 'Reactions with ❤, as far as the viewer may see who reacted.',
  })
  likeCount(
    @Root() comment: CommentSource,
    @Ctx() context: GraphQLContext,
  ): number | Promise<number> {
    const stored = comment.storedLikes;
    return (
      hiddenCounts(context, comment)?.then((hidden) => stored - (hidden?.likes ?? 0)) ?? stored
    );
  }

  @FieldResolver(() => Int, {
    description:
      'Direct answers to it for whoever sees it, as far as the viewer may see them; those for fewer people are in `replies` alone.',
  })
  replyCount(
    @Root() comment: CommentSource,
    @Ctx() context: GraphQLContext,
  ): number | Promise<number> {
    const stored = comment.storedReplies;
    const viewerHasBlocks = comment.viewerHasBlocks || comment.isHidden;
    return (
      hiddenCounts(context, { ...comment, viewerHasBlocks })?.then(
        (hidden) => stored - (hidden?.replies ?? 0),
      ) ?? stored
    );
  }
}
