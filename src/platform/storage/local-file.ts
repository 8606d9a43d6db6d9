/**
 * A file on this machine, sent without new memory for each piece: buffers of a stream are garbage at once, and collecting
 * it costs a large process more than reading and sending together.
 */
import { close, open, read } from 'node:fs';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { hasCode } from '../system-error.js';
import type { ByteRange, LocalFile } from './storage.js';

const [openFile, readFile, closeFile] = [promisify(open), promisify(read), promisify(close)];

const CHUNK_BYTES = 256 * 1024;
/** Buffers that wait for the next answer; more than so many at a time are rare. */
const MOST_IDLE = 32;
const idle: Buffer[] = [];

/** Opens a file; null when there is none. */
export async function openLocalFile(path: string): Promise<LocalFile | null> {
  let descriptor: number;
  try {
    descriptor = await openFile(path, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  return {
    send: (range, target) => send(descriptor, range, target),
    [Symbol.asyncDispose]: () => closeFile(descriptor),
  };
}

async function send(
  descriptor: number,
  { start, end }: ByteRange,
  target: Writable,
): Promise<void> {
  const buffer = idle.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for (let position = start; position <= end;) {
    const wanted = Math.min(CHUNK_BYTES, end - position + 1);
    const { bytesRead } = await readFile(descriptor, buffer, 0, wanted, position);
    if (bytesRead === 0) throw new Error('The file is shorter than it was.');
    await write(target, buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  // one whose write has failed may still be looked at, and is not used again
  if (idle.length < MOST_IDLE) idle.push(buffer);
}

/** Resolves when the bytes are on their way, so that their memory can be used again. */
function write(target: Writable, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('The reader has gone.'));
    if (target.destroyed) {
      gone();
      return;
    }
    target.once('close', gone);
    target.write(bytes, (error) => {
      target.off('close', gone);
      if (error) reject(error);
      else resolve();
    });
  });
}
