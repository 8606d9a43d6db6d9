/** The viewer's lists of actors, and their timelines. */
import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import type { ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid, readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { PostConnection, toPostConnection } from '../../posts/graphql/post.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { toTimelineChoice } from '../../posts/graphql/timeline-filter.input.js';
import { findActorLists, findListsOfActors } from '../actor-lists.queries.js';
import { ACTOR_LISTS } from '../save-actor-list.js';
import { findListPage } from '../timelines.queries.js';
import { ActorListType, toActorListSource, type ActorListSource } from './actor-list.type.js';
import { TimelineArgs } from './viewer-home.fields.js';

/** Arguments of the timeline of a list. */
@ArgsType()
export class ListTimelineArgs extends TimelineArgs {
  @Field(() => ID, { description: 'The list.' })
  listId!: string;
}

const listsOfActorLoader = defineLoader<ActorId, ActorListSource[]>(async (context, actorIds) => {
  const lists = new Map<string, ActorListSource[]>(actorIds.map((id) => [id, []]));
  const { actorId } = requireViewer(context);
  for (const row of await findListsOfActors(context.database, actorIds, actorId))
    lists.get(row.actorId)?.push(toActorListSource(row));
  return lists;
});

@Resolver(() => ViewerType)
export class ViewerListFields {
  @FieldResolver(() => [ActorListType], {
    description: 'The viewer’s lists of actors, at most 100, by title. Only the viewer sees them.',
  })
  @RequiresScope('read:feeds')
  @ListSize({ assumedSize: ACTOR_LISTS / 5 })
  async lists(@Ctx() context: GraphQLContext): Promise<ActorListSource[]> {
    const { actorId } = requireViewer(context);
    return (await findActorLists(context.database, actorId)).map(toActorListSource);
  }

  @FieldResolver(() => PostConnection, {
    description:
      'Posts of the members of an own list that the viewer may see, the newest first, without muted members and reposts. Empty for a list that is not the viewer’s.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async listTimeline(
    @Args(() => ListTimelineArgs) args: ListTimelineArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const listId = readId('list', args.listId, ['listId']);
    const choice = toTimelineChoice(args.filter);
    const now = context.clock.now();
    return toPostConnection(
      await findListPage(context.database, actorId, listId, choice, request, now),
    );
  }
}

@Resolver(() => ActorType)
export class ActorListedFields {
  @FieldResolver(() => [ActorListType], {
    nullable: true,
    description:
      'The viewer’s lists that this actor is in, by title; nobody else learns of them. Null without the scope.',
  })
  @RequiresScope('read:feeds')
  @ListSize({ assumedSize: 5 })
  async viewerLists(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorListSource[]> {
    return (await load(context, listsOfActorLoader, actor.id)) ?? [];
  }
}
