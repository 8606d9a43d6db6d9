/** Keeping what a client has sealed of its keys, so that a person who lost every device has them back. */
import type { ActorId } from '../actors/actor.entity.js';
import { releaseMedia } from '../media/attach-media.js';
import { keepBlob } from '../media/blobs.js';
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
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
  /** The sealed history that belongs to it; null = there is none. */
  readonly historyId: MediaId | null;
  readonly updatedAt: Date;
}

/** A backup that is to be kept. */
export interface NewKeyBackup {
  readonly bytes: Uint8Array;
  /** That of the backup that it takes the place of; 0 = there is none. */
  readonly version: number;
  /** An encrypted file of the viewer that is the history from now on; null = none, absent = as before. */
  readonly historyId?: MediaId | null | undefined;
}

const SAVE = statement(
  'chat_key_backups.save',
  `insert into chat_key_backups as kept (actor_id, version, data, updated_at, history_id)
   select $1::uuid, 1, $3::bytea, $4::timestamptz, $5::uuid
   where $2::int = 0 or exists (select from chat_key_backups where actor_id = $1)
   on conflict (actor_id) do update set version = kept.version + 1, data = excluded.data, updated_at = excluded.updated_at, history_id = excluded.history_id
     where kept.version = $2
   returning version`,
);
const HISTORY = statement(
  'chat_key_backups.history',
  'select history_id as id from chat_key_backups where actor_id = $1 for update',
);
const DELETE = statement(
  'chat_key_backups.delete',
  'delete from chat_key_backups where actor_id = $1 returning history_id as id',
);
const OF_ACTOR = statement(
  'chat_key_backups.of_actor',
  `select version, data as bytes, history_id as "historyId", updated_at as "updatedAt" from chat_key_backups where actor_id = $1`,
);

/**
 * Keeps a backup in the place of the one that the client knows. What is in it only the client can read. Its history is
 * kept as long as it is, and that of the former one goes. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT for nothing, or more than 128 KiB
 * @throws {NotFound} NOT_FOUND for a history that is no encrypted file of theirs
 * @throws {Conflict} CONFLICT when another device was faster, MEDIA_NOT_READY while bytes of the history are missing
 * @throws {RateLimited} RATE_LIMITED for more than 200 in a day
 */
export async function saveKeyBackup(
  context: CommandContext,
  { bytes, version, historyId }: NewKeyBackup,
): Promise<void> {
  const { actorId, accountId } = requireViewer(context);
  if (bytes.length === 0 || bytes.length > BACKUP_BYTES)
    throw new Invalid(`1 to ${BACKUP_BYTES} bytes.`, ['data'], 'BYTES', `1..${BACKUP_BYTES}`);
  await requireRate(context, LIMIT, accountId);
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    const former = (await tx.row<History>(HISTORY, [actorId]))?.id ?? null;
    const next = historyId === undefined ? former : historyId;
    if (next && next !== former)
      await keepBlob(tx, now, { mediaId: next, ownerId: actorId }, ['historyId']);
    const saved = await tx.row(SAVE, [actorId, version, bytes, now, next]);
    if (!saved) throw new Conflict('Another device has saved a backup.', 'CONFLICT', ['version']);
    if (former !== next) await release(tx, now, former);
  });
}

/** Deletes the backup of the viewer, and its history. A repeat changes nothing. Opens its own transaction. */
export async function deleteKeyBackup(context: CommandContext): Promise<void> {
  const { actorId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const deleted = await tx.row<History>(DELETE, [actorId]);
    await release(tx, context.clock.now(), deleted?.id ?? null);
  });
}

interface History {
  readonly id: MediaId | null;
}

async function release(tx: Transaction, now: Date, id: MediaId | null): Promise<void> {
  if (id) await releaseMedia(tx, now, [id]);
}

/** The backup of somebody; null = there is none. */
export function findKeyBackup(reader: Reader, actorId: ActorId): Promise<KeyBackupRow | null> {
  return reader.row<KeyBackupRow>(OF_ACTOR, [actorId]);
}
