/** The sound of a video. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import type { SoundSource } from '../sound.js';
import { soundLoader, soundUseLoader, type SoundSourceRow } from './sound.loader.js';
import { SoundSourceEnum, SoundType } from './sound.type.js';

@Resolver(() => VideoPostType)
export class VideoSoundFields {
  @FieldResolver(() => SoundType, {
    nullable: true,
    description:
      'What is heard in it. Null for a silent video, for one of another server, and in the moments after publishing while the server listens to it.',
  })
  async sound(
    @Root() { id }: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<SoundSourceRow | null> {
    const use = await load(context, soundUseLoader, id);
    return use && load(context, soundLoader, use.soundId);
  }

  @FieldResolver(() => SoundSourceEnum, {
    nullable: true,
    description: 'How it came to its sound; null when `sound` is.',
  })
  async soundSource(
    @Root() { id }: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<SoundSource | null> {
    return (await load(context, soundUseLoader, id))?.source ?? null;
  }
}
