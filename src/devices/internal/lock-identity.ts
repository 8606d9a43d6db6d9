/** The identity of somebody, with which nobody else does anything for a while. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { Identity } from './key-facts.js';

const BEGIN = statement(
  'chat_identities.begin',
  `insert into chat_identities (actor_id, public_key, version, since) values ($1, $2, 1, $3)
   on conflict (actor_id) do nothing returning actor_id`,
);
const LOCK = statement(
  'chat_identities.lock',
  `select public_key as "identityKey", version from chat_identities where actor_id = $1 for update`,
);
const REPLACE = statement(
  'chat_identities.replace',
  'update chat_identities set public_key = $2, version = $3, since = $4 where actor_id = $1',
);

/** An identity that is locked. */
export interface LockedIdentity extends Identity {
  /** It began just now. */
  readonly isNew: boolean;
}

/** Locks the identity of somebody, which begins with this key when there is none. */
export async function beginOrLockIdentity(
  tx: Transaction,
  actorId: ActorId,
  identityKey: Uint8Array,
  now: Date,
): Promise<LockedIdentity> {
  const isNew = (await tx.row(BEGIN, [actorId, identityKey, now])) !== null;
  return { ...(await lockIdentity(tx, actorId))!, isNew };
}

/** Locks the identity of somebody; null = there is none. */
export function lockIdentity(tx: Transaction, actorId: ActorId): Promise<Identity | null> {
  return tx.row<Identity>(LOCK, [actorId]);
}

/** Puts another key in the place of the present one. */
export async function replaceIdentity(
  tx: Transaction,
  actorId: ActorId,
  { identityKey, version }: Identity,
  now: Date,
): Promise<void> {
  await tx.rows(REPLACE, [actorId, identityKey, version, now]);
}
