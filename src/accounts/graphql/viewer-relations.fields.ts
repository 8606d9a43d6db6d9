/** The viewer's own lists of relations; nobody else can read them. */
import { findBlockedDomains } from '../../actors/domain-blocks.queries.js';
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ActorConnection, relationConnection } from '../../actors/graphql/actor.connection.js';
import { PageArgs } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@Resolver(() => ViewerType)
export class ViewerRelationFields {
  @FieldResolver(() => ActorConnection, {
    description: 'Who asked to follow the viewer and waits for an answer, newest first.',
  })
  @RequiresScope('read:relationships')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  followRequests(
    @Root() viewer: ViewerSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return relationConnection(context, 'followRequests', viewer.actorId, args);
  }

  @FieldResolver(() => ActorConnection, {
    description: 'The viewer’s close friends, the latest first. Nobody else sees the list.',
  })
  @RequiresScope('read:relationships')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  closeFriends(
    @Root() viewer: ViewerSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return relationConnection(context, 'closeFriends', viewer.actorId, args);
  }

  @FieldResolver(() => [String], {
    description: 'Servers that the viewer blocks, by name; at most 1,000.',
  })
  @RequiresScope('read:relationships')
  @Cost(5)
  @ListSize({ assumedSize: 100 })
  blockedDomains(@Root() viewer: ViewerSource, @Ctx() context: GraphQLContext): Promise<string[]> {
    return findBlockedDomains(context.database, viewer.actorId);
  }

  @FieldResolver(() => ActorConnection, { description: 'Whom the viewer blocks, newest first.' })
  @RequiresScope('read:relationships')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  blockedActors(
    @Root() viewer: ViewerSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return relationConnection(context, 'blocked', viewer.actorId, args);
  }

  @FieldResolver(() => ActorConnection, {
    description: 'Whom the viewer mutes at present, newest first.',
  })
  @RequiresScope('read:relationships')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  mutedActors(
    @Root() viewer: ViewerSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ) {
    return relationConnection(context, 'muted', viewer.actorId, args);
  }
}
