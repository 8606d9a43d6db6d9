// A file goes the way of every upload: a ticket, the bytes, the confirmation; what is made of it is made by the job.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completeUpload } from '../../media/complete-upload.js';
import { createUpload } from '../../media/create-upload.js';
import type { MediaId, MediaPurpose } from '../../media/media.entity.js';
import { findUpload, receiveUpload } from '../../media/receive-upload.js';
import type { CommandContext } from '../../platform/context.js';
import { found } from './world.js';

/** What is uploaded, and for what. */
export interface UploadedFile {
  readonly bytes: Uint8Array;
  readonly type: 'image/jpeg' | 'video/mp4';
  readonly altText: string;
  readonly purpose: MediaPurpose;
}

/** Uploads a file of the viewer; it is READY once the jobs have run. */
export async function uploadFile(
  context: CommandContext,
  { bytes, type, altText, purpose }: UploadedFile,
): Promise<MediaId> {
  const sha256 = createHash('sha256').update(bytes).digest();
  const { mediaId, token } = await createUpload(context, {
    purpose,
    fileName: `${purpose.toLowerCase()}.${type === 'video/mp4' ? 'mp4' : 'jpg'}`,
    mimeType: type,
    sizeBytes: BigInt(bytes.length),
    sha256,
    altText,
    protocol: 'PUT',
  });
  await using directory = await context.scratch.directory();
  const file = path.join(directory.path, 'body');
  await writeFile(file, bytes, { mode: 0o600 });
  const upload = found(await findUpload(context, token), 'an upload');
  await receiveUpload(context, token, upload, { path: file, sizeBytes: bytes.length, sha256 });
  await completeUpload(context, mediaId);
  return mediaId;
}
