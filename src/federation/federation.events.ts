/** Facts about what travels between servers. Ids only. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentId, PostId } from '../posts/post.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { Id } from '../platform/ids.js';

/** Identity of an activity that another server sent. */
export type ReceivedActivityId = Id<'received'>;

/** Identity of an activity that this server sends. */
export type SentActivityId = Id<'sent'>;

/** Other servers sent activities, and proved that they are their own, while nobody was at work on such. */
export const activitiesReceived = defineEvent<Record<string, never>>('activitiesReceived');

/** An activity is to be carried out alone: it may ask others, or needs a transaction of its own. */
export const activityApart = defineEvent<{
  receivedId: ReceivedActivityId;
  actorId: ActorId;
}>('activityApart');

/** Activities wait for their delivery, from now on or again, to hosts of these slices (`delivery-slices.ts`). */
export const deliveriesDue = defineEvent<{ slices: readonly number[] }>('deliveriesDue');

/** Somebody here looked an actor of another server up, or follows it from now on. */
export const remoteActorNoticed = defineEvent<{ actorId: ActorId }>('remoteActorNoticed');
/** A note came that answers something unknown. */
export const noteWaiting = defineEvent<{ parentUri: string }>('noteWaiting');
/** The server of a remote actor knows other followers of it among us than we do; it lists them at `url`. */
export const followersDiffered = defineEvent<{ actorId: ActorId; url: string }>(
  'followersDiffered',
);
/** The author of something on another server lets a post of ours quote it, or a comment of ours answer it. */
export const approvalReceived = defineEvent<{ subjectId: PostId | CommentId }>('approvalReceived');
/** PeerTube's way of saying so of a comment: it is to be said again, with that. */
export const replyApproved = defineEvent<{ subjectId: CommentId }>('replyApproved');
/** The keys of somebody here were replaced. */
export const keysRotated = defineEvent<{ actorId: ActorId }>('keysRotated');
