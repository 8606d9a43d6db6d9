/** A device says what it has for good. */
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';

const ACKNOWLEDGE = statement(
  'mailbox_cursors.acknowledge',
  `update mailbox_cursors cursor set position = greatest(cursor.position, least($2::bigint, box.head))
   from mailboxes box where cursor.device_id = $1 and box.actor_id = cursor.actor_id
   returning cursor.position::text as position`,
);

/**
 * Moves the cursor of a device of the viewer; it never goes back, and not beyond the last entry. A repeat changes nothing.
 *
 * @returns where it stands
 * @throws {NotFound} NOT_FOUND for a device that is not theirs, or revoked
 */
export async function acknowledgeMailbox(
  context: CommandContext,
  deviceId: ChatDeviceId,
  upTo: bigint,
): Promise<bigint> {
  const viewer = requireViewer(context);
  await requireDevice(context.database, viewer, deviceId);
  const row = await context.database.row<{ position: string }>(ACKNOWLEDGE, [
    deviceId,
    String(upTo),
  ]);
  return BigInt(row?.position ?? 0);
}
