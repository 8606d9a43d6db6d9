/** What a client must keep within when it publishes: `Instance.limits` tells it before the server refuses. */
import { Ctx, FieldResolver, Int, Resolver } from 'type-graphql';
import { InstanceLimitsType } from '../../accounts/graphql/instance.type.js';
import { ALT_TEXT_LENGTH } from '../../media/alt-text.js';
import { IMAGE_TYPES, VIDEO_TYPES } from '../../media/create-upload.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { BigIntScalar } from '../../platform/graphql/scalars.js';
import { ALBUM_LENGTH } from '../internal/album.js';
import { CAPTION_LENGTH, COMMENT_LENGTH, TITLE_LENGTH } from '../text-limits.js';

@Resolver(() => InstanceLimitsType)
export class InstanceLimitsFields {
  @FieldResolver(() => Int, { description: 'Longest caption, in characters.' })
  captionLength(): number {
    return CAPTION_LENGTH;
  }

  @FieldResolver(() => Int, { description: 'Longest title of a video, in characters.' })
  titleLength(): number {
    return TITLE_LENGTH;
  }

  @FieldResolver(() => Int, { description: 'Longest comment, in characters.' })
  commentLength(): number {
    return COMMENT_LENGTH;
  }

  @FieldResolver(() => Int, { description: 'Longest description of a picture, in characters.' })
  altTextLength(): number {
    return ALT_TEXT_LENGTH;
  }

  @FieldResolver(() => Int, { description: 'Most pictures of one post.' })
  albumItems(): number {
    return ALBUM_LENGTH;
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'Bytes of one uploaded picture; null = unlimited.',
  })
  imageBytes(@Ctx() { config, entitlements, viewer }: GraphQLContext): Promise<bigint | null> {
    if (viewer) return entitlements.limit(viewer.accountId, 'IMAGE_BYTES');
    return Promise.resolve(BigInt(config.entitlements.imageBytes));
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'Bytes of one uploaded video; null = unlimited.',
  })
  videoBytes(@Ctx() { config, entitlements, viewer }: GraphQLContext): Promise<bigint | null> {
    if (viewer) return entitlements.limit(viewer.accountId, 'VIDEO_BYTES');
    return Promise.resolve(BigInt(config.entitlements.videoBytes));
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'Length of one uploaded video in milliseconds; null = unlimited.',
  })
  videoDurationMs(@Ctx() { config, entitlements, viewer }: GraphQLContext): Promise<bigint | null> {
    if (viewer) return entitlements.limit(viewer.accountId, 'VIDEO_DURATION_MS');
    return Promise.resolve(BigInt(config.entitlements.videoDurationMs));
  }

  @FieldResolver(() => [String], { description: 'Types of files that uploads may have.' })
  @ListSize({ assumedSize: 16 })
  supportedMimeTypes(): readonly string[] {
    return [...IMAGE_TYPES, ...VIDEO_TYPES];
  }
}
