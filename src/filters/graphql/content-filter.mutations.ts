/** Making, changing and deleting keyword filters. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import type { FilterAction, FilterContext } from '../content-filter.js';
import { deleteFilter } from '../delete-filter.js';
import { saveFilter, type ContentFilterChange } from '../save-filter.js';
import {
  contentFilterLoader,
  ContentFilterType,
  FilterActionEnum,
  FilterContextEnum,
  type ContentFilterSource,
} from './content-filter.type.js';

@InputType('FilterKeywordInput', { description: 'A text to look for.' })
export class FilterKeywordInput {
  @Field(() => String, { description: 'The text, 1–100 characters; case does not matter.' })
  text!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Not as a part of a longer word. For languages without gaps between words: false.',
  })
  isWholeWord!: boolean;
}

@InputType('SaveFilterInput', {
  description:
    'A new keyword filter, or what to change about an own one: absent = as it is. A muted word is a filter with nothing but a keyword.',
})
export class SaveFilterInput {
  @Field(() => ID, { nullable: true, description: 'The own filter; null = a new one.' })
  filterId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Title, 1–100 characters; a new filter is called like its first keyword.',
  })
  title?: string | null;

  @Field(() => [FilterKeywordInput], {
    nullable: true,
    description: 'All its keywords, 1–50; a new filter needs one.',
  })
  keywords?: FilterKeywordInput[] | null;

  @Field(() => FilterActionEnum, {
    nullable: true,
    description: 'What happens to what it matches; a new filter hides it.',
  })
  action?: FilterAction | null;

  @Field(() => [FilterContextEnum], {
    nullable: true,
    description: 'Where it applies; a new filter does everywhere.',
  })
  contexts?: FilterContext[] | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it stops; null = no end.' })
  expiresAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('SaveFilterPayload', { description: 'Answer of saveFilter.' })
export class SaveFilterPayload extends Payload {
  @Field(() => ContentFilterType, {
    nullable: true,
    description: 'The filter after the change; null when refused.',
  })
  filter!: ContentFilterSource | null;
}

@InputType('DeleteFilterInput', { description: 'Names an own keyword filter.' })
export class DeleteFilterInput {
  @Field(() => ID, { description: 'The filter.' })
  filterId!: string;
}

@ObjectType('DeleteFilterPayload', { description: 'Answer of deleteFilter.' })
export class DeleteFilterPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the filter that is gone; null when refused.',
  })
  deletedFilterId!: string | null;
}

@Resolver()
export class ContentFilterMutations {
  @Mutation(() => SaveFilterPayload, {
    description:
      'Make a keyword filter, or change an own one; at most 50 filters with 500 keywords together. Codes: INVALID_INPUT, NOT_FOUND, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:feeds')
  saveFilter(
    @Arg('input', () => SaveFilterInput, { description: 'The filter.' }) input: SaveFilterInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'saveFilter',
      input,
      () => saveFilter(context, toChange(input)),
      async (id) => ({ filter: await load(context, contentFilterLoader, id) }),
    );
  }

  @Mutation(() => DeleteFilterPayload, {
    description: 'Delete an own keyword filter. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:feeds')
  deleteFilter(
    @Arg('input', () => DeleteFilterInput, { description: 'Which filter.' })
    input: DeleteFilterInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readId('filter', input.filterId, ['filterId']);
        await deleteFilter(context, id);
        return id;
      },
      (id) => ({ deletedFilterId: toGlobalId('filter', id) }),
    );
  }
}

function toChange(input: SaveFilterInput): ContentFilterChange {
  const { filterId, title, keywords, action, contexts, expiresAt } = input;
  return {
    filterId: filterId == null ? null : readId('filter', filterId, ['filterId']),
    title: title ?? undefined,
    keywords: keywords ?? undefined,
    action: action ?? undefined,
    contexts: contexts ?? undefined,
    expiresAt,
  };
}
