/** Passes bytes of another server on to a viewer, as fast as both can, and no more than was announced. */
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { OpenVideo } from './open-video.js';

/** Longest silence of the other server. */
const SILENCE_MS = 30_000;
/** For one answer, a viewer who pauses included; players come back for the rest. */
const LONGEST_MS = 2 * 3_600_000;
/** Where no length was announced. */
const MOST_BYTES = 16 * 2 ** 30;

/**
 * Resolves when all has been passed on, or the viewer has left. An answer that ends early breaks the connection, so
 * that nobody takes a part for the whole.
 */
export async function passOn(
  { chunks, body, length }: Pick<OpenVideo, 'chunks' | 'body' | 'length'>,
  response: Response,
): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    await pipeline(bounded({ chunks, body, length }), response, { signal });
  } catch {
    // the viewer has gone, or sees by the length or the broken connection that the rest did not come
    response.destroy();
  } finally {
    body.destroy();
  }
}

async function* bounded({
  chunks,
  body,
  length,
}: Pick<OpenVideo, 'chunks' | 'body' | 'length'>): AsyncGenerator<Buffer> {
  let left = length ?? MOST_BYTES;
  const silent = (): void => void body.destroy(new Error('The other server has fallen silent.'));
  let timer = setTimeout(silent, SILENCE_MS);
  try {
    for await (const chunk of chunks) {
      // a viewer who pauses holds the next read up: that is no silence of the other server
      clearTimeout(timer);
      left -= chunk.length;
      if (left < 0) throw new Error('More bytes than were announced.');
      yield chunk;
      timer = setTimeout(silent, SILENCE_MS);
    }
    if (length !== null && left > 0) throw new Error('Fewer bytes than were announced.');
  } finally {
    clearTimeout(timer);
  }
}
