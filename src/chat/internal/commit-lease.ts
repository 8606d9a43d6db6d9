/** Whose turn it is to commit: a courtesy among devices, by which none of them starves. */
import type { ChatDeviceId } from '../../devices/device.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ConversationId } from '../conversation.js';

const END = statement(
  'commit_leases.end',
  'delete from commit_leases where conversation_id = $1 and device_id = $2',
);

/** Ends the turn of a device that has committed, or will not. */
export async function endLease(
  tx: Transaction,
  id: ConversationId,
  deviceId: ChatDeviceId,
): Promise<void> {
  await tx.rows(END, [id, deviceId]);
}
