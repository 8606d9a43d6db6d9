/** One body that comes in over a line, into one file. Whatever goes wrong, nothing of it stays on the disk. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDiskFull } from '../../platform/system-error.js';
import type { ReceivedFile } from '../receive-upload.js';
import { UploadRefused } from './upload-refused.js';

/** How a body is taken. */
export interface BodyRules {
  readonly maxBytes: number;
  /** Longest time without any byte. */
  readonly idleMs: number;
  /** Aborted when the sender is to make room for another. */
  readonly stop: AbortSignal;
  /** Told how many bytes are here. */
  readonly onProgress: (sizeBytes: number) => void;
}

/**
 * Writes the body to `file`, which must not exist.
 *
 * @throws {UploadRefused} 413 for too many bytes, 408 when none come, 409 when stopped, 400 when the line breaks
 */
export async function receiveBody(
  body: Readable,
  file: string,
  { maxBytes, idleMs, stop, onProgress }: BodyRules,
): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  const idle = new AbortController();
  const silence = setTimeout(() => idle.abort(), idleMs);
  let sizeBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      silence.refresh();
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) {
        done(tooLarge(maxBytes));
        return;
      }
      hash.update(chunk);
      onProgress(sizeBytes);
      done(null, chunk);
    },
  });
  try {
    await pipeline(body, meter, createWriteStream(file, { flags: 'wx', mode: 0o600 }), {
      signal: AbortSignal.any([stop, idle.signal]),
    });
  } catch (error) {
    await rm(file, { force: true });
    throw refusalOf(error, body, { stop, idle: idle.signal, idleMs });
  } finally {
    clearTimeout(silence);
  }
  return { path: file, sizeBytes, sha256: hash.digest() };
}

/** Refusal of more bytes than were declared. */
export function tooLarge(declaredBytes: number): UploadRefused {
  return new UploadRefused(413, 'TOO_LARGE', `More than the ${declaredBytes} declared bytes.`);
}

/** Refusal of a sender that another request of the same ticket displaces. */
export function displaced(): UploadRefused {
  return new UploadRefused(409, 'CONFLICT', 'Another request is sending to this ticket.');
}

function refusalOf(
  error: unknown,
  body: Readable & { readonly complete?: boolean },
  { stop, idle, idleMs }: { stop: AbortSignal; idle: AbortSignal; idleMs: number },
): unknown {
  if (error instanceof UploadRefused) return error;
  if (stop.aborted) return displaced();
  if (idle.aborted)
    return new UploadRefused(408, 'BAD_REQUEST', `No bytes came for ${idleMs / 1000} seconds.`);
  // A file that cannot be written ends the body, too: then the line is not to blame.
  if (isDiskFull(error) || !body.destroyed || body.complete) return error;
  return new UploadRefused(400, 'BAD_REQUEST', 'The upload was broken off.');
}
