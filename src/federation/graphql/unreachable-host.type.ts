/** Servers that do not answer, for the staff. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { AdminType } from '../../accounts/graphql/admin.type.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { requireRole } from '../../platform/require-viewer.js';
import {
  countWaiting,
  findUnreachableHosts,
  type UnreachableHostRow,
} from '../unreachable-hosts.queries.js';

const waitingLoader = defineLoader<string, number>(async ({ database }, hosts) => {
  const rows = await countWaiting(database, hosts);
  return new Map(rows.map(({ host, count }) => [host, count]));
});

@ObjectType('UnreachableHost', {
  description: 'A server that does not answer. Needs the role MODERATOR.',
})
export class UnreachableHostType {
  @Field(() => String, { description: 'Its name.' })
  host!: string;

  @Field(() => DateTimeScalar, { description: 'Since when nothing has arrived there.' })
  since!: Date;

  @Field(() => Int, { description: 'On how many days it failed; on the seventh it is parked.' })
  failingDays!: number;

  @Field(() => String, {
    nullable: true,
    description: 'What went wrong the last time, in words; null when that is not known.',
  })
  lastFailure!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it was parked: nothing is tried there until it sends something, or answers a daily probe. Null = it is still tried.',
  })
  parkedAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'Not tried, or probed, again before.' })
  nextAttemptAt!: Date;
}

@Resolver(() => UnreachableHostType)
export class UnreachableHostFields {
  @FieldResolver(() => Int, { description: 'Deliveries that wait for it; 10,000 stands for more.' })
  @Cost(5)
  async waitingDeliveries(
    @Root() { host }: UnreachableHostRow,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, waitingLoader, host)) ?? 0;
  }
}

@ObjectType('UnreachableHostEdge', { description: 'A server and its place in a list.' })
export class UnreachableHostEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => UnreachableHostType, { description: 'The server.' })
  node!: UnreachableHostRow;
}

@ObjectType('UnreachableHostConnection', { description: 'A page of servers.' })
export class UnreachableHostConnection {
  @Field(() => [UnreachableHostEdge], { description: 'Servers with their places.' })
  edges!: UnreachableHostEdge[];

  @Field(() => [UnreachableHostType], { description: 'The servers alone.' })
  nodes!: UnreachableHostRow[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@Resolver(() => AdminType)
export class AdminUnreachableHostFields {
  @FieldResolver(() => UnreachableHostConnection, {
    description: 'Servers that do not answer, the latest first. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:federation')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async unreachableHosts(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<UnreachableHostRow>> {
    requireRole(context, 'MODERATOR');
    const request = readPage(args, 1, isUuid);
    const page = toPage(request, await findUnreachableHosts(context.database, request));
    return toConnection(
      page,
      ({ id }) => [id],
      (row) => row,
    );
  }
}
