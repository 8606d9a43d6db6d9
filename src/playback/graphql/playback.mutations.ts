/** Telling what was watched, and having it forgotten. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { parseGlobalId, readId, toGlobalId } from '../../platform/ids.js';
import type { PostId } from '../../posts/post.entity.js';
import { clearPlaybackHistory, removeFromPlaybackHistory } from '../clear-playback-history.js';
import { recordPlayback, type PlaybackEntry } from '../record-playback.js';

@InputType('PlaybackEntryInput', { description: 'How far one playback of one post has come.' })
export class PlaybackEntryInput {
  @Field(() => ID, { description: 'The post; photos can be told as seen, too.' })
  postId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Names this playback, 1–64 characters, so that what is told of it again, or later, counts once; null = all of a day are one.',
  })
  playbackKey?: string | null;

  @Field(() => Int, {
    description:
      'Time watched in this playback altogether, in milliseconds. Counted is at most the length of the video, and when it is told again no more than time has passed.',
  })
  watchedMs!: number;

  @Field(() => Boolean, { defaultValue: false, description: 'It came to its end.' })
  completed!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Where it stands, in milliseconds, to go on from there; null = not told.',
  })
  positionMs?: number | null;
}

@InputType('RecordPlaybackInput', { description: 'What the viewer watched.' })
export class RecordPlaybackInput {
  @Field(() => [PlaybackEntryInput], { description: 'At most 50, oldest first.' })
  entries!: PlaybackEntryInput[];
}

@ObjectType('RecordPlaybackPayload', { description: 'Answer of recordPlayback.' })
export class RecordPlaybackPayload extends Payload {
  @Field(() => Int, {
    nullable: true,
    description:
      'Entries that were about posts the viewer sees; 0 where the viewer keeps no history, null when refused.',
  })
  accepted!: number | null;
}

@InputType('RemoveFromPlaybackHistoryInput', { description: 'What is to be forgotten.' })
export class RemoveFromPlaybackHistoryInput {
  @Field(() => ID, { description: 'A post that the viewer watched.' })
  postId!: string;
}

@ObjectType('RemoveFromPlaybackHistoryPayload', {
  description: 'Answer of removeFromPlaybackHistory.',
})
export class RemoveFromPlaybackHistoryPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the post that was forgotten; null when refused.',
  })
  removedPostId!: string | null;
}

@ObjectType('ClearPlaybackHistoryPayload', { description: 'Answer of clearPlaybackHistory.' })
export class ClearPlaybackHistoryPayload extends Payload {
  @Field(() => Int, {
    nullable: true,
    description: 'How many posts were in the history; null when refused.',
  })
  cleared!: number | null;
}

@Resolver()
export class PlaybackMutations {
  @Mutation(() => RecordPlaybackPayload, {
    description:
      'Tell how far posts were watched, at most every 10 s from one session. It serves to go on later, to leave out what was seen, and for numbers in which nobody is to be found; the author never learns who watched. Telling it again changes nothing. Codes: INVALID_INPUT, RATE_LIMITED.',
  })
  @RequiresScope('write:feeds')
  recordPlayback(
    @Arg('input', () => RecordPlaybackInput, { description: 'The entries.' })
    { entries }: RecordPlaybackInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => recordPlayback(context, entries.map(toEntry)),
      (accepted) => ({ accepted }),
    );
  }

  @Mutation(() => RemoveFromPlaybackHistoryPayload, {
    description:
      'Forget that the viewer watched a post and where they stopped. Numbers in which nobody is to be found stay, but for those of today and yesterday, out of which the viewer is taken. Codes: NOT_FOUND (not in the history).',
  })
  @RequiresScope('write:feeds')
  removeFromPlaybackHistory(
    @Arg('input', () => RemoveFromPlaybackHistoryInput, { description: 'Which post.' })
    input: RemoveFromPlaybackHistoryInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await removeFromPlaybackHistory(context, postId);
        return postId;
      },
      (postId) => ({ removedPostId: toGlobalId('post', postId) }),
    );
  }

  @Mutation(() => ClearPlaybackHistoryPayload, {
    description:
      'Forget what the viewer has watched and where they stopped. Numbers in which nobody is to be found stay, but for those of today and yesterday, out of which the viewer is taken.',
  })
  @RequiresScope('write:feeds')
  clearPlaybackHistory(@Ctx() context: GraphQLContext) {
    return answer(
      context,
      () => clearPlaybackHistory(context),
      (cleared) => ({ cleared }),
    );
  }
}

const NO_POST = '00000000-0000-0000-0000-000000000000' as PostId;

/** What is no id of a post is passed over like one that the viewer does not see. */
function toEntry(input: PlaybackEntryInput): PlaybackEntry {
  const parsed = parseGlobalId(input.postId);
  return {
    postId: parsed?.kind === 'post' ? (parsed.id as PostId) : NO_POST,
    playbackKey: input.playbackKey ?? null,
    watchedMs: input.watchedMs,
    isCompleted: input.completed,
    positionMs: input.positionMs ?? null,
  };
}
