/** Timelines that grow while somebody looks at them. Each event asks anew in whose timeline the post stands. */
import { Arg, Ctx, Field, ID, InputType, Resolver, Root, Subscription } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { OneOf, Shared } from '../../platform/graphql/directives.js';
import { requireScope } from '../../platform/graphql/enforce-scopes.js';
import { Invalid } from '../../platform/errors.js';
import { readId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { foldHashtag } from '../../posts/content/hashtag.js';
import { findMemberIds } from '../actor-lists.queries.js';
import type { PayloadOf } from '../../platform/journal/event.js';
import { LiveSource, type LiveFilter } from '../../platform/realtime/live-source.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { TimelineFilter, toTimelineChoice } from '../../posts/graphql/timeline-filter.input.js';
import {
  authorTopic,
  HOME_TOPIC,
  postArchived,
  postDeleted,
  postUnarchived,
  postUpdated,
  PUBLIC_TOPIC,
} from '../../posts/posts.events.js';
import type { TimelineChoice } from '../../posts/timeline-choice.js';
import {
  findFormerHomes,
  findHashtagReaders,
  findHomes,
  findHomesOfRepost,
  findListOwner,
  findPlaceReaders,
  findPublicTimelines,
  type TimelinePost,
} from '../live-timelines.queries.js';
import {
  homeRepostWithdrawn,
  homeTimelineExtended,
  homeTimelineReposted,
  publicTimelineChanged,
} from '../timelines.events.js';
import {
  TimelineEventType,
  timelineChange,
  timelinePostId,
  toTimelineEvent,
} from './timeline-event.type.js';

@InputType('TimelineSource', { description: 'Exactly one timeline to watch.' })
@OneOf()
export class TimelineSource {
  @Field(() => Boolean, {
    nullable: true,
    description: "True: the viewer's home timeline; needs the scope read:posts.",
  })
  home?: boolean | null;

  @Field(() => TimelineFilter, {
    nullable: true,
    description: 'The public timeline, or that of this server, so filtered.',
  })
  public?: TimelineFilter | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'That of an own list of actors, with the members that it has when the subscription starts; silent for another one. Needs the scope read:posts.',
  })
  listId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'That of a hashtag, by its name in any spelling. Of deleted posts comes the id alone, also of such as did not have it.',
  })
  hashtag?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'That of a place; silent for one that is not there. Of deleted posts comes the id alone, also of such as were made elsewhere.',
  })
  placeId?: string | null;
}

const POST_CHANGES = [postArchived, postDeleted, postUnarchived, postUpdated].map(
  ({ name }) => name,
);
const HOME_EVENTS = new Set([
  homeTimelineExtended.name,
  homeTimelineReposted.name,
  homeRepostWithdrawn.name,
  ...POST_CHANGES,
]);
const PUBLIC_EVENTS = new Set([publicTimelineChanged.name, ...POST_CHANGES]);

/** Events of home timelines, to those who have the post in theirs. */
export const homeFilter: LiveFilter = {
  isWanted: ({ name }) => HOME_EVENTS.has(name),
  admit: ({ database, clock }, event, onlookers) => {
    const now = clock.now();
    if (event.name === homeTimelineReposted.name) {
      const { repostId: id, postId } = event.payload as PayloadOf<typeof homeTimelineReposted>;
      return findHomesOfRepost(database, { id, postId }, onlookers, now);
    }
    if (event.name === homeRepostWithdrawn.name) {
      const repost = event.payload as PayloadOf<typeof homeRepostWithdrawn>;
      return findFormerHomes(database, repost, onlookers, now);
    }
    return findHomes(database, postOf(event), onlookers, now);
  },
};

@Resolver()
export class TimelineSubscriptions {
  @Subscription(() => TimelineEventType, {
    description:
      'Posts that come into a timeline, change, or go, from now on. Each event comes only to those who may see the post when it happens.',
    subscribe: ({ args, context }) =>
      timelineSource(args as TimelineChangedArgs, context as GraphQLContext),
  })
  @Shared()
  timelineChanged(
    @Root() event: LiveEvent,
    @Arg('timeline', () => TimelineSource, { description: 'Which timeline.' })
    _timeline: TimelineSource,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: replays up to 15 minutes and 1,000 events, else INVALID_CURSOR.',
    })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<TimelineEventType> {
    return toTimelineEvent(event, context);
  }
}

interface TimelineChangedArgs {
  readonly timeline: TimelineSource;
  readonly after?: string | null;
}

function timelineSource(
  { timeline, after }: TimelineChangedArgs,
  context: GraphQLContext,
): LiveSource | Promise<LiveSource> {
  if (timeline.listId != null) return listSource(context, timeline.listId, after ?? null);
  if (timeline.hashtag != null) return hashtagSource(timeline.hashtag, after ?? null);
  if (timeline.placeId != null) return placeSource(timeline.placeId, after ?? null);
  if (timeline.public)
    return new LiveSource(
      publicFilter(toTimelineChoice(timeline.public)),
      [PUBLIC_TOPIC],
      after ?? null,
    );
  if (timeline.home !== true)
    throw new Invalid('Give home: true, or leave it out.', ['timeline', 'home'], 'TRUE');
  requireScope(context, ['read:posts']);
  return new LiveSource(homeFilter, [HOME_TOPIC], after ?? null);
}

/** Only the members' posts are listened to, so that other posts cost a list nothing. */
async function listSource(
  context: GraphQLContext,
  globalId: string,
  after: string | null,
): Promise<LiveSource> {
  requireScope(context, ['read:posts']);
  const { actorId } = requireViewer(context);
  const listId = readId('list', globalId, ['timeline', 'listId']);
  const members = await findMemberIds(context.database, listId, actorId);
  const filter: LiveFilter = {
    isWanted: isOfPost,
    admit: ({ database, clock }, event, onlookers) =>
      findListOwner(database, postOf(event), listId, onlookers, clock.now()),
  };
  return new LiveSource(filter, members.toSorted().map(authorTopic), after);
}

function hashtagSource(written: string, after: string | null): LiveSource {
  const name = foldHashtag(written);
  if (name === null)
    throw new Invalid('This can be no hashtag.', ['timeline', 'hashtag'], 'HASHTAG');
  const filter: LiveFilter = {
    isWanted: isOfPost,
    admit: ({ database, clock }, event, onlookers) =>
      findHashtagReaders(database, postOf(event), name, onlookers, clock.now()),
  };
  return new LiveSource(filter, [HOME_TOPIC], after);
}

function placeSource(globalId: string, after: string | null): LiveSource {
  const placeId = readId('place', globalId, ['timeline', 'placeId']);
  const filter: LiveFilter = {
    isWanted: isOfPost,
    admit: ({ database, clock }, event, onlookers) =>
      findPlaceReaders(database, postOf(event), placeId, onlookers, clock.now()),
  };
  return new LiveSource(filter, [HOME_TOPIC], after);
}

/** Once per new post, and for what happens to it later; not for reposts. */
function isOfPost({ name }: LiveEvent): boolean {
  return name === homeTimelineExtended.name || POST_CHANGES.includes(name);
}

function publicFilter(choice: TimelineChoice): LiveFilter {
  return {
    isWanted: ({ name }) => PUBLIC_EVENTS.has(name),
    admit: ({ database, clock }, event, onlookers) =>
      findPublicTimelines(database, postOf(event), choice, onlookers, clock.now()),
  };
}

function postOf(event: LiveEvent): TimelinePost {
  return { id: timelinePostId(event), isRemoved: timelineChange(event) === 'REMOVED' };
}
