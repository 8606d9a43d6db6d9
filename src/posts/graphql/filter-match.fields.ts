/** Which keyword filters match a post or comment. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { ContentFilterId } from '../../filters/content-filter.js';
import {
  contentFilterLoader,
  ContentFilterType,
  type ContentFilterSource,
} from '../../filters/graphql/content-filter.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { hasAnyScope } from '../../platform/scopes.js';
import { findFilterMatches, type FilterMatchRow } from '../filter-match.queries.js';
import type { CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import { PostViewerStateType } from './post.type.js';

@ObjectType('FilterMatch', {
  description: 'A keyword filter of the viewer, and what it found.',
  simpleResolvers: true,
})
export class FilterMatchType {
  @Field(() => [String], { description: 'Keywords of the filter that were found, at least one.' })
  keywords!: readonly string[];

  filterId!: ContentFilterId;
}

@Resolver(() => FilterMatchType)
export class FilterMatchFields {
  @FieldResolver(() => ContentFilterType, {
    description: 'The filter, with its action and contexts.',
  })
  async filter(
    @Root() { filterId }: FilterMatchRow,
    @Ctx() context: GraphQLContext,
  ): Promise<ContentFilterSource> {
    return (await load(context, contentFilterLoader, filterId))!;
  }
}

const matchesLoader = defineLoader<string, FilterMatchRow[]>(async (context, ids) => {
  const viewerId = context.viewer?.actorId;
  if (!viewerId) return new Map();
  const matches = new Map<string, FilterMatchRow[]>();
  for (const match of await findFilterMatches(context.database, ids, viewerId, context.clock.now()))
    matches.set(match.subjectId, [...(matches.get(match.subjectId) ?? []), match]);
  return matches;
});

const MATCHED =
  'Keyword filters of the viewer that match it, whatever they do and wherever they apply: clients follow those of the context in which they show it. None for what the viewer wrote. Null when anonymous, and without the scope read:feeds.';

@Resolver(() => PostViewerStateType)
export class PostFilterFields {
  @FieldResolver(() => [FilterMatchType], { nullable: true, description: MATCHED })
  @ListSize({ assumedSize: 2 })
  matchedFilters(
    @Root() { postId }: { readonly postId: string },
    @Ctx() context: GraphQLContext,
  ): Promise<FilterMatchRow[]> | null {
    return matchesOf(context, postId);
  }
}

@Resolver(() => CommentType)
export class CommentFilterFields {
  @FieldResolver(() => [FilterMatchType], { nullable: true, description: MATCHED })
  @ListSize({ assumedSize: 2 })
  matchedFilters(
    @Root() comment: CommentSource,
    @Ctx() context: GraphQLContext,
  ): Promise<FilterMatchRow[]> | null {
    return matchesOf(context, comment.id);
  }
}

function matchesOf(context: GraphQLContext, id: string): Promise<FilterMatchRow[]> | null {
  if (!context.viewer || !hasAnyScope(context.viewer.scopes, ['read:feeds'])) return null;
  return load(context, matchesLoader, id).then((matches) => matches ?? []);
}
