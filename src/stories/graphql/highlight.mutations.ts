/** Making, changing, ordering and deleting highlights. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { deleteHighlight } from '../delete-highlight.js';
import { orderHighlights } from '../order-highlights.js';
import { saveHighlight, type HighlightChange } from '../save-highlight.js';
import { highlightLoader, HighlightType, type HighlightSource } from './highlight.type.js';

@InputType('SaveHighlightInput', {
  description: 'A new highlight, or what to change about an own one: absent = as it is.',
})
export class SaveHighlightInput {
  @Field(() => ID, { nullable: true, description: 'The own highlight; null = a new one.' })
  highlightId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–50 characters; a new highlight needs one, and it cannot be cleared.',
  })
  title?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'All its stories in order, at most 100 own ones, also ended ones from the archive; null = none.',
  })
  storyIds?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'One of its stories, whose picture stands for it; null = the first.',
  })
  coverStoryId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SaveHighlightPayload', { description: 'Answer of saveHighlight.' })
export class SaveHighlightPayload extends Payload {
  @Field(() => HighlightType, {
    nullable: true,
    description: 'The highlight after the change; null when refused.',
  })
  highlight!: HighlightSource | null;
}

@InputType('OrderHighlightsInput', { description: 'Own highlights in order.' })
export class OrderHighlightsInput {
  @Field(() => [ID], {
    description: 'Each once; those that are not named come behind them as they were.',
  })
  highlightIds!: string[];
}

@ObjectType('OrderHighlightsPayload', { description: 'Answer of orderHighlights.' })
export class OrderHighlightsPayload extends Payload {
  @Field(() => [HighlightType], {
    nullable: true,
    description: 'The named highlights in their order; null when refused.',
  })
  highlights!: readonly HighlightSource[] | null;
}

@InputType('DeleteHighlightInput', { description: 'Names an own highlight.' })
export class DeleteHighlightInput {
  @Field(() => ID, { description: 'The highlight.' })
  highlightId!: string;
}

@ObjectType('DeleteHighlightPayload', { description: 'Answer of deleteHighlight.' })
export class DeleteHighlightPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the highlight that is gone; null when refused.',
  })
  deletedHighlightId!: string | null;
}

@Resolver()
export class HighlightMutations {
  @Mutation(() => SaveHighlightPayload, {
    description:
      'Make a highlight, behind the others, or change an own one. A story in it lasts past its end, for those who might see it while it lasted. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:posts')
  saveHighlight(
    @Arg('input', () => SaveHighlightInput, { description: 'The highlight.' })
    input: SaveHighlightInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveHighlight',
      input,
      () => saveHighlight(context, toChange(input)),
      async (id) => ({ highlight: await load(context, highlightLoader, id) }),
    );
  }

  @Mutation(() => OrderHighlightsPayload, {
    description: 'Put own highlights in order. Codes: INVALID_INPUT, NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  orderHighlights(
    @Arg('input', () => OrderHighlightsInput, { description: 'The order.' })
    { highlightIds }: OrderHighlightsInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const ids = highlightIds.map((id, index) =>
          readId('highlight', id, ['highlightIds', String(index)]),
        );
        await orderHighlights(context, ids);
        return ids;
      },
      async (ids) => {
        const highlights = await Promise.all(ids.map((id) => load(context, highlightLoader, id)));
        return { highlights: highlights.filter((highlight) => highlight !== null) };
      },
    );
  }

  @Mutation(() => DeleteHighlightPayload, {
    description:
      'Delete an own highlight. Its stories stay while they last, or in the archive; those that it alone kept are deleted. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  deleteHighlight(
    @Arg('input', () => DeleteHighlightInput, { description: 'Which highlight.' })
    input: DeleteHighlightInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('highlight', input.highlightId, ['highlightId']);
        await deleteHighlight(context, id);
        return id;
      },
      (id) => ({ deletedHighlightId: toGlobalId('highlight', id) }),
    );
  }
}

/** Reads the input: absent stays absent, null becomes the value that means nothing. */
function toChange({
  highlightId,
  title,
  storyIds,
  coverStoryId,
}: SaveHighlightInput): HighlightChange {
  return {
    highlightId: highlightId == null ? null : readId('highlight', highlightId, ['highlightId']),
    title: title === null ? '' : title,
    storyIds:
      storyIds === null
        ? []
        : storyIds?.map((id, index) => readId('story', id, ['storyIds', String(index)])),
    coverStoryId:
      coverStoryId == null ? coverStoryId : readId('story', coverStoryId, ['coverStoryId']),
  };
}
