/** Facts about actors and how they relate. Ids only: whoever follows up reads the present state. */
import { defineEvent } from '../platform/journal/event.js';
import type { Id } from '../platform/ids.js';
import type { ActorId } from './actor.entity.js';

/** Identity of one move of an actor. */
export type MoveId = Id<'move'>;

/** An ordered pair of a follow. */
export interface FollowPair {
  readonly followerId: ActorId;
  readonly followeeId: ActorId;
}

/** A follow, or a request, that ended. */
export interface EndedFollow extends FollowPair {
  /** Its follower ended it, and has nothing to hear of it. */
  readonly byFollower: boolean;
}

/** Somebody asked to follow a locked or remote actor. */
export const followRequested = defineEvent<FollowPair>('followRequested');

/** A follow that exists from now on. */
export interface AcceptedFollow extends FollowPair {
  /** Somebody had to agree. */
  readonly wasRequested: boolean;
  /** The follower is of another server. */
  readonly isFollowerRemote: boolean;
}

/** A follow exists from now on. */
export const followAccepted = defineEvent<AcceptedFollow>('followAccepted');

/** A request was turned down or taken back. */
export const followRequestEnded = defineEvent<EndedFollow>('followRequestEnded');

/** A follow exists no more: unfollowed, removed, or ended by a block. */
export const followEnded = defineEvent<EndedFollow>('followEnded');

/** One actor blocked another. */
export const actorBlocked = defineEvent<{ blockerId: ActorId; blockedId: ActorId }>('actorBlocked');

/** A block was lifted. */
export const actorUnblocked = defineEvent<{ blockerId: ActorId; blockedId: ActorId }>(
  'actorUnblocked',
);

/** What holds for a domain and everything under it changed; null = it may have for any. */
export const domainRulesChanged = defineEvent<{ domain: string | null }>('domainRulesChanged');

/** Somebody blocks a whole server. */
export const domainBlocked = defineEvent<{ actorId: ActorId; domain: string }>('domainBlocked');

/** A profile changed. */
export const profileUpdated = defineEvent<{ actorId: ActorId }>('profileUpdated');

/** Somebody has moved to another account and takes the followers along. */
export const actorMoved = defineEvent<{ moveId: MoveId; actorId: ActorId; targetId: ActorId }>(
  'actorMoved',
);

/** Another server has deleted one of its actors. */
export const remoteActorGone = defineEvent<{ actorId: ActorId }>('remoteActorGone');

/** Somebody here looks at the profile of an actor of another server. */
export const remoteActorLookedAt = defineEvent<{ actorId: ActorId }>('remoteActorLookedAt');
