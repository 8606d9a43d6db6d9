/** Where the viewer stopped watching a video. */
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { hasAnyScope } from '../../platform/scopes.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import type { PostId } from '../../posts/post.entity.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { findPositions } from '../playback.queries.js';

const positionLoader = defineLoader<PostId, number>(async ({ viewer, database }, postIds) =>
  viewer && hasAnyScope(viewer.scopes, ['read:feeds'])
    ? findPositions(database, viewer.actorId, postIds)
    : new Map(),
);

@Resolver(() => VideoPostType)
export class VideoProgressFields {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Where the viewer stopped, in milliseconds; null when it was not begun, was watched to its end, no history is kept, or the token lacks the scope read:feeds. Nobody else sees it.',
  })
  viewerPositionMs(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number | null> {
    return load(context, positionLoader, post.id);
  }
}
