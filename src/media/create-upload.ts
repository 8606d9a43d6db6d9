/** The first step of an upload: declare the file, get a ticket. */
import { randomBytes } from 'node:crypto';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { EntitlementKey } from '../platform/entitlements.js';
import { Invalid, QuotaExceeded } from '../platform/errors.js';
import { newId, type Id } from '../platform/ids.js';
import { requireRole, requireViewer } from '../platform/require-viewer.js';
import { checkAltText } from './alt-text.js';
import { Media, type MediaId, type MediaKind, type MediaPurpose } from './media.entity.js';
import { mediaUsage } from './media-usage.queries.js';
import { digestTicket } from './ticket.js';

/** How the bytes will be sent. */
export type UploadProtocol = 'PUT' | 'TUS';

/** A file as the client declares it. */
export interface CreateUploadInput {
  readonly purpose: MediaPurpose;
  readonly fileName: string;
  readonly mimeType: string;
  readonly sizeBytes: bigint;
  /** 32 bytes; null when the client does not tell. */
  readonly sha256: Buffer | null;
  readonly altText: string | null;
  readonly protocol: UploadProtocol;
}

/** Permission to send the bytes of one file. */
export interface UploadTicket {
  readonly mediaId: MediaId;
  readonly protocol: UploadProtocol;
  /** Secret part of the address; it is shown once. */
  readonly token: string;
  readonly maxBytes: bigint;
  readonly expiresAt: Date;
}

/** Types that are taken in, as clients declare them; the content decides in the end. */
export const IMAGE_TYPES: readonly string[] = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/heic',
  'image/heif',
];

/** Types of videos that are taken in for posts, as clients declare them; the content decides in the end. */
export const VIDEO_TYPES: readonly string[] = [
  'video/mp4',
  'video/quicktime',
  'video/x-m4v',
  'video/webm',
  'video/x-matroska',
  'video/matroska',
];

/** Types of archives, as clients declare them. */
const ARCHIVE_TYPES: readonly string[] = [
  'application/gzip',
  'application/x-gzip',
  'application/x-tar',
  'application/x-gtar',
  'application/zip',
  'application/x-zip-compressed',
];

/** Type of what a client has encrypted. */
export const BLOB_TYPE = 'application/octet-stream';

/** Largest archive of emoji, bytes. */
const MAX_ARCHIVE_BYTES = 256n * 1024n * 1024n;

/** Largest picture of an emoji, bytes: it is shown many times over on one page. */
export const MAX_EMOJI_BYTES = 512n * 1024n;

const LOCK_OWNER = statement(
  'uploads.lock_owner',
  `select pg_advisory_xact_lock(hashtextextended('uploads:' || $1::text, 0))`,
);
const INSERT_UPLOAD = statement(
  'uploads.insert',
  `insert into uploads (id, media_id, owner_id, token_digest, protocol, declared_bytes, declared_sha256, state, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, 'OPEN', $8, $9)`,
);

/**
 * Creates an asset that waits for its bytes, and the ticket to send them. What is declared counts
 * against the quota at once, so that parallel uploads cannot exceed it together.
 *
 * Opens its own transaction.
 *
 * @param alongside what is to be true of the asset from the start, in the same transaction
 * @throws {Forbidden} FORBIDDEN for an archive below the role ADMIN
 * @throws {Invalid} INVALID_INPUT, UNSUPPORTED_MEDIA
 * @throws {QuotaExceeded} QUOTA_EXCEEDED for IMAGE_BYTES, VIDEO_BYTES, ATTACHMENT_BYTES, STORAGE_BYTES, UPLOADS_PER_DAY,
 *   OPEN_UPLOADS or OPEN_UPLOAD_BYTES
 */
export async function createUpload(
  context: CommandContext,
  input: CreateUploadInput,
  alongside?: (tx: Transaction, mediaId: MediaId) => Promise<void>,
): Promise<UploadTicket> {
  const viewer = requireViewer(context);
  if (isArchive(input)) requireRole(context, 'ADMIN');
  check(input);
  const now = context.clock.now();
  const ticket: UploadTicket = {
    mediaId: newId<'media'>(now),
    protocol: input.protocol,
    token: randomBytes(32).toString('base64url'),
    maxBytes: input.sizeBytes,
    expiresAt: addSeconds(now, context.config.media.uploadTtlSeconds),
  };
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK_OWNER, [viewer.actorId]);
    await checkQuota(context, tx, viewer, input);
    tx.em.create(Media, declaredMedia(ticket.mediaId, viewer.actorId, input, now));
    await tx.em.flush();
    await alongside?.(tx, ticket.mediaId);
    await tx.rows(INSERT_UPLOAD, [
      newId<'upload'>(now),
      ticket.mediaId,
      viewer.actorId,
      digestTicket(ticket.token),
      input.protocol,
      input.sizeBytes,
      input.sha256,
      now,
      ticket.expiresAt,
    ]);
  });
  return ticket;
}

function declaredMedia(id: MediaId, ownerId: Id<'actor'>, input: CreateUploadInput, now: Date) {
  return {
    id,
    ownerId,
    kind: kindOf(input),
    purpose: input.purpose,
    state: 'AWAITING_UPLOAD' as const,
    fileName: cleanFileName(input.fileName),
    mimeType: input.mimeType,
    altText: input.altText,
    // It is part of nothing that the server knows, and has a term of its own.
    attachedAt: input.purpose === 'BLOB' ? now : null,
    createdAt: now,
    updatedAt: now,
  };
}

function kindOf(input: Pick<CreateUploadInput, 'purpose' | 'mimeType'>): MediaKind {
  if (isArchive(input) || input.purpose === 'BLOB') return 'file';
  return VIDEO_TYPES.includes(input.mimeType.toLowerCase()) ? 'video' : 'image';
}

function typesFor({ purpose }: Pick<CreateUploadInput, 'purpose'>): readonly string[] {
  if (purpose === 'EMOJI_ARCHIVE') return ARCHIVE_TYPES;
  if (purpose === 'BLOB') return [BLOB_TYPE];
  return purpose === 'POST' ? [...IMAGE_TYPES, ...VIDEO_TYPES] : IMAGE_TYPES;
}

function isArchive({ purpose }: Pick<CreateUploadInput, 'purpose'>): boolean {
  return purpose === 'EMOJI_ARCHIVE';
}

/** Bounds of sizes beside the quota. */
const MAX_BYTES: Readonly<Partial<Record<MediaPurpose, bigint>>> = {
  EMOJI: MAX_EMOJI_BYTES,
  EMOJI_ARCHIVE: MAX_ARCHIVE_BYTES,
};

function check(input: CreateUploadInput): void {
  const types = typesFor(input);
  if (!types.includes(input.mimeType.toLowerCase())) {
    throw new Invalid(
      `This file type is not taken in.`,
      ['mimeType'],
      'ONE_OF',
      types.join(', '),
      'UNSUPPORTED_MEDIA',
    );
  }
  if (input.sizeBytes < 1n) throw new Invalid('The file is empty.', ['sizeBytes'], 'MINIMUM', '1');
  const most = MAX_BYTES[input.purpose];
  if (most !== undefined && input.sizeBytes > most) {
    const limit = String(most);
    throw new Invalid(`At most ${limit} bytes for this purpose.`, ['sizeBytes'], 'MAXIMUM', limit);
  }
  if (input.sha256 !== null && input.sha256.length !== 32) {
    throw new Invalid('A SHA-256 has 64 hexadecimal digits.', ['sha256'], 'FORMAT');
  }
  checkAltText(input.altText, ['altText']);
}

/** Of each limit: what would be in use with this upload, and what is now; null = never used up. */
async function checkQuota(
  context: CommandContext,
  tx: Transaction,
  viewer: { accountId: Id<'account'>; actorId: Id<'actor'> },
  input: Pick<CreateUploadInput, 'purpose' | 'mimeType' | 'sizeBytes'>,
): Promise<void> {
  const bytes = input.sizeBytes;
  const kind = kindOf(input);
  const used = await mediaUsage(tx, viewer.actorId, context.clock.now());
  const checks: readonly (readonly [EntitlementKey, bigint, bigint | null, path: string[]])[] = [
    ['IMAGE_BYTES', kind === 'image' ? bytes : 0n, null, ['sizeBytes']],
    ['VIDEO_BYTES', kind === 'video' ? bytes : 0n, null, ['sizeBytes']],
    ['ATTACHMENT_BYTES', input.purpose === 'BLOB' ? bytes : 0n, null, ['sizeBytes']],
    ['STORAGE_BYTES', used.bytes + bytes, used.bytes, ['sizeBytes']],
    ['UPLOADS_PER_DAY', used.uploadsToday + 1n, used.uploadsToday, []],
    ['OPEN_UPLOADS', used.openUploads + 1n, used.openUploads, []],
    ['OPEN_UPLOAD_BYTES', used.openBytes + bytes, used.openBytes, ['sizeBytes']],
  ];
  for (const [key, wanted, current, path] of checks) {
    const limit = await context.entitlements.limit(viewer.accountId, key);
    if (limit !== null && wanted > limit) throw new QuotaExceeded(key, limit, current, path);
  }
}

/** A name to show, never to store under: without directories, control characters and reading-direction marks. */
function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  return last
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 255);
}
