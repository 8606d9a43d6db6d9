/** Videos as clients see them. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { BigIntScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { captionsOf, CaptionTrackType } from './caption-track.type.js';
import type { MediaSource } from './media.loader.js';
import { MediaInterface, urlOf } from './media.type.js';
import { sourcesOf } from '../video-sources.js';

@ObjectType('VideoSource', {
  description: 'One file or playlist from which a video is played.',
  simpleResolvers: true,
})
@Shared()
export class VideoSourceType {
  @Field(() => UrlScalar, {
    description:
      'Where to fetch it, always at this server. Addresses of private videos and of videos of other servers end within the hour: ask again.',
  })
  url!: string;

  @Field(() => String, {
    description: 'Type of the file; `application/vnd.apple.mpegurl` is an HLS playlist.',
  })
  mimeType!: string;

  @Field(() => Int, { nullable: true, description: 'Width in px; null when not said.' })
  width!: number | null;

  @Field(() => Int, { nullable: true, description: 'Height in px; null when not said.' })
  height!: number | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Size in bytes; null when not said, as for playlists.',
  })
  sizeBytes!: number | null;
}

@ObjectType('VideoMedia', {
  implements: MediaInterface,
  description:
    'A video; `url` and `thumbnailUrl` are its still picture, from this server, and null where it has none. Whoever sees what it belongs to sees it.',
  simpleResolvers: true,
})
@Shared()
export class VideoMedia extends MediaInterface {
  @Field(() => Int, { nullable: true, description: 'Width in px; null when not said.' })
  width!: number | null;

  @Field(() => Int, { nullable: true, description: 'Height in px; null when not said.' })
  height!: number | null;
}

@Resolver(() => VideoMedia)
export class VideoMediaFields {
  @FieldResolver(() => UrlScalar, { nullable: true })
  url(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return urlOf(context, media, ['large', 'full']);
  }

  @FieldResolver(() => UrlScalar, { nullable: true })
  thumbnailUrl(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return urlOf(context, media, ['small', 'thumb', 'full']);
  }

  /** What is counted is the still picture of a video that stands elsewhere. */
  @FieldResolver(() => BigIntScalar, { nullable: true })
  sizeBytes(): bigint | null {
    return null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Length in milliseconds; null when not said.',
  })
  @Shared()
  durationMs(@Root() { video }: MediaSource): number | null {
    return video?.durationMs ?? null;
  }

  @FieldResolver(() => [VideoSourceType], {
    description: 'From where it is played: playlists first, then files from high to low.',
  })
  @ListSize({ assumedSize: 8 })
  @Shared()
  sources(@Root() media: MediaSource, @Ctx() context: GraphQLContext): VideoSourceType[] {
    return sourcesOf(context, media);
  }

  @FieldResolver(() => [CaptionTrackType], {
    description: 'Its captions, subtitles, descriptions and chapters, by kind and language.',
  })
  @ListSize({ assumedSize: 4 })
  @Shared()
  captions(@Root() media: MediaSource, @Ctx() context: GraphQLContext): CaptionTrackType[] {
    return captionsOf(context, media);
  }
}
