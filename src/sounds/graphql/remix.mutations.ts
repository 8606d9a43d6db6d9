/** Making videos of others, and saying who may. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { RemixPolicyEnum } from '../../actors/graphql/visibility.type.js';
import type { RemixPolicy } from '../../actors/visibility.js';
import { mediaLoader, type MediaSource } from '../../media/graphql/media.loader.js';
import { VideoMedia } from '../../media/graphql/video-media.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { STITCH_SECONDS } from '../remix.js';
import { remixVideo, type RemixDraft } from '../remix-video.js';
import { setRemixPolicies } from '../set-remix-policies.js';
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

@InputType('SetRemixPoliciesInput', {
  description:
    'Who may make what of an own video. Absent = unchanged, null = as the author has set for themselves.',
})
export class SetRemixPoliciesInput {
  @Field(() => ID, { description: 'An own video.' })
  postId!: string;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may make duets.' })
  duet?: RemixPolicy | null;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may stitch it.' })
  stitch?: RemixPolicy | null;

  @Field(() => RemixPolicyEnum, { nullable: true, description: 'Who may take its sound.' })
  sound?: RemixPolicy | null;
}

@ObjectType('SetRemixPoliciesPayload', { description: 'Answer of setRemixPolicies.' })
export class SetRemixPoliciesPayload extends Payload {
  @Field(() => VideoPostType, {
    nullable: true,
    description: 'The video as it is now; null when refused.',
  })
  post!: PostSource | null;
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

  @Mutation(() => SetRemixPoliciesPayload, {
    description:
      'Say who may make duets and stitches of an own video and take its sound. Videos that were made of it before stay. Codes: NOT_FOUND, CONFLICT (no video).',
  })
  @RequiresScope('write:posts')
  setRemixPolicies(
    @Arg('input', () => SetRemixPoliciesInput, { description: 'Which video, and who may.' })
    input: SetRemixPoliciesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const { duet, stitch, sound } = input;
        const postId = readId('post', input.postId, ['postId']);
        await setRemixPolicies(context, { postId, duet, stitch, sound });
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
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
