/** A list of actors as the API shows it. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
import {
  findActorListsById,
  findListMembers,
  type ActorListId,
  type ActorListRow,
} from '../actor-lists.queries.js';

/** A list as resolvers see it. */
export type ActorListSource = ActorListRow & NodeSource;

/** Shapes a row. */
export function toActorListSource(row: ActorListRow): ActorListSource {
  return { ...row, nodeType: 'ActorList' };
}

/** Loads lists of the viewer; those of others are not there. */
export const actorListLoader = defineLoader<ActorListId, ActorListSource>(async (context, ids) => {
  const viewerId = context.viewer?.actorId;
  if (!viewerId) return new Map();
  const rows = await findActorListsById(context.database, ids, viewerId);
  return new Map(rows.map((row) => [row.id, toActorListSource(row)]));
});

/** `list_…` ids. */
export const actorListNode = defineNode('list', ['ActorList'], actorListLoader);

const membersLoader = definePageLoader((context, listIds, _variant: null, request) =>
  findListMembers(context.database, listIds, request, requireViewer(context).actorId),
);

@ObjectType('ActorList', {
  implements: Node,
  description:
    'A private list of actors with a timeline of its own. Only its owner ever sees it; nobody is told of being in it.',
  simpleResolvers: true,
})
export class ActorListType {
  @Field(() => String, { description: 'Its title in plain text.' })
  title!: string;

  @Field(() => Boolean, {
    description:
      'What its members publish or repost stays out of the home timeline, and is read here only.',
  })
  isExclusive!: boolean;

  @Field(() => Int, { description: 'Actors in it.' })
  memberCount!: number;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it or its members last changed.' })
  updatedAt!: Date;
}

@Resolver(() => ActorListType)
export class ActorListFields {
  @FieldResolver(() => ActorConnection, {
    description: 'Actors in it, followed or not, the last added first.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async members(
    @Root() list: ActorListSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
    const request = readPage(args, 1, isUuid);
    const page = await load(context, membersLoader, { ownerId: list.id, variant: null, request });
    return toActorConnection(context, page!);
  }
}
