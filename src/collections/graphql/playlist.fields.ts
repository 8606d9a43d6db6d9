/** What playlists show of their videos, and profiles and videos of their playlists. */
import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { PostConnection } from '../../posts/graphql/post.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { anyCollectionFields } from './any-collection.fields.js';
import { loadOfOwner, loadOfPost } from './any-collection.loader.js';
import type { AnyCollectionSource } from './any-collection.type.js';
import { countLoader, loadPostsOf } from './collection-posts.loader.js';
import { PlaylistConnection, PlaylistType } from './playlist.type.js';

@Resolver(() => PlaylistType)
export class PlaylistFields extends anyCollectionFields(PlaylistType) {
  @FieldResolver(() => Int, { description: 'Videos in it that the viewer may see.' })
  @Cost(5)
  async videoCount(
    @Root() { id }: AnyCollectionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, countLoader, id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description: 'Videos in it that the viewer may see, in the order that the owner chose.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  videos(
    @Root() { id }: AnyCollectionSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    return loadPostsOf(context, id, args);
  }
}

@Resolver(() => ActorType)
export class ActorPlaylistFields {
  @FieldResolver(() => PlaylistConnection, {
    description:
      'Playlists of this actor that the viewer may see, the newest first. Unlisted ones are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  playlists(
    @Root() { id }: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<AnyCollectionSource>> {
    const filter = { holds: 'VIDEOS', isHighlighted: null } as const;
    return loadOfOwner(context, id, filter, args);
  }
}

@Resolver(() => VideoPostType)
export class VideoPlaylistFields {
  @FieldResolver(() => PlaylistConnection, {
    description:
      'Playlists of its author that it is in and the viewer may see, the newest first. Unlisted ones are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  playlists(
    @Root() { id }: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<AnyCollectionSource>> {
    return loadOfPost(context, id, 'VIDEOS', args);
  }
}
