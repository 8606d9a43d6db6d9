/** How a post fares on its way to other servers, for its author. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import {
  countFederation,
  DELIVERY_STATES,
  findFederationHosts,
  type DeliveryState,
  type FederationCounts,
  type HostDeliveryRow,
} from '../post-federation.queries.js';

/** GraphQL enum of the states. */
export const DeliveryStateEnum = describedEnum(
  'DeliveryState',
  'What became of something on its way to another server.',
  DELIVERY_STATES,
);

@ObjectType('HostDelivery', {
  description: 'What became of the last news of a post on its way to one server. For the author.',
  simpleResolvers: true,
})
export class HostDeliveryType {
  @Field(() => String, { description: 'Name of the server.' })
  host!: string;

  @Field(() => DeliveryStateEnum, { description: 'How it stands.' })
  state!: DeliveryState;

  @Field(() => Int, { description: 'How often it was tried.' })
  attempts!: number;

  @Field(() => String, {
    nullable: true,
    description: 'What went wrong the last time, in words; null when nothing did.',
  })
  failure!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Not tried again before; null when it is not tried any more.',
  })
  nextAttemptAt!: Date | null;
}

@ObjectType('HostDeliveryEdge', { description: 'A server and its place in a list.' })
export class HostDeliveryEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => HostDeliveryType, { description: 'The server.' })
  node!: HostDeliveryType;
}

@ObjectType('HostDeliveryConnection', {
  description: 'A page of servers.',
  simpleResolvers: true,
})
export class HostDeliveryConnection {
  @Field(() => [HostDeliveryEdge], { description: 'Servers with their places.' })
  edges!: HostDeliveryEdge[];

  @Field(() => [HostDeliveryType], { description: 'The servers alone.' })
  nodes!: HostDeliveryType[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@ObjectType('PostFederation', {
  description: 'How far the last news of a post has come. For its author; numbers of servers.',
  simpleResolvers: true,
})
export class PostFederationType {
  @Field(() => Int, { description: 'Servers that have it.' })
  delivered!: number;

  @Field(() => Int, { description: 'Servers to which it is on its way.' })
  pending!: number;

  @Field(() => Int, { description: 'Servers that refused it, or for which it was given up.' })
  failed!: number;

  @Field(() => Int, { description: 'Servers that have not answered for days.' })
  parked!: number;

  @Field(() => String, {
    nullable: true,
    description: 'What went wrong last, in words; null when nothing did.',
  })
  lastFailure!: string | null;
}

/** Arguments of the servers of a post. */
@ArgsType()
export class HostDeliveryArgs extends PageArgs {
  @Field(() => DeliveryStateEnum, { nullable: true, description: 'Only these; null = all.' })
  state?: DeliveryState | null;
}

const countsLoader = defineLoader<string, FederationCounts>(async ({ database, viewer }, ids) => {
  const rows = viewer ? await countFederation(database, ids, viewer.actorId) : [];
  return new Map(rows.map((row) => [row.postId, row]));
});
const hostsLoader = definePageLoader(
  async ({ database, viewer }, ids, state: DeliveryState | null, request) =>
    viewer ? findFederationHosts(database, ids, request, viewer.actorId, state) : [],
);

@Resolver(() => PostType)
export class PostFederationFields {
  @FieldResolver(() => PostFederationType, {
    nullable: true,
    description:
      'On which other servers the last news of the post has arrived. Null for everybody but its author, and for a post that stays here.',
  })
  async federation(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<FederationCounts | null> {
    const isOwn = post.isLocal && post.author.id === context.viewer?.actorId;
    if (!isOwn || post.visibility === 'LOCAL') return null;
    return (await load(context, countsLoader, post.id)) ?? noneOf(post.id);
  }
}

@Resolver(() => PostFederationType)
export class PostFederationHostFields {
  @FieldResolver(() => HostDeliveryConnection, {
    description: 'The servers, in an order that stays the same and means nothing.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async hosts(
    @Root() { postId }: FederationCounts,
    @Args(() => HostDeliveryArgs) args: HostDeliveryArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<HostDeliveryType>> {
    const key = {
      ownerId: postId,
      variant: args.state ?? null,
      request: readPage(args, 1, isUuid),
    };
    return toConnection((await load(context, hostsLoader, key))!, (row) => [row.key], toHost);
  }
}

function toHost({ host, state, attempts, failure, nextAttemptAt }: HostDeliveryRow) {
  return {
    host,
    state,
    attempts,
    failure,
    nextAttemptAt: state === 'PENDING' ? nextAttemptAt : null,
  };
}

function noneOf(postId: string): FederationCounts {
  return { postId, delivered: 0, pending: 0, failed: 0, parked: 0, lastFailure: null };
}
