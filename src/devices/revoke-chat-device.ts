/** Taking a device out of use. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ChatDeviceId } from './device.js';
import { appendToKeyLog } from './internal/append-key-log.js';
import { deviceRevoked } from './internal/key-facts.js';
import { lockIdentity } from './internal/lock-identity.js';
import { ownerOf } from './internal/owner-of.js';
import { revokeDevices } from './internal/revoke-devices.js';

const OWN = statement(
  'chat_devices.own',
  'select id from chat_devices where id = $1 and actor_id = $2',
);

/**
 * Revokes a device of the viewer: its key packages are gone, and nothing is encrypted to it any more. A repeat changes
 * nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for the device of somebody else
 */
export async function revokeChatDevice(context: CommandContext, id: ChatDeviceId): Promise<void> {
  const { actorId } = requireViewer(context);
  const now = context.clock.now();
  await context.database.transaction(async (tx: Transaction) => {
    await lockIdentity(tx, actorId);
    if (!(await tx.row(OWN, [id, actorId]))) throw new NotFound(['deviceId']);
    const [revoked] = await revokeDevices(tx, actorId, id, now);
    if (!revoked) return;
    await appendToKeyLog(tx, [deviceRevoked(await ownerOf(tx, actorId), revoked)], now);
  });
}
