/** Publishing, deleting and seeing stories. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { parseGlobalId, readId, toGlobalId } from '../../platform/ids.js';
import { deleteStory } from '../delete-story.js';
import { markStoriesSeen } from '../mark-stories-seen.js';
import { publishStory } from '../publish-story.js';
import type { StoryId, StoryVisibility } from '../story.entity.js';
import { StoryStickerInput, toStickers } from './sticker.input.js';
import { storyLoader, StoryType, StoryVisibilityEnum, type StorySource } from './story.type.js';
import { StoryTrayType, trayLoader, type StoryTraySource } from './story-tray.type.js';

@InputType('PublishStoryInput', { description: 'A story to be published.' })
export class PublishStoryInput {
  @Field(() => ID, {
    description:
      'An own upload with the purpose STORY that is READY and in no other story. It goes with the story.',
  })
  mediaId!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What to write on it, at most 500 characters; null = nothing.',
  })
  caption?: string | null;

  @Field(() => StoryVisibilityEnum, {
    nullable: true,
    defaultValue: 'FOLLOWERS',
    description: 'Who may see it; null = FOLLOWERS.',
  })
  visibility?: StoryVisibility | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 86_400,
    description: 'How long it lasts in seconds, from an hour to a week; null = 24 hours.',
  })
  durationSeconds?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether those who see it may answer it with answerStory; null = yes.',
  })
  allowsAnswers?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether the author keeps it in the archive past its end, where nobody else sees it; null = yes.',
  })
  keepInArchive?: boolean | null;

  @Field(() => [StoryStickerInput], {
    nullable: true,
    description: 'At most 10, the lowest first; null = none.',
  })
  stickers?: StoryStickerInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('PublishStoryPayload', { description: 'Answer of publishStory.' })
export class PublishStoryPayload extends Payload {
  @Field(() => StoryType, { nullable: true, description: 'The new story; null when refused.' })
  story!: StorySource | null;
}

@InputType('DeleteStoryInput', { description: 'Names an own story.' })
export class DeleteStoryInput {
  @Field(() => ID, { description: 'The story.' })
  storyId!: string;
}

@ObjectType('DeleteStoryPayload', { description: 'Answer of deleteStory.' })
export class DeleteStoryPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the story that is gone; null when refused.',
  })
  deletedStoryId!: string | null;
}

@InputType('MarkStoriesSeenInput', { description: 'What was seen.' })
export class MarkStoriesSeenInput {
  @Field(() => [ID], {
    description: 'Stories, at most 100. Those that the viewer does not see are passed over.',
  })
  storyIds!: string[];
}

@ObjectType('MarkStoriesSeenPayload', { description: 'Answer of markStoriesSeen.' })
export class MarkStoriesSeenPayload extends Payload {
  @Field(() => [StoryType], {
    nullable: true,
    description: 'Those of the stories that the viewer sees, each once; null when refused.',
  })
  stories!: readonly StorySource[] | null;

  @Field(() => [StoryTrayType], {
    nullable: true,
    description: 'The trays of their authors after the change; null when refused.',
  })
  trays!: readonly StoryTraySource[] | null;
}

@Resolver()
export class StoryMutations {
  @Mutation(() => PublishStoryPayload, {
    description:
      'Publish a story; at most 100 of one author at a time. Followers hear of it live. Codes: INVALID_INPUT, FORBIDDEN (an account that has moved away), NOT_FOUND (a picture, a person who cannot be mentioned, a place), MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  publishStory(
    @Arg('input', () => PublishStoryInput, { description: 'The story.' })
    input: PublishStoryInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'publishStory',
      input,
      () =>
        publishStory(context, {
          mediaId: readId('media', input.mediaId, ['mediaId']),
          caption: input.caption ?? '',
          visibility: input.visibility ?? 'FOLLOWERS',
          durationSeconds: input.durationSeconds ?? 86_400,
          allowsAnswers: input.allowsAnswers ?? true,
          isKept: input.keepInArchive ?? true,
          stickers: toStickers(input.stickers),
        }),
      async (id) => ({ story: await load(context, storyLoader, id) }),
    );
  }

  @Mutation(() => DeleteStoryPayload, {
    description:
      'Delete an own story, with its picture and with what others did with it. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deleteStory(
    @Arg('input', () => DeleteStoryInput, { description: 'Which story.' })
    input: DeleteStoryInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('story', input.storyId, ['storyId']);
        await deleteStory(context, id);
        return id;
      },
      (id) => ({ deletedStoryId: toGlobalId('story', id) }),
    );
  }

  @Mutation(() => MarkStoriesSeenPayload, {
    description:
      'Mark stories as seen; a repeat changes nothing. Their author sees by whom and when. Codes: INVALID_INPUT.',
  })
  @RequiresScope('write:interactions')
  markStoriesSeen(
    @Arg('input', () => MarkStoriesSeenInput, { description: 'Which stories.' })
    { storyIds }: MarkStoriesSeenInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const ids = readStoryIds(storyIds);
        await markStoriesSeen(context, ids);
        return [...new Set(ids)];
      },
      (ids) => presentSeen(context, ids),
    );
  }
}

/** What is no id of a story is passed over like one that the viewer does not see. */
function readStoryIds(globalIds: readonly string[]): StoryId[] {
  return globalIds.flatMap((globalId): StoryId[] => {
    const parsed = parseGlobalId(globalId);
    return parsed?.kind === 'story' ? [parsed.id as StoryId] : [];
  });
}

async function presentSeen(context: GraphQLContext, ids: readonly StoryId[]) {
  const loaded = await Promise.all(ids.map((id) => load(context, storyLoader, id)));
  const stories = loaded.filter((story) => story !== null);
  const authors = new Set(stories.map(({ authorId }) => authorId));
  const trays = await Promise.all([...authors].map((id) => load(context, trayLoader, id)));
  return { stories, trays: trays.filter((tray) => tray !== null) };
}
