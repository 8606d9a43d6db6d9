/** Assets as clients see them. Addresses are made for whoever got this far, so they need no further check. */
import {
  Ctx,
  Field,
  FieldResolver,
  Float,
  Int,
  InterfaceType,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { Node } from '../../platform/graphql/node.js';
import { BigIntScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { failureText } from '../../platform/messages/media-failures.js';
import { MEDIA_PURPOSES, MEDIA_STATES, type MediaState } from '../media.entity.js';
import { OPAQUE, type CameraWords } from '../media-row.js';
import { mediaUrl } from '../media-url.js';
import type { MediaSource } from './media.loader.js';

/** GraphQL enum of the states. */
export const MediaStateEnum = describedEnum('MediaState', 'Life of an asset.', MEDIA_STATES);

/** GraphQL enum of the purposes. */
export const MediaPurposeEnum = describedEnum(
  'MediaPurpose',
  'What an upload is for; it decides limits and processing.',
  MEDIA_PURPOSES,
);

@InterfaceType('Media', {
  implements: Node,
  description: 'An attachment. Its addresses are null until the state is READY.',
  resolveType: (source: MediaSource) => source.nodeType,
})
export abstract class MediaInterface extends Node {
  @Field(() => MediaStateEnum, { description: 'Where it stands on its way.' })
  state!: MediaState;

  @Field(() => UrlScalar, {
    nullable: true,
    description:
      'Largest picture to show; null until READY. Addresses of private pictures end within the hour: ask again.',
  })
  url!: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'The same picture, small, for lists; null until READY.',
  })
  thumbnailUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Blurhash, to show until the picture is there; null until READY.',
  })
  blurhash!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Description for people who do not see it; null when the author gave none.',
  })
  altText!: string | null;

  @Field(() => String, {
    description: 'Type of the original: declared at first, by content once READY.',
  })
  mimeType!: string;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Bytes of the original; null until they have arrived.',
  })
  sizeBytes!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why it cannot be used, in the language of the request; null when it can.',
  })
  failure!: string | null;
}

@ObjectType('MediaVariant', { description: 'One derived picture.', simpleResolvers: true })
@Shared()
export class MediaVariant {
  @Field(() => UrlScalar, { description: 'Where to fetch it.' })
  url!: string;

  @Field(() => Int, { description: 'Width in px.' })
  width!: number;

  @Field(() => Int, { description: 'Height in px.' })
  height!: number;

  @Field(() => String, { description: 'Type of the file.' })
  mimeType!: string;

  @Field(() => BigIntScalar, { description: 'Size in bytes.' })
  sizeBytes!: number;
}

@ObjectType('Exif', {
  description: 'What the camera wrote about itself and the exposure; a location is never kept.',
})
@Shared()
export class Exif {
  @Field(() => String, { nullable: true, description: 'Make and model; null when not said.' })
  camera!: string | null;

  @Field(() => String, { nullable: true, description: 'Lens; null when not said.' })
  lens!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Focal length, for example `23 mm`; null when not said.',
  })
  focalLength!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Aperture, for example `f/2.8`; null when not said.',
  })
  aperture!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Exposure time, for example `1/250 s`; null when not said.',
  })
  shutter!: string | null;

  @Field(() => Int, { nullable: true, description: 'Sensitivity; null when not said.' })
  iso!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'When by the clock of the camera, whose time zone is unknown, as YYYY-MM-DDTHH:MM:SS; null when not said.',
  })
  takenAt!: string | null;
}

@ObjectType('ImageMedia', {
  implements: MediaInterface,
  description:
    'A still or animated picture. Whoever sees what it belongs to sees it; otherwise only its owner does.',
  simpleResolvers: true,
})
@Shared()
export class ImageMedia extends MediaInterface {
  @Field(() => Int, {
    nullable: true,
    description: 'Width of the original in px, upright; null until READY.',
  })
  width!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Height of the original in px, upright; null until READY.',
  })
  height!: number | null;

  @Field(() => Float, {
    description: 'Horizontal point that crops keep, from -1 (left) to 1 (right).',
  })
  focalX!: number;

  @Field(() => Float, {
    description: 'Vertical point that crops keep, from -1 (bottom) to 1 (top).',
  })
  focalY!: number;

  @Field(() => Boolean, { description: 'True for a moving picture.' })
  isAnimated!: boolean;

  @Field(() => Boolean, { description: 'The owner chose to show what the camera wrote.' })
  showsCameraData!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Dominant colour as #rrggbb; null until READY.',
  })
  dominantColor!: string | null;
}

@ObjectType('FileMedia', {
  implements: MediaInterface,
  description:
    'A file that the server reads and never shows, such as an archive. Its addresses are always null. Only its owner sees it.',
  simpleResolvers: true,
})
@Shared()
export class FileMedia extends MediaInterface {}

@Resolver(() => FileMedia)
export class FileMediaFields {
  @FieldResolver(() => String, { nullable: true })
  failure(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return failureOf(media, context);
  }

  @FieldResolver(() => UrlScalar, { nullable: true })
  url(): string | null {
    return null;
  }

  @FieldResolver(() => UrlScalar, { nullable: true })
  thumbnailUrl(): string | null {
    return null;
  }

  @FieldResolver(() => BigIntScalar, { nullable: true })
  sizeBytes(@Root() media: MediaSource): bigint | null {
    return bytesOf(media);
  }
}

@Resolver(() => ImageMedia)
export class ImageMediaFields {
  @FieldResolver(() => String, { nullable: true })
  failure(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return failureOf(media, context);
  }

  @FieldResolver(() => UrlScalar, { nullable: true })
  url(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return urlOf(context, media, ['large', 'full']);
  }

  @FieldResolver(() => UrlScalar, { nullable: true })
  thumbnailUrl(@Root() media: MediaSource, @Ctx() context: GraphQLContext): string | null {
    return urlOf(context, media, ['small', 'thumb', 'full']);
  }

  @FieldResolver(() => BigIntScalar, { nullable: true })
  sizeBytes(@Root() media: MediaSource): bigint | null {
    return bytesOf(media);
  }

  @FieldResolver(() => Exif, {
    nullable: true,
    description:
      'What the camera wrote; null unless the owner chose to show it, and when it wrote nothing.',
  })
  exif(@Root() { camera: words }: MediaSource): Exif | null {
    return words && toExif(words);
  }

  @FieldResolver(() => [MediaVariant], {
    description: 'All derived pictures, largest first; empty until READY.',
  })
  @ListSize({ assumedSize: 6 })
  variants(@Root() media: MediaSource, @Ctx() context: GraphQLContext): MediaVariant[] {
    return media.renditions
      .filter(({ name }) => name !== OPAQUE)
      .map((rendition) => ({ ...rendition, url: mediaUrl(context, media, rendition) }));
  }
}

function bytesOf({ sizeBytes }: MediaSource): bigint | null {
  return sizeBytes === '0' ? null : BigInt(sizeBytes);
}

function toExif({
  camera,
  lens,
  focalLengthMm,
  fNumber,
  exposureSeconds,
  iso,
  takenAt,
}: CameraWords): Exif {
  return {
    camera,
    lens,
    focalLength: focalLengthMm === null ? null : `${rounded(focalLengthMm)} mm`,
    aperture: fNumber === null ? null : `f/${rounded(fNumber)}`,
    shutter: exposureSeconds === null ? null : `${exposureTime(exposureSeconds)} s`,
    iso,
    takenAt,
  };
}

/** Short times as the fractions that are engraved on cameras. */
function exposureTime(seconds: number): string {
  return seconds < 0.3 ? `1/${Math.round(1 / seconds)}` : rounded(seconds);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Why an asset cannot be used, in the reader's language where it has the words. */
export function failureOf({ failure }: MediaSource, { locale }: GraphQLContext): string | null {
  return failure && failureText(locale, failure);
}

/** Address of the first of these renditions that exists. A picture that is small has few. */
export function urlOf(
  context: GraphQLContext,
  media: MediaSource,
  names: readonly string[],
): string | null {
  for (const name of names) {
    const rendition = media.renditions.find((candidate) => candidate.name === name);
    if (rendition) return mediaUrl(context, media, rendition);
  }
  return null;
}
