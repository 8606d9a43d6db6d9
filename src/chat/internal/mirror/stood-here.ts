/** Whether somebody of this server can have done in a mirrored conversation what its hub says of them. */
import { statement, type Transaction } from '../../../platform/db/database.js';
import type { Mirror } from './mirror.js';
import type { FoundDevice } from './named-devices.js';

// Whoever left or was taken out meanwhile was in it all the same.
const STOOD = statement(
  'mirrors.stood',
  `select where exists (select from conversation_members where conversation_id = $1 and actor_id = $2)
     or exists (select from conversation_devices where conversation_id = $1 and device_id = $3)`,
);

/** False for a device that was never in it, of somebody who does not take part: the hub has made it up. */
export async function hasStoodHere(
  tx: Transaction,
  { id }: Pick<Mirror, 'id'>,
  { actorId, deviceId }: FoundDevice,
): Promise<boolean> {
  return (await tx.row(STOOD, [id, actorId, deviceId])) !== null;
}
