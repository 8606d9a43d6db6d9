/** Files of encrypted conversations: the server keeps them for a while and knows how long they are, nothing else. */
import { createBlob, deleteBlob } from '../media/blobs.js';
import type { UploadProtocol, UploadTicket } from '../media/create-upload.js';
import type { MediaId } from '../media/media.entity.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { Invalid } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { requireFileRate } from './internal/message-rate.js';

const DAY_SECONDS = 86_400;
const SHA256_BYTES = 32;

/** A file that was encrypted. */
export interface NewChatAttachment {
  /** As encrypted. */
  readonly sizeBytes: bigint;
  /** As encrypted; null = not known yet. */
  readonly sha256: Buffer | null;
  readonly protocol: UploadProtocol;
}

/**
 * Gives a ticket to send an encrypted file. It is kept as long as the configuration says.
 *
 * @throws {Invalid} INVALID_INPUT
 * @throws {QuotaExceeded} QUOTA_EXCEEDED for ATTACHMENT_BYTES, STORAGE_BYTES, UPLOADS_PER_DAY, OPEN_UPLOADS or
 *   OPEN_UPLOAD_BYTES
 * @throws {RateLimited} RATE_LIMITED for more than 50 at once, and then one in 1.2 seconds
 */
export async function createChatAttachment(
  context: CommandContext,
  { sizeBytes, sha256, protocol }: NewChatAttachment,
): Promise<UploadTicket> {
  if (sha256 !== null && sha256.length !== SHA256_BYTES)
    throw new Invalid(`A SHA-256 has ${SHA256_BYTES} bytes.`, ['sha256'], 'FORMAT');
  await requireFileRate(context, requireViewer(context).actorId);
  const { attachmentKeptDays } = context.config.media;
  const expiresAt = addSeconds(context.clock.now(), attachmentKeptDays * DAY_SECONDS);
  return createBlob(context, { sizeBytes, sha256, protocol, expiresAt });
}

/**
 * Deletes an encrypted file of the viewer, before its bytes are here as well.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Conflict} CONFLICT for the history that belongs to their backup
 */
export async function deleteChatAttachment(
  context: CommandContext,
  mediaId: MediaId,
): Promise<void> {
  await deleteBlob(context, mediaId, ['mediaId']);
}
