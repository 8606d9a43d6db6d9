/** Key packages that a Welcome names: whose they are, and that they are used up. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { ChatDeviceId } from './device.js';

/** A key package that was used. */
export interface ConsumedKeyPackage {
  /** `KeyPackageRef`, as the Welcome has it. */
  readonly ref: Buffer;
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
  readonly isLastResort: boolean;
}

// What is used up keeps its name until it would have expired: published again it stays used up.
const CONSUME = statement(
  'chat_key_packages.consume',
  `with named as (
     select id from chat_key_packages where ref = any($1::bytea[]) order by id for update
   )
   update chat_key_packages package set consumed_at = $2, data = case when is_last_resort then data else '' end
   from named, chat_devices device
   where package.id = named.id and device.id = package.device_id and device.revoked_at is null and package.expires_at > $2
     and (package.is_last_resort or package.claimed_at is not null and package.consumed_at is null)
   returning package.ref, device.id as "deviceId", device.actor_id as "actorId", package.is_last_resort as "isLastResort"`,
);

/**
 * Uses up the key packages of these names, in the transaction that lets the Welcome go. Those that nobody has claimed,
 * that were used before, that have expired, or whose device is revoked are left out. A last resort can be used again.
 */
export function consumeKeyPackageRefs(
  tx: Transaction,
  refs: readonly Uint8Array[],
  now: Date,
): Promise<ConsumedKeyPackage[]> {
  return tx.rows<ConsumedKeyPackage>(CONSUME, [refs, now]);
}
