// A picture goes the way of every upload: a ticket, the bytes, the confirmation; its sizes are made by the job.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completeUpload } from '../../media/complete-upload.js';
import { createUpload } from '../../media/create-upload.js';
import type { MediaId, MediaPurpose } from '../../media/media.entity.js';
import { findUpload, receiveUpload } from '../../media/receive-upload.js';
import type { CommandContext } from '../../platform/context.js';
import { found } from './world.js';

/** Uploads a JPEG of the viewer; it is READY once the jobs have run. */
export async function uploadPicture(
  context: CommandContext,
  { jpeg, altText, purpose }: { jpeg: Uint8Array; altText: string; purpose: MediaPurpose },
): Promise<MediaId> {
  const sha256 = createHash('sha256').update(jpeg).digest();
  const { mediaId, token } = await createUpload(context, {
    purpose,
    fileName: `${purpose.toLowerCase()}.jpg`,
    mimeType: 'image/jpeg',
    sizeBytes: BigInt(jpeg.length),
    sha256,
    altText,
    protocol: 'PUT',
  });
  await using directory = await context.scratch.directory();
  const file = path.join(directory.path, 'body');
  await writeFile(file, jpeg, { mode: 0o600 });
  const upload = found(await findUpload(context, token), 'an upload');
  await receiveUpload(context, token, upload, { path: file, sizeBytes: jpeg.length, sha256 });
  await completeUpload(context, mediaId);
  return mediaId;
}
