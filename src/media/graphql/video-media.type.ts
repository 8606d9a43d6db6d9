/** Videos as clients see them. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { BigIntScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { captionsOf, CaptionTrackType } from './caption-track.type.js';
import type { MediaSource } from './media.loader.js';
import { VIDEO_FAILURES, type VideoFailure } from '../video-facts.js';
import { sourcesOf } from '../video-sources.js';
import { failureOf, MediaInterface, urlOf } from './media.type.js';

/** GraphQL enum of what can be wrong with a video. */
export const VideoFailureEnum = describedEnum(
  'VideoFailure',
  'Why a video cannot be shown, or lacks some of its qualities.',
  VIDEO_FAILURES,
);

@ObjectType('VideoSource', {
  description: 'One file or playlist from which a video is played.',
  simpleResolvers: true,
})
@Shared()
export class VideoSourceType {
  @Field(() => UrlScalar, {
    description:
      'Where to fetch it, always at this server. Addresses of private videos and of videos of other servers end within the hour: ask again. Those of private videos are for the viewer alone, and lead nowhere once they may not see the post any more.',
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

  @FieldResolver(() => String, { nullable: true })
  failure(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return failureOf(media, context);
  }

  /** What is counted is the still picture of a video that stands elsewhere. */
  @FieldResolver(() => BigIntScalar, { nullable: true })
  sizeBytes(@Root() { remoteUrl, sizeBytes }: MediaSource): bigint | null {
    return remoteUrl !== null || sizeBytes === '0' ? null : BigInt(sizeBytes);
  }

  @FieldResolver(() => VideoFailureEnum, {
    nullable: true,
    description:
      'Why it cannot be used, for programs; of one that is READY, why it lacks some of its qualities. Null when all went well.',
  })
  failureCode(@Root() { failureCode }: MediaSource): VideoFailure | null {
    return failureCode;
  }

  @FieldResolver(() => Boolean, {
    description:
      'More qualities are being made: the playlist has more of them each time that the asset changes. It can be published and played before.',
  })
  isGrowing(@Root() { isGrowing }: MediaSource): boolean {
    return isGrowing;
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description: 'A few seconds of it as a moving picture without sound; null until it is made.',
  })
  previewUrl(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return urlOf(context, media, ['preview']);
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'WebVTT track of pictures to find a place by: each cue names a part of a sheet, as `sprite.jpg#xywh=0,0,90,160`. Null until it is made.',
  })
  scrubbingUrl(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return urlOf(context, media, ['sprite-vtt']);
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
