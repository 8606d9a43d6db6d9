/** A keyword filter as the API shows it. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  FILTER_ACTIONS,
  FILTER_CONTEXTS,
  type ContentFilterId,
  type ContentFilterRow,
  type FilterAction,
  type FilterContext,
} from '../content-filter.js';
import { findContentFilters, findContentFiltersById } from '../content-filters.queries.js';
import { FILTERS } from '../save-filter.js';

/** GraphQL enum of the actions. */
export const FilterActionEnum = describedEnum<FilterAction>(
  'FilterAction',
  'What happens to what a filter matches.',
  FILTER_ACTIONS,
);

/** GraphQL enum of the contexts. */
export const FilterContextEnum = describedEnum<FilterContext>(
  'FilterContext',
  'Where a filter applies.',
  FILTER_CONTEXTS,
);

@ObjectType('FilterKeyword', {
  description: 'A text that a filter looks for.',
  simpleResolvers: true,
})
export class FilterKeywordType {
  @Field(() => String, { description: 'The text; case does not matter.' })
  text!: string;

  @Field(() => Boolean, { description: 'It is not looked for as a part of a longer word.' })
  isWholeWord!: boolean;
}

@ObjectType('ContentFilter', {
  implements: Node,
  description:
    'A keyword filter over texts, content warnings and descriptions of media. Only its owner ever sees it; what its owner wrote is never filtered for them.',
  simpleResolvers: true,
})
export class ContentFilterType {
  @Field(() => String, { description: 'Its title in plain text.' })
  title!: string;

  @Field(() => [FilterKeywordType], { description: 'What it looks for: each alone is enough.' })
  @ListSize({ assumedSize: 5 })
  keywords!: readonly FilterKeywordType[];

  @Field(() => FilterActionEnum, { description: 'What happens to what it matches.' })
  action!: FilterAction;

  @Field(() => [FilterContextEnum], { description: 'Where it applies.' })
  contexts!: readonly FilterContext[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it stops; null = it has no end. One that has stopped is kept.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

/** A filter as resolvers see it. */
export type ContentFilterSource = ContentFilterRow & NodeSource;

function toContentFilterSource(row: ContentFilterRow): ContentFilterSource {
  return { ...row, nodeType: 'ContentFilter' };
}

/** Loads filters of the viewer; those of others are not there. */
export const contentFilterLoader = defineLoader<ContentFilterId, ContentFilterSource>(
  async (context, ids) => {
    const viewerId = context.viewer?.actorId;
    if (!viewerId) return new Map();
    const rows = await findContentFiltersById(context.database, ids, viewerId);
    return new Map(rows.map((row) => [row.id, toContentFilterSource(row)]));
  },
);

/** `filter_…` ids. */
export const contentFilterNode = defineNode('filter', ['ContentFilter'], contentFilterLoader);

@Resolver(() => ViewerType)
export class ViewerFilterFields {
  @FieldResolver(() => [ContentFilterType], {
    description:
      'The viewer’s keyword filters, at most 50, the oldest first. Only the viewer sees them.',
  })
  @RequiresScope('read:feeds')
  @ListSize({ assumedSize: FILTERS / 5 })
  async filters(@Ctx() context: GraphQLContext): Promise<ContentFilterSource[]> {
    const { actorId } = requireViewer(context);
    return (await findContentFilters(context.database, actorId)).map(toContentFilterSource);
  }
}
