/** Facts about posts, comments and reactions. Ids only: whoever follows up reads the present state. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import type { Id } from '../platform/ids.js';
import { defineEvent } from '../platform/journal/event.js';
import type { PhotoTagId } from './photo-tag.js';
import type { CommentId, PostId, PostKind, RepostId } from './post.entity.js';

/** A post and who made it. */
export interface PostFact {
  readonly postId: PostId;
  readonly authorId: ActorId;
  readonly visibility: Visibility;
}

/** A comment, its post and who made it. */
export interface CommentFact {
  readonly commentId: CommentId;
  readonly postId: PostId;
  /** The comment that it answers; null on the first level. */
  readonly parentId: CommentId | null;
  readonly authorId: ActorId;
}

/** Live topic of one post: it, its comments, its counters. */
export function postTopic(postId: PostId): string {
  return `post:${postId}`;
}

/** Live topic of everything that can change a home timeline. */
export const HOME_TOPIC = 'home';

/** Live topic of everything that can change the timelines of one author's posts. */
export function authorTopic(authorId: ActorId): string {
  return `author:${authorId}`;
}

/** Live topic of everything that can change the public timelines. */
export const PUBLIC_TOPIC = 'public';

/** A comment of another server is there since its author follows, or is followed: others cannot know that it may be. */
export const commentLetIn = defineEvent<{ commentId: CommentId }>('commentLetIn');

/** A post is there from now on. */
export const postPublished = defineEvent<
  PostFact & { kind: PostKind; mentionedIds: readonly ActorId[] }
>('postPublished', ({ postId }) => [postTopic(postId)]);

/** A post that another server published earlier came to be known here: it has its place, and is no news. */
export const postFound = defineEvent<PostFact>('postFound');

/** Somebody here looks at a post of another server. */
export const remotePostLookedAt = defineEvent<{ postId: PostId }>('remotePostLookedAt');

/** A post was changed. `mentionedIds` are those who were not mentioned before. */
export const postUpdated = defineEvent<
  PostFact & { mentionedIds: readonly ActorId[]; mayHaveNewVideo?: boolean }
>('postUpdated', (post) => [postTopic(post.postId), ...timelineTopics(post)]);

/** A post is gone for everybody. One that was put away is in no timeline. */
export const postDeleted = defineEvent<PostFact & { isArchived: boolean }>(
  'postDeleted',
  (post) => [postTopic(post.postId), ...(post.isArchived ? [] : timelineTopics(post))],
);

/** Its author put a post away: for everybody else it is gone. */
export const postArchived = defineEvent<PostFact>('postArchived', (post) => [
  postTopic(post.postId),
  ...timelineTopics(post),
]);

/** Its author brought a post back: it is where it was. */
export const postUnarchived = defineEvent<PostFact>('postUnarchived', (post) => [
  postTopic(post.postId),
  ...timelineTopics(post),
]);

/** Its author pinned a post to the profile, or took the pin off. */
export const postPinSet = defineEvent<PostFact & { isPinned: boolean }>(
  'postPinSet',
  ({ postId }) => [postTopic(postId)],
);

/** Other servers took or refused what was told of a post of this server. News for its author alone. */
export const postDelivered = defineEvent<{ postId: PostId; authorId: ActorId }>(
  'postDelivered',
  ({ postId }) => [postTopic(postId)],
);

/** A comment is there from now on. */
export const commentAdded = defineEvent<
  CommentFact & {
    readonly mentionedIds: readonly ActorId[];
    /** Somebody of this server wrote it. */
    readonly isLocal: boolean;
  }
>('commentAdded', ({ postId }) => [postTopic(postId)]);

/** A comment that another server published earlier came to be known here. */
export const commentFound = defineEvent<CommentFact>('commentFound', ({ postId }) => [
  postTopic(postId),
]);

/** A comment was changed. */
export const commentUpdated = defineEvent<CommentFact>('commentUpdated', ({ postId }) => [
  postTopic(postId),
]);

/** A comment is gone for everybody, and with it the comments below it. */
export const commentDeleted = defineEvent<CommentFact>('commentDeleted', ({ postId }) => [
  postTopic(postId),
]);

/** A comment and those below it are seen only by their authors and the author of the post from now on. */
export const commentHidden = defineEvent<CommentFact>('commentHidden', ({ postId }) => [
  postTopic(postId),
]);

/** A hidden comment is seen by everybody again. */
export const commentShown = defineEvent<CommentFact>('commentShown', ({ postId }) => [
  postTopic(postId),
]);

/** Somebody reacted, changed a reaction, or took it back (`content` null). */
export const reactionSet = defineEvent<{
  /** The post or comment that was reacted to. */
  subjectId: PostId | CommentId;
  /** The post, or the one that the comment belongs to. */
  postId: PostId;
  /** False for what another server has published. */
  isSubjectLocal: boolean;
  /** Author of the subject. */
  subjectAuthorId: ActorId;
  actorId: ActorId;
  content: string | null;
}>('reactionSet', ({ postId }) => [postTopic(postId)]);

/** A post that quotes another one. */
export interface QuoteFact {
  /** The post that quotes. */
  readonly postId: PostId;
  readonly authorId: ActorId;
  readonly quotedPostId: PostId;
  readonly quotedAuthorId: ActorId;
}

/** A post was published that quotes another one. */
export const postQuoted = defineEvent<QuoteFact>('postQuoted', ({ quotedPostId }) => [
  postTopic(quotedPostId),
]);

/** The author of a quoted post took it out of the post that quotes it. */
export const quoteDetached = defineEvent<QuoteFact>('quoteDetached', ({ postId }) => [
  postTopic(postId),
]);

/** A text points to a page of which there is no fresh preview. */
export const linkPosted = defineEvent<{ linkId: Id<'link'> }>('linkPosted');

/** One person's repost of a post. */
export interface RepostFact {
  readonly repostId: RepostId;
  readonly postId: PostId;
  readonly postAuthorId: ActorId;
  /** Who reposted. */
  readonly actorId: ActorId;
}

/** A repost that was made on another server earlier came to be known here: it has its place, and is no news. */
export const repostFound = defineEvent<RepostFact>('repostFound');

/** Somebody showed a post to their followers. */
export const postReposted = defineEvent<
  RepostFact & {
    /** Somebody of this server did it. */
    readonly isLocal: boolean;
  }
>('postReposted', ({ postId }) => [postTopic(postId)]);

/** A repost was taken back. */
export const repostEnded = defineEvent<RepostFact>('repostEnded', ({ postId }) => [
  postTopic(postId),
]);

/** A person on a picture, the post, and who published it. */
export interface TagFact {
  readonly tagId: PhotoTagId;
  readonly postId: PostId;
  readonly authorId: ActorId;
  /** Who is on the picture; never the author. */
  readonly actorId: ActorId;
}

/** Somebody was tagged, and is asked first or not. */
export const personTagged = defineEvent<TagFact & { isPending: boolean }>('personTagged');

/** The person on the picture agreed to a tag, or took it off. */
export const tagAnswered = defineEvent<TagFact & { isApproved: boolean }>(
  'tagAnswered',
  ({ postId }) => [postTopic(postId)],
);

function timelineTopics({ visibility, authorId }: PostFact): string[] {
  const own = [HOME_TOPIC, authorTopic(authorId)];
  return visibility === 'PUBLIC' || visibility === 'LOCAL' ? [...own, PUBLIC_TOPIC] : own;
}
