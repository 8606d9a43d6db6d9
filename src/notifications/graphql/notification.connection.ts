/** Pages of notifications, and what stands with them. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import type { NotificationKind } from '../notification-kinds.js';
import { countUnread, findNotificationPage } from '../notifications.queries.js';
import { toNotificationSource, type NotificationSource } from './notification.loader.js';
import { NotificationKindEnum, NotificationType } from './notification.type.js';

@ObjectType('NotificationEdge', { description: 'A notification and its place in the list.' })
export class NotificationEdge {
  @Field(() => String, {
    description: 'Where it stands; pass as `after` or `before`, or to markNotificationsRead.',
  })
  cursor!: string;

  @Field(() => NotificationType, { description: 'The notification.' })
  node!: NotificationSource;
}

@ObjectType('NotificationConnection', { description: 'A page of notifications.' })
export class NotificationConnection {
  @Field(() => [NotificationEdge], { description: 'Notifications with their places.' })
  edges!: NotificationEdge[];

  @Field(() => [NotificationType], { description: 'The notifications alone.' })
  nodes!: NotificationSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@InputType('NotificationFilter', { description: 'Which notifications to list.' })
export class NotificationFilter {
  @Field(() => [NotificationKindEnum], { nullable: true, description: 'Only these; null = all.' })
  kinds?: NotificationKind[] | null;

  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'Only unread ones.' })
  unreadOnly?: boolean | null;
}

/** Arguments of the list. */
@ArgsType()
export class NotificationArgs extends PageArgs {
  @Field(() => NotificationFilter, { nullable: true, description: 'Which ones; null = all.' })
  filter?: NotificationFilter | null;
}

@Resolver(() => ViewerType)
export class ViewerNotificationFields {
  @FieldResolver(() => NotificationConnection, {
    description:
      'What the viewer may want to know, the latest first. A notification moves to the top when somebody joins it.',
  })
  @RequiresScope('read:notifications')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async notifications(
    @Args(() => NotificationArgs) args: NotificationArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<NotificationSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const choice = {
      kinds: args.filter?.kinds ?? null,
      isUnreadOnly: args.filter?.unreadOnly ?? false,
    };
    const now = context.clock.now();
    const page = await findNotificationPage(context.database, actorId, choice, request, now);
    return toConnection(page, ({ position }) => [position], toNotificationSource);
  }

  @FieldResolver(() => Int, {
    description: 'Unread notifications, counted up to 100: that many or more.',
  })
  @RequiresScope('read:notifications')
  unreadNotificationCount(@Ctx() context: GraphQLContext): Promise<number> {
    const { actorId } = requireViewer(context);
    return countUnread(context.database, actorId, context.clock.now());
  }
}
