/** Where the viewer stopped watching a video. */
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import type { PostId } from '../../posts/post.entity.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { findPositions } from '../playback.queries.js';

const positionLoader = defineLoader<PostId, number>(async (context, postIds) => {
  const viewerId = context.viewer?.actorId;
  return viewerId ? findPositions(context.database, viewerId, postIds) : new Map();
});

@Resolver(() => VideoPostType)
export class VideoProgressFields {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Where the viewer stopped, in milliseconds; null when it was not begun, was watched to its end, or no history is kept. Nobody else sees it.',
  })
  viewerPositionMs(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number | null> {
    return load(context, positionLoader, post.id);
  }
}
