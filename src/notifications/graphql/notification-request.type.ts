/** Who waits to be let into the viewer's notifications. */
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { ownViewer } from '../../accounts/graphql/own-viewer.js';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { isUuid, readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  findRequestPage,
  findRequests,
  type NotificationRequestId,
  type NotificationRequestRow,
} from '../notification-requests.queries.js';
import { respondToNotificationRequest } from '../respond-to-notification-request.js';

/** A request as resolvers see it. */
export type NotificationRequestSource = NotificationRequestRow & NodeSource;

function toSource(row: NotificationRequestRow): NotificationRequestSource {
  return { ...row, nodeType: 'NotificationRequest' };
}

const requestLoader = defineLoader<NotificationRequestId, NotificationRequestSource>(
  async ({ database, viewer, clock }, ids) => {
    const rows = viewer ? await findRequests(database, ids, viewer.actorId, clock.now()) : [];
    return new Map(rows.map((row) => [row.id, toSource(row)]));
  },
);

/** `notificationrequest_…` ids. */
export const notificationRequestNode = defineNode(
  'notificationrequest',
  ['NotificationRequest'],
  requestLoader,
);

@ObjectType('NotificationRequest', {
  implements: [Node],
  description:
    'Notifications of one sender that the policy of the viewer keeps back. Only the viewer sees it; the sender is never told.',
})
@RequiresScope('read:notifications')
export class NotificationRequestType {
  @Field(() => DateTimeScalar, { description: 'When the first of them came.' })
  createdAt!: Date;

  @Field(() => Int, { description: 'How many notifications wait.' })
  notificationCount!: number;
}

@ObjectType('NotificationRequestEdge', { description: 'A request and its place in the list.' })
export class NotificationRequestEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => NotificationRequestType, { description: 'The request.' })
  node!: NotificationRequestSource;
}

@ObjectType('NotificationRequestConnection', { description: 'A page of requests.' })
export class NotificationRequestConnection {
  @Field(() => [NotificationRequestEdge], { description: 'Requests with their places.' })
  edges!: NotificationRequestEdge[];

  @Field(() => [NotificationRequestType], { description: 'The requests alone.' })
  nodes!: NotificationRequestSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@InputType('RespondToNotificationRequestInput', { description: 'The answer to a request.' })
export class RespondToNotificationRequestInput {
  @Field(() => ID, { description: 'Which request.' })
  requestId!: string;

  @Field(() => Boolean, {
    description:
      'True: what waits arrives, and so does whatever comes later. False: what waits is forgotten.',
  })
  accept!: boolean;
}

@ObjectType('RespondToNotificationRequestPayload', {
  description: 'Result of respondToNotificationRequest.',
})
export class RespondToNotificationRequestPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description: 'The viewer, to read the lists anew; null when nothing was done.',
  })
  viewer!: ViewerType | null;
}

@Resolver(() => NotificationRequestType)
export class NotificationRequestFields {
  @FieldResolver(() => ActorType, { description: 'Who sends them.' })
  async actor(
    @Root() request: NotificationRequestSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    const actor = await load(context, actorLoader, request.actorId);
    if (!actor) throw new Error('A request that is shown has a sender who is shown');
    return actor;
  }
}

@Resolver(() => ViewerType)
export class ViewerNotificationRequestFields {
  @FieldResolver(() => NotificationRequestConnection, {
    description: 'Who waits to be let in, the newest first.',
  })
  @RequiresScope('read:notifications')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async notificationRequests(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<NotificationRequestSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const now = context.clock.now();
    const page = await findRequestPage(context.database, actorId, request, now);
    return toConnection(page, ({ id }) => [id], toSource);
  }

  @Mutation(() => RespondToNotificationRequestPayload, {
    description:
      'Let the sender of a request in, or forget what waits. A later notification of a sender who was not let in makes a new request. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:notifications')
  respondToNotificationRequest(
    @Arg('input', () => RespondToNotificationRequestInput, { description: 'The answer.' })
    input: RespondToNotificationRequestInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null }>> {
    return answer(
      context,
      async () => {
        const requestId = readId('notificationrequest', input.requestId, ['requestId']);
        await respondToNotificationRequest(context, { requestId, accept: input.accept });
      },
      async () => ({ viewer: await ownViewer(context) }),
    );
  }
}
