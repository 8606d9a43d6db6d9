/**
 * Reads an object from afar as one stream. A connection that breaks off in the middle is replaced by one that goes on
 * at the same byte: a reader may take hours, or pause for longer than a service keeps a silent connection.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { StorageError } from './storage-error.js';
import type { ByteRange } from './storage.js';

/** The bytes of an object, or of a range of it. */
export interface OpenBody {
  readonly body: Readable;
  readonly sizeBytes: number;
}

type Open = (range?: ByteRange) => Promise<OpenBody>;

/** Connections in a row that may end without having brought a byte. */
const MAX_FAILURES = 3;
const PAUSE_MS = 200;

/** Rejects when the first connection fails; the stream ends in a `StorageError` when it can't be resumed. */
export async function readResuming(open: Open, range?: ByteRange): Promise<Readable> {
  const first = await open(range);
  return Readable.from(chunksOf(open, first, range?.start ?? 0), { objectMode: false });
}

async function* chunksOf(open: Open, first: OpenBody, start: number): AsyncGenerator<Buffer> {
  const end = start + first.sizeBytes;
  let { body } = first;
  let chunks = iterate(body);
  let failures = 0;
  let position = start;
  try {
    while (position < end) {
      const chunk = await nextOrError(chunks);
      if (!(chunk instanceof Error)) {
        failures = 0;
        position += chunk.length;
        yield chunk;
        continue;
      }
      failures += 1;
      if (failures > MAX_FAILURES) throw brokenOff(chunk);
      body.destroy();
      await delay(PAUSE_MS * failures);
      ({ body } = await open({ start: position, end: end - 1 }));
      chunks = iterate(body);
    }
  } finally {
    body.destroy();
  }
}

function iterate(body: Readable): AsyncIterator<Buffer> {
  // an error between two reads is told by the next read
  return body.on('error', () => {})[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
}

function brokenOff(cause: Error): StorageError {
  const message = 'The media storage breaks off again and again in the middle of an object.';
  return new StorageError('UNREACHABLE', message, { cause });
}

/** The next bytes, or why there are none although more were promised. */
async function nextOrError(chunks: AsyncIterator<Buffer>): Promise<Buffer | Error> {
  try {
    const next = await chunks.next();
    return next.done ? new Error('The connection ended before the object did.') : next.value;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
