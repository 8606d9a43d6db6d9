/**
 * Blobs: bytes that clients have encrypted. Nothing is made of them, and whoever has the address of one gets it as it is,
 * from any server; the key is where the server never sees it.
 */
import { randomBytes } from 'node:crypto';
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { Conflict, NotFound } from '../platform/errors.js';
import type { Id } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { releaseMedia } from './attach-media.js';
import {
  BLOB_TYPE,
  createUpload,
  type UploadProtocol,
  type UploadTicket,
} from './create-upload.js';
import type { MediaId, MediaState } from './media.entity.js';

/** A blob as its client declares it. */
export interface CreateBlobInput {
  readonly sizeBytes: bigint;
  /** 32 bytes; null when the client does not know it yet. */
  readonly sha256: Buffer | null;
  readonly protocol: UploadProtocol;
  /** When it goes by itself. */
  readonly expiresAt: Date;
}

/** A blob as its owner sees it. */
export interface BlobRow {
  readonly mediaId: MediaId;
  /** Secret part of its address. */
  readonly token: string;
  /** Decimal text; 0 until the bytes are here. */
  readonly sizeBytes: string;
  /** Of the bytes; null until they are here. */
  readonly sha256: Buffer | null;
  /** Null: it is kept for as long as something of its owner needs it. */
  readonly expiresAt: Date | null;
}

const INSERT = statement(
  'blobs.insert',
  'insert into blobs (media_id, token, expires_at) values ($1, $2, $3)',
);
const BY_IDS = statement(
  'blobs.by_ids',
  `select b.media_id as "mediaId", b.token, m.size_bytes::text as "sizeBytes", m.sha256, b.expires_at as "expiresAt"
   from blobs b join media m on m.id = b.media_id
   where b.media_id = any($1::uuid[]) and m.owner_id = $2 and m.deleted_at is null`,
);
const LOCK = statement(
  'blobs.lock',
  `select m.state, b.expires_at is null as "isKept" from media m join blobs b on b.media_id = m.id
   where m.id = $1 and m.owner_id = $2 and m.deleted_at is null and (b.expires_at is null or b.expires_at > $3)
   for update of m`,
);
const KEEP = statement('blobs.keep', 'update blobs set expires_at = null where media_id = $1');
const CANCEL = statement(
  'uploads.cancel_blob',
  `update uploads set state = 'CANCELLED' where media_id = $1 and state = 'OPEN'`,
);

/**
 * Declares a blob of the viewer and gives a ticket to send it.
 *
 * Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT
 * @throws {QuotaExceeded} QUOTA_EXCEEDED as createUpload, and ATTACHMENT_BYTES
 */
export function createBlob(
  context: CommandContext,
  { expiresAt, ...declared }: CreateBlobInput,
): Promise<UploadTicket> {
  const input = { ...declared, purpose: 'BLOB', fileName: '', mimeType: BLOB_TYPE } as const;
  return createUpload(context, { ...input, altText: null }, async (tx, mediaId) => {
    await tx.rows(INSERT, [mediaId, randomBytes(32).toString('base64url'), expiresAt]);
  });
}

/** Blobs of an owner; those of others are left out. */
export function findBlobs(
  reader: Reader,
  ownerId: Id<'actor'>,
  mediaIds: readonly MediaId[],
): Promise<BlobRow[]> {
  return reader.rows<BlobRow>(BY_IDS, [mediaIds, ownerId]);
}

/** Where everybody who knows it gets a blob. */
export function blobUrl({ config }: Pick<Services, 'config'>, { token }: BlobRow): string {
  return new URL(`/blobs/${token}`, config.publicUrl).href;
}

/** Keeps a blob for as long as its owner needs it. Needs a transaction. @throws {NotFound} @throws {Conflict} MEDIA_NOT_READY */
export async function keepBlob(
  tx: Transaction,
  now: Date,
  blob: { readonly mediaId: MediaId; readonly ownerId: Id<'actor'> },
  path: readonly string[],
): Promise<void> {
  const { state } = await lock(tx, now, blob, path);
  if (state !== 'READY')
    throw new Conflict('The bytes have not arrived yet.', 'MEDIA_NOT_READY', path);
  await tx.rows(KEEP, [blob.mediaId]);
}

/**
 * Lets go of a blob of the viewer, also before its bytes are here: nobody gets it any more. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Conflict} CONFLICT for one that is kept for something else of theirs
 */
export async function deleteBlob(
  context: CommandContext,
  mediaId: MediaId,
  path: readonly string[],
): Promise<void> {
  const { actorId: ownerId } = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const now = context.clock.now();
    const { isKept } = await lock(tx, now, { mediaId, ownerId }, path);
    if (isKept) throw new Conflict('This asset is in use.', 'CONFLICT', path);
    await tx.rows(CANCEL, [mediaId]);
    await releaseMedia(tx, now, [mediaId]);
  });
}

async function lock(
  tx: Transaction,
  now: Date,
  { mediaId, ownerId }: { readonly mediaId: MediaId; readonly ownerId: Id<'actor'> },
  path: readonly string[],
): Promise<{ readonly state: MediaState; readonly isKept: boolean }> {
  const blob = await tx.row<{ state: MediaState; isKept: boolean }>(LOCK, [mediaId, ownerId, now]);
  if (!blob) throw new NotFound(path);
  return blob;
}
