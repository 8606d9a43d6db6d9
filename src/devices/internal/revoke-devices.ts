/** Ends devices: nobody can take them into a conversation any more. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ChatDeviceId } from '../device.js';
import { chatDeviceRevoked } from '../devices.events.js';

/** A device that has just been revoked. */
export interface RevokedDevice {
  readonly id: ChatDeviceId;
  readonly signatureKey: Buffer;
}

const REVOKE = statement(
  'chat_devices.revoke',
  `update chat_devices set revoked_at = $3 where actor_id = $1 and revoked_at is null
     and ($2::uuid is null or id = $2) returning id, signature_key as "signatureKey"`,
);
const DROP_PACKAGES = statement(
  'chat_key_packages.drop',
  'delete from chat_key_packages where device_id = any($1::uuid[])',
);

/**
 * Revokes a device of somebody, or all of them, with their key packages, and tells of it. The caller has locked the
 * identity and writes to the log of keys.
 */
export async function revokeDevices(
  tx: Transaction,
  actorId: ActorId,
  deviceId: ChatDeviceId | null,
  now: Date,
): Promise<RevokedDevice[]> {
  const revoked = await tx.rows<RevokedDevice>(REVOKE, [actorId, deviceId, now]);
  await tx.rows(DROP_PACKAGES, [revoked.map(({ id }) => id)]);
  for (const { id } of revoked) await tx.append(chatDeviceRevoked, { deviceId: id, actorId });
  return revoked;
}
