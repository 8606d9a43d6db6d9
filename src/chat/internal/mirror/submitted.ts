/**
 * What devices of people here have written through the hubs of mirrored conversations. A hub may say of them what it likes:
 * it is theirs only if it went out from here.
 */
import { createHash } from 'node:crypto';
import type { ChatDeviceId } from '../../../devices/device.js';
import { statement, type Reader, type Transaction } from '../../../platform/db/database.js';
import type { Mirror } from './mirror.js';
import type { FoundDevice } from './named-devices.js';

const KEEP = statement(
  'hub_submissions.keep',
  `insert into hub_submissions (conversation_id, digest, device_id, submitted_at)
   select $1, digest, $3, $4 from unnest($2::bytea[]) as digest
   on conflict (conversation_id, digest) do update set device_id = excluded.device_id, submitted_at = excluded.submitted_at`,
);
// The device is gone with its person: then nothing but the bytes says whose it is.
const TAKE = statement(
  'hub_submissions.take',
  `delete from hub_submissions where conversation_id = $1 and digest = $2 and ($3::uuid is null or device_id = $3)
   returning device_id`,
);
const FORGET = statement(
  'hub_submissions.forget',
  'delete from hub_submissions where submitted_at < $1',
);

/** Keeps what goes out, before it does: the hub may take it though its answer is lost. */
export async function keepSubmitted(
  reader: Reader,
  { id }: Pick<Mirror, 'id'>,
  { deviceId, contents }: { readonly deviceId: ChatDeviceId; readonly contents: readonly Buffer[] },
  now: Date,
): Promise<void> {
  await reader.rows(KEEP, [id, contents.map(digestOf), deviceId, now]);
}

/** Whether it went out from here, of this device; each time that it did counts once. */
export async function takeSubmitted(
  tx: Transaction,
  { id }: Pick<Mirror, 'id'>,
  content: Buffer,
  device: FoundDevice | null,
): Promise<boolean> {
  return (await tx.row(TAKE, [id, digestOf(content), device?.deviceId ?? null])) !== null;
}

/** Forgets what no hub will tell any more. */
export async function forgetSubmitted(reader: Reader, before: Date): Promise<void> {
  await reader.rows(FORGET, [before]);
}

function digestOf(content: Buffer): Buffer {
  return createHash('sha256').update(content).digest();
}
