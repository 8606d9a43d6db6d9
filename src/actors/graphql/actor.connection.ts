/** Pages of actors, and the lists that an actor shows. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { encodeCursor, readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  type ConnectionSource,
  type EdgeSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import type { ActorId } from '../actor.entity.js';
import { findRelations, type RelationList } from '../relationship.queries.js';
import { actorLoader, type ActorSource } from './actor.loader.js';
import { ActorType } from './actor.type.js';
import {
  relationshipLoader,
  RelationshipType,
  type RelationshipSource,
} from './relationship.type.js';

@ObjectType('ActorEdge', { description: 'An actor and its place in a list.' })
export class ActorEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => ActorType, { description: 'The actor.' })
  node!: ActorSource;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when it is in the list; null where the list has no such time.',
  })
  since!: Date | null;
}

@ObjectType('ActorConnection', { description: 'A page of actors.' })
export class ActorConnection {
  @Field(() => [ActorEdge], { description: 'Actors with their places.' })
  edges!: ActorEdge[];

  @Field(() => [ActorType], { description: 'The actors alone.' })
  nodes!: ActorSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** An actor's edge as resolvers return it. */
export type ActorEdgeSource = EdgeSource<ActorSource> & { since: Date | null };

const relationsLoader = definePageLoader((context, ownerIds, list: RelationList, request) =>
  findRelations(context.database, list, ownerIds, context.viewer?.actorId ?? null, request),
);

/** One page of a list of relations as a connection. The caller has decided that the viewer may read it. */
export async function relationConnection(
  context: GraphQLContext,
  list: RelationList,
  ownerId: ActorId,
  args: PageArgs,
): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
  const request = readPage(args, 1, isUuid);
  const page = (await load(context, relationsLoader, { ownerId, variant: list, request }))!;
  const edges = (
    await Promise.all(
      page.rows.map(async ({ actorId, id, since }) => {
        const node = await load(context, actorLoader, actorId);
        return node && { node, since, cursor: encodeCursor([id]) };
      }),
    )
  ).filter((edge) => edge !== null);
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: null,
  };
}

@Resolver(() => ActorType)
export class ActorRelationFields {
  @FieldResolver(() => ActorConnection, {
    nullable: true,
    description:
      'Accepted followers, newest first. Null when the owner hides the list; the owner always sees it.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  followers(
    @Root() actor: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return mayReadLists(context, actor)
      ? relationConnection(context, 'followers', actor.id, args)
      : null;
  }

  @FieldResolver(() => ActorConnection, {
    nullable: true,
    description:
      'Whom the actor follows, newest first. Null when the owner hides the list; the owner always sees it.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  following(
    @Root() actor: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return mayReadLists(context, actor)
      ? relationConnection(context, 'following', actor.id, args)
      : null;
  }

  @FieldResolver(() => RelationshipType, {
    nullable: true,
    description: 'How the viewer and this actor relate. Null when anonymous or for oneself.',
  })
  viewerRelationship(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<RelationshipSource | null> | null {
    return context.viewer && context.viewer.actorId !== actor.id
      ? load(context, relationshipLoader, actor.id)
      : null;
  }
}

function mayReadLists(context: GraphQLContext, actor: ActorSource): boolean {
  if (actor.status === 'SUSPENDED' || actor.status === 'DELETED') return false;
  return !actor.hidesFollowLists || context.viewer?.actorId === actor.id;
}
