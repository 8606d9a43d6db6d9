/** What people do with stories of others: react, answer, vote. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { answerStory, answerStorySticker, type StickerAnswer } from '../answer-story.js';
import { deleteStoryAnswer } from '../delete-story-answer.js';
import { setStoryReaction } from '../set-story-reaction.js';
import { storyAnswerLoader, StoryAnswerType, type StoryAnswerSource } from './story-answer.type.js';
import { storyLoader, StoryType, type StorySource } from './story.type.js';

@InputType('SetStoryReactionInput', { description: 'A reaction to be set, changed or removed.' })
export class SetStoryReactionInput {
  @Field(() => ID, { description: 'The story of somebody else.' })
  storyId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Exactly one emoji, or a custom one of this server as `:shortcode:`; null removes the reaction.',
  })
  content?: string | null;
}

@ObjectType('SetStoryReactionPayload', { description: 'Answer of setStoryReaction.' })
export class SetStoryReactionPayload extends Payload {
  @Field(() => StoryType, {
    nullable: true,
    description: 'The story after the change; null when refused.',
  })
  story!: StorySource | null;
}

@InputType('AnswerStoryInput', { description: 'An answer to a story.' })
export class AnswerStoryInput {
  @Field(() => ID, { description: 'The story of somebody else.' })
  storyId!: string;

  @Field(() => String, { description: 'Plain text, 1–1,000 characters.' })
  content!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('AnswerStoryPayload', { description: 'Answer of answerStory.' })
export class AnswerStoryPayload extends Payload {
  @Field(() => StoryAnswerType, {
    nullable: true,
    description: 'The answer; null when refused.',
  })
  answer!: StoryAnswerSource | null;
}

@InputType('AnswerStoryStickerInput', {
  description: 'What to do with a sticker: give `optionIndex` for a poll, `text` for a question.',
})
export class AnswerStoryStickerInput {
  @Field(() => ID, { description: 'The story of somebody else.' })
  storyId!: string;

  @Field(() => Int, { description: '`index` of the sticker.' })
  stickerIndex!: number;

  @Field(() => Int, { nullable: true, description: 'Option of a poll, counted from 0.' })
  optionIndex?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Answer to a question: plain text, 1–1,000 characters.',
  })
  text?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('AnswerStoryStickerPayload', { description: 'Answer of answerStorySticker.' })
export class AnswerStoryStickerPayload extends Payload {
  @Field(() => StoryType, {
    nullable: true,
    description: 'The story after the change; null when refused.',
  })
  story!: StorySource | null;

  @Field(() => StoryAnswerType, {
    nullable: true,
    description: 'The answer to a question; null for a vote, and when refused.',
  })
  answer!: StoryAnswerSource | null;
}

@InputType('DeleteStoryAnswerInput', { description: 'Names an answer.' })
export class DeleteStoryAnswerInput {
  @Field(() => ID, { description: 'An own answer, or one to an own story.' })
  answerId!: string;
}

@ObjectType('DeleteStoryAnswerPayload', { description: 'Answer of deleteStoryAnswer.' })
export class DeleteStoryAnswerPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the answer that is gone; null when refused.',
  })
  deletedAnswerId!: string | null;
}

@Resolver()
export class StoryDeedMutations {
  @Mutation(() => SetStoryReactionPayload, {
    description:
      'React to a story with one emoji, in place of an earlier reaction; only its author learns of it. Setting it twice is the same as once; it can be taken back when the story is not seen any more. Codes: NOT_FOUND, FORBIDDEN (an own story), INVALID_INPUT.',
  })
  @RequiresScope('write:interactions')
  setStoryReaction(
    @Arg('input', () => SetStoryReactionInput, { description: 'The reaction.' })
    input: SetStoryReactionInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const storyId = readId('story', input.storyId, ['storyId']);
        await setStoryReaction(context, { storyId, content: input.content ?? null });
        return storyId;
      },
      async (id) => ({ story: await load(context, storyLoader, id) }),
    );
  }

  @Mutation(() => AnswerStoryPayload, {
    description:
      'Say something to the author of a story; nobody else learns of it. Codes: NOT_FOUND, FORBIDDEN (an own story, or one that takes no answers), INVALID_INPUT, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:interactions')
  answerStory(
    @Arg('input', () => AnswerStoryInput, { description: 'The answer.' }) input: AnswerStoryInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'answerStory',
      input,
      () => {
        const storyId = readId('story', input.storyId, ['storyId']);
        return answerStory(context, { storyId, content: input.content });
      },
      async (id) => ({ answer: await load(context, storyAnswerLoader, id) }),
    );
  }

  @Mutation(() => AnswerStoryStickerPayload, {
    description:
      'Vote in a poll, in place of an earlier vote, or answer a question. The author of the story sees who did; voters see how many chose what. Codes: NOT_FOUND (also an option, or a sticker of another kind), FORBIDDEN (an own story), INVALID_INPUT, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:interactions')
  answerStorySticker(
    @Arg('input', () => AnswerStoryStickerInput, { description: 'The answer.' })
    input: AnswerStoryStickerInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'answerStorySticker',
      input,
      async () => {
        const given = toStickerAnswer(input);
        return { storyId: given.storyId, answerId: await answerStorySticker(context, given) };
      },
      async ({ storyId, answerId }) => ({
        story: await load(context, storyLoader, storyId),
        answer: answerId && (await load(context, storyAnswerLoader, answerId)),
      }),
    );
  }

  @Mutation(() => DeleteStoryAnswerPayload, {
    description: 'Delete an own answer, or one to an own story. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:interactions')
  deleteStoryAnswer(
    @Arg('input', () => DeleteStoryAnswerInput, { description: 'Which answer.' })
    input: DeleteStoryAnswerInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('storyanswer', input.answerId, ['answerId']);
        await deleteStoryAnswer(context, id);
        return id;
      },
      (id) => ({ deletedAnswerId: toGlobalId('storyanswer', id) }),
    );
  }
}

function toStickerAnswer(input: AnswerStoryStickerInput): StickerAnswer {
  const storyId = readId('story', input.storyId, ['storyId']);
  const { stickerIndex: index, optionIndex, text } = input;
  if (optionIndex != null && text == null) return { storyId, index, optionIndex };
  if (text != null && optionIndex == null) return { storyId, index, text };
  throw new Invalid('Give either optionIndex or text.', ['optionIndex'], 'ONE_OF');
}
