/** What a sound shows beyond its row. */
import { Args, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { mediaUrl } from '../../media/media-url.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, Shared } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { formatMessage } from '../../platform/messages/catalogue.js';
import { PostConnection, toPostConnection } from '../../posts/graphql/post.connection.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { soundVideosLoader, useCountLoader, type SoundSourceRow } from './sound.loader.js';
import { SoundType } from './sound.type.js';

@Resolver(() => SoundType)
export class SoundFields {
  @FieldResolver(() => String, {
    description:
      'As its author named it, or `Original sound – @ada` in the language of the request. Where its first video is out of sight, only that it is a sound.',
  })
  @Shared()
  async title(
    @Root() { title, origin }: SoundSourceRow,
    @Ctx() context: GraphQLContext,
  ): Promise<string> {
    if (title !== null) return title;
    if (!origin) return formatMessage(context.locale, 'sound.withoutOrigin');
    const author = await load(context, actorLoader, origin.authorId);
    return formatMessage(context.locale, 'sound.original', { handle: author?.username ?? '' });
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who published the video in which it was first heard; null when `origin` is.',
  })
  author(
    @Root() { origin }: SoundSourceRow,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return origin && load(context, actorLoader, origin.authorId);
  }

  @FieldResolver(() => VideoPostType, {
    nullable: true,
    description:
      'The video in which it was first heard. Null when it is gone, or the viewer may not see it: nobody can take the sound from there then.',
  })
  origin(
    @Root() { origin }: SoundSourceRow,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> | null {
    return origin && load(context, postLoader, origin.postId);
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'The sound by itself, to play it; null when `origin` is, and where there is no such file.',
  })
  audioUrl(@Root() { origin }: SoundSourceRow, @Ctx() context: GraphQLContext): string | null {
    if (!origin?.mediaId || !origin.access || origin.rendition === null) return null;
    const [name = '', mimeType = ''] = origin.rendition.split(' ');
    return mediaUrl(context, { id: origin.mediaId, access: origin.access }, { name, mimeType });
  }

  @FieldResolver(() => [Float], {
    description:
      'Its peaks in 64 equal steps, 0 to 1; empty where it is too short, or `origin` is null.',
  })
  @ListSize({ assumedSize: 64 })
  waveform(@Root() { origin, waveform }: SoundSourceRow): number[] {
    return origin ? waveform.map((peak) => peak / 100) : [];
  }

  @FieldResolver(() => Int, {
    description: 'Videos in which it is heard and that the viewer may see, counted up to 10,000.',
  })
  @Cost(5)
  async usageCount(
    @Root() { id }: SoundSourceRow,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, useCountLoader, id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description: 'Videos in which it is heard and that the viewer may see, the newest first.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async videos(
    @Root() { id }: SoundSourceRow,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    return toPostConnection(
      (await load(context, soundVideosLoader, { ownerId: id, variant: null, request }))!,
    );
  }
}
