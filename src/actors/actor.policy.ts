/** Who may start a relation with whom. Pure functions over what was loaded. */
import { Conflict, Forbidden, Invalid, NotFound } from '../platform/errors.js';
import type { ActorId } from './actor.entity.js';
import { isThere, type ActorRow } from './actor.queries.js';
import type { RelationshipRow } from './relationship.queries.js';

/** True for an actor that can be followed, blocked or muted. */
export function isReachable(actor: ActorRow): boolean {
  return actor.status !== 'SUSPENDED' && actor.status !== 'DELETED';
}

/**
 * Refuses a relation with oneself or with nobody. One whose registration is not complete is nobody yet, and so is whoever
 * is of a suspended server.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 */
export function requireOther(viewerId: ActorId, actor: ActorRow | undefined): ActorRow {
  if (!actor || !isThere(actor)) throw new NotFound(['actorId']);
  if (actor.id === viewerId)
    throw new Invalid('This cannot be done to yourself.', ['actorId'], 'NOT_SELF');
  return actor;
}

/**
 * Refuses a follow that a block or a closed account rules out.
 *
 * @throws {Forbidden} BLOCKED
 * @throws {Conflict} CONFLICT for an actor that moved away or is a memorial
 * @throws {NotFound} NOT_FOUND for a suspended or deleted one
 */
export function requireFollowable(actor: ActorRow, relationship: RelationshipRow): void {
  if (!isReachable(actor)) throw new NotFound(['actorId']);
  if (relationship.isBlocking)
    throw new Forbidden('You block this actor: unblock first.', 'BLOCKED', ['actorId']);
  if (relationship.isDomainBlocked)
    throw new Forbidden('You block the server of this actor: unblock it first.', 'BLOCKED', [
      'actorId',
    ]);
  if (relationship.isBlockedBy || relationship.isDomainBlockedBy)
    throw new Forbidden('This actor does not accept you.', 'BLOCKED', ['actorId']);
  if (actor.status === 'MOVED' || actor.status === 'MEMORIAL') {
    throw new Conflict('This actor takes no new followers.', 'CONFLICT', ['actorId']);
  }
}
