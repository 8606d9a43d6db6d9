/** Keeping what a client has sealed of its keys, so that a person who lost every device has them back. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Conflict, Invalid } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';

/** Most bytes of a backup. */
export const BACKUP_BYTES = 131_072;

const LIMIT = { name: 'key-backup', points: 200, windowSeconds: 86_400, failsClosed: false };

/** A backup as its person sees it. */
export interface KeyBackupRow {
  /** 1 for the first one; each that takes its place counts one more. */
  readonly version: number;
  readonly bytes: Buffer;
  readonly updatedAt: Date;
}

const SAVE = statement(
  'chat_key_backups.save',
  `insert into chat_key_backups as kept (actor_id, version, data, updated_at)
   select $1::uuid, 1, $3::bytea, $4::timestamptz
   where $2::int = 0 or exists (select from chat_key_backups where actor_id = $1)
   on conflict (actor_id) do update set version = kept.version + 1, data = excluded.data, updated_at = excluded.updated_at
     where kept.version = $2
   returning version`,
);
const DELETE = statement(
  'chat_key_backups.delete',
  'delete from chat_key_backups where actor_id = $1',
);
const OF_ACTOR = statement(
  'chat_key_backups.of_actor',
  `select version, data as bytes, updated_at as "updatedAt" from chat_key_backups where actor_id = $1`,
);

/**
 * Keeps a backup in the place of the one that the client knows. What is in it only the client can read.
 *
 * @param version that of the backup that it takes the place of; 0 = there is none
 * @throws {Invalid} INVALID_INPUT for nothing, or more than 128 KiB
 * @throws {Conflict} CONFLICT when another device was faster
 * @throws {RateLimited} RATE_LIMITED for more than 200 in a day
 */
export async function saveKeyBackup(
  context: CommandContext,
  bytes: Uint8Array,
  version: number,
): Promise<void> {
  const { actorId, accountId } = requireViewer(context);
  if (bytes.length === 0 || bytes.length > BACKUP_BYTES)
    throw new Invalid(`1 to ${BACKUP_BYTES} bytes.`, ['data'], 'BYTES', `1..${BACKUP_BYTES}`);
  await requireRate(context, LIMIT, accountId);
  const now = context.clock.now();
  const saved = await context.database.row(SAVE, [actorId, version, bytes, now]);
  if (!saved) throw new Conflict('Another device has saved a backup.', 'CONFLICT', ['version']);
}

/** Deletes the backup of the viewer. A repeat changes nothing. */
export async function deleteKeyBackup(context: CommandContext): Promise<void> {
  await context.database.rows(DELETE, [requireViewer(context).actorId]);
}

/** The backup of somebody; null = there is none. */
export function findKeyBackup(reader: Reader, actorId: ActorId): Promise<KeyBackupRow | null> {
  return reader.row<KeyBackupRow>(OF_ACTOR, [actorId]);
}
