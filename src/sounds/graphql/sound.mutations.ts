/** Changes of sounds. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import { disputeSound } from '../dispute-sound.js';
import { updateSound } from '../update-sound.js';
import { soundLoader, type SoundSourceRow } from './sound.loader.js';
import { SoundType } from './sound.type.js';

@InputType('UpdateSoundInput', { description: 'A name for an own sound.' })
export class UpdateSoundInput {
  @Field(() => ID, { description: 'A sound that was first heard in a video of the viewer.' })
  soundId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Its name, at most 100 characters; null or blank = its usual name.',
  })
  title?: string | null;
}

@ObjectType('UpdateSoundPayload', { description: 'Answer of updateSound.' })
export class UpdateSoundPayload extends Payload {
  @Field(() => SoundType, {
    nullable: true,
    description: 'The sound as it is now; null when refused.',
  })
  sound!: SoundSourceRow | null;
}

@InputType('DisputeSoundInput', { description: 'Names an own video.' })
export class DisputeSoundInput {
  @Field(() => ID, { description: 'The video in which the server recognised a sound.' })
  postId!: string;
}

@ObjectType('DisputeSoundPayload', { description: 'Answer of disputeSound.' })
export class DisputeSoundPayload extends Payload {
  @Field(() => VideoPostType, {
    nullable: true,
    description: 'The video, with a sound of its own; null when refused.',
  })
  post!: PostSource | null;
}

@Resolver()
export class SoundMutations {
  @Mutation(() => UpdateSoundPayload, {
    description: 'Name the sound of an own video. Codes: INVALID_INPUT, NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  updateSound(
    @Arg('input', () => UpdateSoundInput, { description: 'Which sound and its name.' })
    input: UpdateSoundInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const soundId = readId('sound', input.soundId, ['soundId']);
        await updateSound(context, { soundId, title: input.title ?? null });
        return soundId;
      },
      async (id) => ({ sound: await load(context, soundLoader, id) }),
    );
  }

  @Mutation(() => DisputeSoundPayload, {
    description:
      'Say that an own video has a sound of its own where the server recognised an earlier one, for good. Doing it twice is the same as once. Codes: NOT_FOUND, CONFLICT.',
  })
  @RequiresScope('write:posts')
  disputeSound(
    @Arg('input', () => DisputeSoundInput, { description: 'Which video.' })
    input: DisputeSoundInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await disputeSound(context, postId);
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }
}
