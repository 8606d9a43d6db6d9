/** What playlists show of their videos, and profiles and videos of their playlists. */
import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { PostConnection } from '../../posts/graphql/post.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { findCollectionsOfOwners, findCollectionsOfPosts } from '../collections.queries.js';
import { countLoader, loadPostsOf } from './collection-posts.loader.js';
import {
  PlaylistConnection,
  PlaylistType,
  toPlaylistSource,
  type PlaylistSource,
} from './playlist.type.js';

const ofOwnersLoader = definePageLoader((context, ownerIds, _variant: null, request) =>
  findCollectionsOfOwners(
    context.database,
    ownerIds,
    { holds: 'VIDEOS', isHighlighted: null },
    request,
    context.viewer?.actorId ?? null,
  ),
);

const ofVideosLoader = definePageLoader((context, postIds, _variant: null, request) =>
  findCollectionsOfPosts(
    context.database,
    postIds,
    'VIDEOS',
    request,
    context.viewer?.actorId ?? null,
  ),
);

@Resolver(() => PlaylistType)
export class PlaylistFields {
  @FieldResolver(() => UrlScalar)
  uri(@Root() { id }: PlaylistSource, @Ctx() { config }: GraphQLContext): string {
    return `${config.publicUrl.origin}/collections/${id}`;
  }

  @FieldResolver(() => UrlScalar)
  url(@Root() { id }: PlaylistSource, @Ctx() { config }: GraphQLContext): string {
    return `${config.publicUrl.origin}/collections/${id}`;
  }

  @FieldResolver(() => ActorType, { description: 'Whose it is.' })
  async owner(
    @Root() { ownerId }: PlaylistSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, ownerId))!;
  }

  @FieldResolver(() => Int, { description: 'Videos in it that the viewer may see.' })
  @Cost(5)
  async videoCount(
    @Root() { id }: PlaylistSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, countLoader, id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description: 'Videos in it that the viewer may see, in the order that the owner chose.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  videos(
    @Root() { id }: PlaylistSource,
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
  async playlists(
    @Root() { id }: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PlaylistSource>> {
    const key = { ownerId: id, variant: null, request: readPage(args, 1, isUuid) };
    const page = await load(context, ofOwnersLoader, key);
    return toConnection(page!, (row) => [row.id], toPlaylistSource);
  }
}

@Resolver(() => VideoPostType)
export class VideoPlaylistFields {
  @FieldResolver(() => PlaylistConnection, {
    description:
      'Playlists of its author that it is in and the viewer may see, the newest first. Unlisted ones are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async playlists(
    @Root() { id }: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PlaylistSource>> {
    const key = { ownerId: id, variant: null, request: readPage(args, 1, isUuid) };
    const page = await load(context, ofVideosLoader, key);
    return toConnection(
      page!,
      (row) => [row.id],
      (row) => toPlaylistSource({ ...row, ownerId: row.collectionOwnerId }),
    );
  }
}
