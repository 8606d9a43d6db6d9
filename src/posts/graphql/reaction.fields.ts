/** Reactions of posts and comments, and the people behind them. */
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import { LIKE } from '../reaction-content.js';
import {
  findReactionGroups,
  findReactors,
  reactionGroupKey,
  type ReactionGroupRow,
} from '../reaction.queries.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
import { loadAround } from './around.js';
import type { CommentSource } from './comment.loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';
import { Reactable, ReactionGroupType } from './reactable.type.js';

const groupsLoader = defineLoader<string, ReactionGroupRow[]>(async (context, ids) => {
  const groups = new Map<string, ReactionGroupRow[]>(ids.map((id) => [id, []]));
  const rows = await findReactionGroups(context.database, ids, context.readerId);
  for (const row of rows) groups.get(row.subjectId)?.push(row);
  return groups;
});

const reactorsLoader = definePageLoader((context, groupKeys, _variant: null, request) =>
  findReactors(context.database, groupKeys, request, context.readerId),
);

@Resolver(() => Reactable)
export class ReactableFields {
  @FieldResolver(() => [ReactionGroupType])
  async reactions(
    @Root() subject: PostSource | CommentSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ReactionGroupRow[]> {
    if ('hidesCounts' in subject && subject.hidesCounts) return [];
    return (await load(context, groupsLoader, subject.id)) ?? [];
  }
}

@Resolver(() => ReactionGroupType)
export class ReactionGroupFields {
  @FieldResolver(() => ActorConnection, {
    description: 'Who reacted so, the newest first, as far as the viewer may see them.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  reactors(
    @Root() group: ReactionGroupRow,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
    return reactorConnection(context, group.subjectId, group.content, args);
  }
}

@Resolver(() => PostType)
export class PostLikeFields {
  @FieldResolver(() => ActorConnection, {
    nullable: true,
    description:
      'Who reacted with ❤, the newest first, as far as the viewer may see them. Null where the author hides numbers from others, or the viewer wants to see none of others.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  likedBy(
    @Root() post: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> | null {
    return post.hidesCounts ? null : reactorConnection(context, post.id, LIKE, args);
  }
}

async function reactorConnection(
  context: GraphQLContext,
  subjectId: string,
  content: string,
  args: PageArgs,
): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
  const request = readPage(args, 1, isUuid);
  const key = { ownerId: reactionGroupKey(subjectId, content), variant: null, request };
  return toActorConnection(context, await loadAround(context, reactorsLoader, key, subjectId));
}
