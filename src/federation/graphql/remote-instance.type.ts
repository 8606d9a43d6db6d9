/** Other servers, for everybody. */
import { Args, Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import {
  findInstancesOf,
  findRemoteInstances,
  type RemoteInstanceRow,
} from '../remote-instances.queries.js';

@ObjectType('RemoteInstance', {
  description: 'Another server, as far as somebody of it is known here. Public.',
})
export class RemoteInstanceType {
  @Field(() => String, { description: 'Its name, where its people have their addresses.' })
  host!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What it says that it runs, such as `mastodon`; asked once in a week. Null when it has not said so yet.',
  })
  software!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Version of that software, in its own words; null when it has not said so.',
  })
  version!: string | null;

  @Field(() => Boolean, {
    description: 'False while it does not answer: what is published here waits for it.',
  })
  isReachable!: boolean;
}

@ObjectType('RemoteInstanceEdge', { description: 'A server and its place in a list.' })
export class RemoteInstanceEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => RemoteInstanceType, { description: 'The server.' })
  node!: RemoteInstanceRow;
}

@ObjectType('RemoteInstanceConnection', { description: 'A page of servers.' })
export class RemoteInstanceConnection {
  @Field(() => [RemoteInstanceEdge], { description: 'Servers with their places.' })
  edges!: RemoteInstanceEdge[];

  @Field(() => [RemoteInstanceType], { description: 'The servers alone.' })
  nodes!: RemoteInstanceRow[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

const instanceLoader = defineLoader<string, RemoteInstanceRow>(async ({ database }, ids) => {
  const rows = await findInstancesOf(database, ids);
  return new Map(rows.map((row) => [row.actorId as string, row]));
});

@Resolver(() => ActorType)
export class ActorInstanceFields {
  @FieldResolver(() => RemoteInstanceType, {
    nullable: true,
    description: 'The server that the actor is of; null for actors of this one.',
  })
  async instance(
    @Root() actor: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<RemoteInstanceRow | null> {
    return actor.domain === null ? null : load(context, instanceLoader, actor.id);
  }
}

@Resolver(() => InstanceType)
export class InstancePeerFields {
  @FieldResolver(() => RemoteInstanceConnection, {
    description:
      'Servers of which somebody is known here, the one that was met last first; suspended ones are left out. Public.',
  })
  @Cost(5)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async peers(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<RemoteInstanceRow>> {
    const request = readPage(args, 1, isUuid);
    const page = toPage(request, await findRemoteInstances(context.database, request));
    return toConnection(
      page,
      ({ id }) => [id],
      (row) => row,
    );
  }
}
