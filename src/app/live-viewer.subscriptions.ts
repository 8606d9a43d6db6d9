/** The one stream that an app of a signed-in person holds open; every slice's private events come together here. */
import { Arg, createUnionType, Ctx, Resolver, Root, Subscription } from 'type-graphql';
import { accountTopic } from '../accounts/accounts.events.js';
import { AccountEventType, toAccountEvent } from '../accounts/graphql/account-event.type.js';
import {
  isOfNotifications,
  NotificationEventType,
  toNotificationEvent,
} from '../notifications/graphql/notification-event.type.js';
import { notificationsTopic } from '../notifications/notifications.events.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { describedEnum } from '../platform/graphql/described-enum.js';
import { RequiresScope } from '../platform/graphql/directives.js';
import { requireScope } from '../platform/graphql/enforce-scopes.js';
import { everybody, LiveSource, type LiveFilter } from '../platform/realtime/live-source.js';
import type { LiveEvent } from '../platform/realtime/live-event.js';
import { requireViewer } from '../platform/require-viewer.js';
import { hasAnyScope } from '../platform/scopes.js';
import { HOME_TOPIC } from '../posts/posts.events.js';
import { STORIES_TOPIC } from '../stories/stories.events.js';
import { StoryEventType, storyFilter, toStoryEvent } from '../stories/graphql/story-event.type.js';
import { TimelineEventType, toTimelineEvent } from '../timelines/graphql/timeline-event.type.js';
import {
  isOfMarkers,
  TimelineMarkerEventType,
  toTimelineMarkerEvent,
} from '../timelines/graphql/timeline-marker.type.js';
import { markersTopic } from '../timelines/timelines.events.js';
import { homeFilter } from '../timelines/graphql/timeline.subscriptions.js';

const EVENT_TOPICS = {
  ACCOUNT: "Sessions and state of the viewer's account.",
  HOME: 'Posts of the home timeline; needs the scope read:posts.',
  MARKERS: 'How far the viewer has come in timelines; needs the scope read:feeds.',
  NOTIFICATIONS: 'Notifications, received and read; needs the scope read:notifications.',
  STORIES: 'Stories of the tray; needs the scope read:posts.',
} as const;

type EventTopic = keyof typeof EVENT_TOPICS;

/** GraphQL enum of the topics. */
export const EventTopicEnum = describedEnum<EventTopic>(
  'EventTopic',
  'Topics of viewerEvents.',
  EVENT_TOPICS,
);

/** Union of everything that the stream carries. */
export const ViewerEventUnion = createUnionType({
  name: 'ViewerEvent',
  description: 'Event of the stream of one viewer.',
  types: () =>
    [
      AccountEventType,
      NotificationEventType,
      StoryEventType,
      TimelineEventType,
      TimelineMarkerEventType,
    ] as const,
});

/** Only the home and the stories topics are common to all: the others belong to their viewer alone. */
const viewerFilter: LiveFilter = {
  isWanted: (event) => filterOf(event)?.isWanted(event) ?? true,
  admit: (services, event, onlookers) =>
    (filterOf(event)?.admit ?? everybody)(services, event, onlookers),
};

const SCOPES: Partial<Record<EventTopic, readonly string[]>> = {
  HOME: ['read:posts'],
  MARKERS: ['read:feeds'],
  NOTIFICATIONS: ['read:notifications'],
  STORIES: ['read:posts'],
};

interface ViewerEventsArgs {
  readonly topics?: readonly EventTopic[] | null;
  readonly after?: string | null;
}

@Resolver()
export class LiveViewerSubscriptions {
  @Subscription(() => ViewerEventUnion, {
    description:
      'One stream of everything that concerns the viewer: use this first. Nobody else ever gets these events.',
    subscribe: ({ args, context }) =>
      viewerSource(args as ViewerEventsArgs, context as GraphQLContext),
  })
  @RequiresScope('read')
  viewerEvents(
    @Root() event: LiveEvent,
    @Arg('topics', () => [EventTopicEnum], {
      nullable: true,
      description: 'What to hear of; null = everything.',
    })
    _topics: EventTopic[] | null | undefined,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: replays up to 15 minutes and 1,000 events, else INVALID_CURSOR.',
    })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ):
    | AccountEventType
    | Promise<
        NotificationEventType | StoryEventType | TimelineEventType | TimelineMarkerEventType
      > {
    if (isOfHome(event)) return toTimelineEvent(event, context);
    if (isOfStories(event)) return toStoryEvent(event, context);
    if (isOfMarkers(event)) return toTimelineMarkerEvent(event, context);
    return isOfNotifications(event) ? toNotificationEvent(event, context) : toAccountEvent(event);
  }
}

function viewerSource({ topics, after }: ViewerEventsArgs, context: GraphQLContext): LiveSource {
  const { accountId, actorId, scopes } = requireViewer(context);
  const mayHear = (topic: EventTopic): boolean => {
    const needed = SCOPES[topic];
    return !needed || hasAnyScope(scopes, needed);
  };
  for (const topic of topics ?? []) if (!mayHear(topic)) requireScope(context, SCOPES[topic]!);
  const names: Record<EventTopic, string> = {
    ACCOUNT: accountTopic(accountId),
    HOME: HOME_TOPIC,
    MARKERS: markersTopic(actorId),
    NOTIFICATIONS: notificationsTopic(actorId),
    STORIES: STORIES_TOPIC,
  };
  const wanted = new Set(topics ?? (Object.keys(names) as EventTopic[]));
  const listened = [...wanted].filter(mayHear).map((topic) => names[topic]);
  return new LiveSource(viewerFilter, listened, after ?? null);
}

function filterOf(event: LiveEvent): LiveFilter | null {
  if (isOfHome(event)) return homeFilter;
  return isOfStories(event) ? storyFilter : null;
}

function isOfHome({ topics }: LiveEvent): boolean {
  return topics.includes(HOME_TOPIC);
}

function isOfStories({ topics }: LiveEvent): boolean {
  return topics.includes(STORIES_TOPIC);
}
