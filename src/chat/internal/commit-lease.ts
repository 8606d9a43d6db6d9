/** The line of devices that want to commit, in the order in which they asked. */
import type { ChatDeviceId } from '../../devices/device.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { ConversationId } from '../conversation.js';

/** Whether it is a device's turn. */
export interface CommitLease {
  readonly isHeld: boolean;
  /** Held: the end of the turn. Otherwise when to ask again at the latest, to stay in line. */
  readonly until: Date;
}

/** Length of a turn. */
const TURN_MS = 1500;

/** Whoever does not ask again for so long has gone. */
const PATIENCE_MS = 5000;

const TIDY = statement(
  'commit_leases.tidy',
  `delete from commit_leases where conversation_id = $1
   and (held_until <= $2 or held_until is null and asked_last_at <= $3)`,
);
const ASK = statement(
  'commit_leases.ask',
  `insert into commit_leases (conversation_id, device_id, asked_at, asked_last_at) values ($1, $2, $3, $3)
   on conflict (conversation_id, device_id) do update set asked_last_at = excluded.asked_last_at`,
);
const FIRST = statement(
  'commit_leases.first',
  `select device_id as "deviceId", held_until as "heldUntil" from commit_leases where conversation_id = $1
   order by held_until is null, asked_at, device_id limit 1`,
);
const HOLD = statement(
  'commit_leases.hold',
  'update commit_leases set held_until = $3 where conversation_id = $1 and device_id = $2',
);
const END = statement(
  'commit_leases.end',
  'delete from commit_leases where conversation_id = $1 and device_id = $2',
);

/** Puts a device in line, under the lock of the conversation. */
export async function queueForLease(
  tx: Transaction,
  {
    conversationId,
    deviceId,
    now,
  }: { conversationId: ConversationId; deviceId: ChatDeviceId; now: Date },
): Promise<CommitLease> {
  await tx.rows(TIDY, [conversationId, now, new Date(now.getTime() - PATIENCE_MS)]);
  await tx.rows(ASK, [conversationId, deviceId, now]);
  const first = (await tx.row<{ deviceId: ChatDeviceId; heldUntil: Date | null }>(FIRST, [
    conversationId,
  ]))!;
  const end = new Date(now.getTime() + TURN_MS);
  if (first.deviceId !== deviceId) return { isHeld: false, until: first.heldUntil ?? end };
  if (!first.heldUntil) await tx.rows(HOLD, [conversationId, deviceId, end]);
  return { isHeld: true, until: first.heldUntil ?? end };
}

/** Ends the turn of a device that has committed. */
export async function endLease(
  tx: Transaction,
  id: ConversationId,
  deviceId: ChatDeviceId,
): Promise<void> {
  await tx.rows(END, [id, deviceId]);
}
