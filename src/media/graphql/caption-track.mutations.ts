/** Captions of own videos: adding, replacing and deleting them. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { LanguageTagScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { oneLine } from '../../platform/one-line.js';
import type { CaptionKind } from '../caption-track.js';
import { deleteCaptionTrack } from '../delete-caption-track.js';
import { saveCaptionTrack } from '../save-caption-track.js';
import { CaptionKindEnum } from './caption-track.type.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { VideoMedia } from './video-media.type.js';

@InputType('SaveCaptionTrackInput', { description: 'Texts for an own video.' })
export class SaveCaptionTrackInput {
  @Field(() => ID, { description: 'The own video; it may still be processed.' })
  mediaId!: string;

  @Field(() => CaptionKindEnum, { description: 'What they are for.' })
  kind!: CaptionKind;

  @Field(() => LanguageTagScalar, { description: 'Their language.' })
  language!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name for people, at most 100 characters; null = none.',
  })
  label?: string | null;

  @Field(() => String, {
    description:
      'The texts in WebVTT or SubRip, at most 128 KiB and 5,000 cues of 2,000 characters. Comments, styles, regions and tags that WebVTT does not know are left out.',
  })
  content!: string;
}

@ObjectType('SaveCaptionTrackPayload', { description: 'Answer of saveCaptionTrack.' })
export class SaveCaptionTrackPayload extends Payload {
  @Field(() => VideoMedia, {
    nullable: true,
    description: 'The video with its tracks; null when refused.',
  })
  media!: MediaSource | null;
}

@InputType('DeleteCaptionTrackInput', { description: 'Names a track of an own video.' })
export class DeleteCaptionTrackInput {
  @Field(() => ID, { description: 'The video.' })
  mediaId!: string;

  @Field(() => CaptionKindEnum, { description: 'What the track is for.' })
  kind!: CaptionKind;

  @Field(() => LanguageTagScalar, { description: 'Its language.' })
  language!: string;
}

@ObjectType('DeleteCaptionTrackPayload', { description: 'Answer of deleteCaptionTrack.' })
export class DeleteCaptionTrackPayload extends Payload {
  @Field(() => VideoMedia, {
    nullable: true,
    description: 'The video without the track; null when refused.',
  })
  media!: MediaSource | null;
}

@Resolver()
export class CaptionTrackMutations {
  @Mutation(() => SaveCaptionTrackPayload, {
    description:
      'Add captions, subtitles, descriptions or chapters to an own video, at most 50 tracks, or replace those of the same kind and language. Other servers get to know. A mistake is refused with its line, which is `limit` of the error. At most 120 in an hour. Codes: NOT_FOUND, INVALID_INPUT, LIMIT_EXCEEDED, RATE_LIMITED.',
  })
  @RequiresScope('write:media')
  saveCaptionTrack(
    @Arg('input', () => SaveCaptionTrackInput, { description: 'The track.' })
    input: SaveCaptionTrackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const mediaId = readId('media', input.mediaId, ['mediaId']);
        const { kind, language, content } = input;
        const label = oneLine(input.label ?? '') || null;
        await saveCaptionTrack(context, { mediaId, kind, language, label, content });
        return mediaId;
      },
      async (id) => ({ media: await load(context, mediaLoader, id) }),
    );
  }

  @Mutation(() => DeleteCaptionTrackPayload, {
    description: 'Delete a track of an own video. Other servers get to know. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:media')
  deleteCaptionTrack(
    @Arg('input', () => DeleteCaptionTrackInput, { description: 'Which track.' })
    input: DeleteCaptionTrackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const mediaId = readId('media', input.mediaId, ['mediaId']);
        const { kind, language } = input;
        await deleteCaptionTrack(context, { mediaId, kind, language });
        return mediaId;
      },
      async (id) => ({ media: await load(context, mediaLoader, id) }),
    );
  }
}
