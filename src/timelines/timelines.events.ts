/** Facts about timelines, for live readers: each asks for itself whether the post is for them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';
import { defineEvent } from '../platform/journal/event.js';
import type { PostId, RepostId } from '../posts/post.entity.js';
import { authorTopic, HOME_TOPIC, PUBLIC_TOPIC } from '../posts/posts.events.js';
import type { TimelineKey } from './timeline-key.js';

/** A post is in the home timelines of everybody who follows its author and may see it. Once per post. */
export const homeTimelineExtended = defineEvent<{ postId: PostId; authorId: ActorId }>(
  'homeTimelineExtended',
  ({ authorId }) => [HOME_TOPIC, authorTopic(authorId)],
);

/** A post belongs to the public timeline, or to that of this server. Once per post. */
export const publicTimelineChanged = defineEvent<{ postId: PostId; authorId: ActorId }>(
  'publicTimelineChanged',
  () => [PUBLIC_TOPIC],
);

/** A repost and whose it is. */
interface HomeRepost {
  readonly repostId: RepostId;
  readonly postId: PostId;
  readonly reposterId: ActorId;
}

/** A repost is in the home timelines of the reposter's followers, as far as the post was not there. Once per repost. */
export const homeTimelineReposted = defineEvent<HomeRepost>('homeTimelineReposted', () => [
  HOME_TOPIC,
]);

/** A repost that was taken back has left the home timelines. */
export const homeRepostWithdrawn = defineEvent<HomeRepost>('homeRepostWithdrawn', () => [
  HOME_TOPIC,
]);

/** Live topic of how far one person has come in their timelines. */
export function markersTopic(ownerId: ActorId): string {
  return `markers:${ownerId}`;
}

/** Somebody has come further in a timeline. */
export const timelineMarkerMoved = defineEvent<TimelineKey & { ownerId: ActorId }>(
  'timelineMarkerMoved',
  ({ ownerId }) => [markersTopic(ownerId)],
);

/** Somebody and a hashtag. */
interface HashtagFollow {
  readonly followerId: ActorId;
  readonly hashtagId: Id<'hashtag'>;
}

/** Somebody follows a hashtag from now on. */
export const hashtagFollowed = defineEvent<HashtagFollow>('hashtagFollowed');

/** Somebody follows a hashtag no more. */
export const hashtagUnfollowed = defineEvent<HashtagFollow>('hashtagUnfollowed');
