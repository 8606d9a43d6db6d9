/** Making videos of others. */
import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import { mediaLoader, type MediaSource } from '../../media/graphql/media.loader.js';
import { VideoMedia } from '../../media/graphql/video-media.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { STITCH_SECONDS } from '../remix.js';
import { remixVideo, type RemixDraft } from '../remix-video.js';
import { RemixVideoInput, type RemixChoiceInput } from './remix.type.js';

@ObjectType('RemixVideoPayload', { description: 'Answer of remixVideo.' })
export class RemixVideoPayload extends Payload {
  @Field(() => VideoMedia, {
    nullable: true,
    description:
      'The video that is being made, in the state PROCESSING: watch it by mediaProgress, look at it, and publish it. Null when refused.',
  })
  media!: MediaSource | null;
}

@Resolver()
export class RemixMutations {
  @Mutation(() => RemixVideoPayload, {
    description:
      'Make a video of an own clip and a video of this server, or its sound, as its author lets the viewer. It becomes an upload of the viewer, which is published like any other when it is READY, and the post then says of what it is made. When the original is deleted, closed or behind a block before that, it is REJECTED. Codes: NOT_FOUND, FORBIDDEN (also an account that has moved away), INVALID_INPUT, MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS, LIMIT_EXCEEDED, QUOTA_EXCEEDED, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  remixVideo(
    @Arg('input', () => RemixVideoInput, { description: 'What is made of what.' })
    input: RemixVideoInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'remixVideo',
      input,
      () => {
        const clipId = readId('media', input.clipId, ['clipId']);
        return remixVideo(context, { clipId, ...toDraft(input.remix) });
      },
      async (id) => ({ media: await load(context, mediaLoader, id) }),
    );
  }
}

const QUIET = 50;
const FULL = 100;

function toDraft({ duet, stitch, sound }: RemixChoiceInput): Omit<RemixDraft, 'clipId'> {
  if (duet) {
    const path = ['remix', 'duet', 'postId'];
    const { layout, originalVolume, clipVolume } = duet;
    const mixing = {
      kind: 'DUET',
      layout: layout ?? 'SIDE_BY_SIDE',
      originalVolume: originalVolume ?? QUIET,
      clipVolume: clipVolume ?? FULL,
    } as const;
    return { original: { postId: readId('post', duet.postId, path) }, mixing, path };
  }
  if (stitch) {
    const path = ['remix', 'stitch', 'postId'];
    const mixing = { kind: 'STITCH', seconds: stitch.seconds ?? STITCH_SECONDS } as const;
    return { original: { postId: readId('post', stitch.postId, path) }, mixing, path };
  }
  const path = ['remix', 'sound', 'soundId'];
  const mixing = {
    kind: 'SOUND',
    originalVolume: sound?.originalVolume ?? FULL,
    clipVolume: sound?.clipVolume ?? 0,
  } as const;
  return { original: { soundId: readId('sound', sound?.soundId ?? '', path) }, mixing, path };
}
