/** What owners do about a video that is there, or should be: its still picture, and another try. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { retryMedia } from '../retry-media.js';
import { setVideoPoster } from '../set-video-poster.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface } from './media.type.js';
import { VideoMedia } from './video-media.type.js';

@InputType('SetVideoPosterInput', {
  description: 'A moment or a picture: one of the two is required.',
})
export class SetVideoPosterInput {
  @Field(() => ID, { description: 'The own video, which is READY.' })
  mediaId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Moment of the video in milliseconds, at most its length; null = a picture.',
  })
  posterAtMs?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Own picture for posts that is READY and does not move; it is copied. Null = a moment.',
  })
  posterMediaId?: string | null;
}

@ObjectType('SetVideoPosterPayload', { description: 'Answer of setVideoPoster.' })
export class SetVideoPosterPayload extends Payload {
  @Field(() => VideoMedia, {
    nullable: true,
    description:
      'The video; it shows a moment that was chosen as soon as its picture is taken, which jobProgress tells. Null when refused.',
  })
  media!: MediaSource | null;
}

@InputType('RetryMediaInput', { description: 'Names an asset.' })
export class RetryMediaInput {
  @Field(() => ID, { description: 'The own asset, which is FAILED.' })
  mediaId!: string;
}

@ObjectType('RetryMediaPayload', { description: 'Answer of retryMedia.' })
export class RetryMediaPayload extends Payload {
  @Field(() => MediaInterface, {
    nullable: true,
    description: 'The asset, PROCESSING again; null when refused.',
  })
  media!: MediaSource | null;
}

@Resolver()
export class VideoCareMutations {
  @Mutation(() => SetVideoPosterPayload, {
    description:
      'Choose the still picture of an own video, also after it was published: other servers get to know, and it has new addresses. At most 60 in an hour. Codes: NOT_FOUND, INVALID_INPUT, MEDIA_NOT_READY, MEDIA_REJECTED, RATE_LIMITED.',
  })
  @RequiresScope('write:media')
  setVideoPoster(
    @Arg('input', () => SetVideoPosterInput, { description: 'What it shows.' })
    input: SetVideoPosterInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const mediaId = readId('media', input.mediaId, ['mediaId']);
        const posterMediaId =
          input.posterMediaId == null
            ? null
            : readId('media', input.posterMediaId, ['posterMediaId']);
        const { posterAtMs = null } = input;
        await setVideoPoster(context, { mediaId, posterAtMs, posterMediaId });
        return mediaId;
      },
      async (mediaId) => ({ media: await load(context, mediaLoader, mediaId) }),
    );
  }

  @Mutation(() => RetryMediaPayload, {
    description:
      'Have an own file that is FAILED processed again, without sending it again; at most 5 times. Codes: NOT_FOUND, CONFLICT (it has not failed, or its bytes are not here), LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:media')
  retryMedia(
    @Arg('input', () => RetryMediaInput, { description: 'Which file.' }) input: RetryMediaInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const mediaId = readId('media', input.mediaId, ['mediaId']);
        await retryMedia(context, mediaId);
        return mediaId;
      },
      async (mediaId) => ({ media: await load(context, mediaLoader, mediaId) }),
    );
  }
}
