/** Streams of bytes, cut anew. */
import { concat } from './bytes.js';

/** Bytes as they come, in parts of any length. */
export type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The same bytes in pieces of this size, the first one perhaps of another; the last one may be shorter. */
export async function* inPieces(
  source: Pieces,
  size: number,
  first = size,
): AsyncGenerator<Uint8Array, void> {
  let wanted = first;
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const part of source) {
    let rest = part;
    while (length + rest.length >= wanted) {
      const taken = rest.subarray(0, wanted - length);
      yield waiting.length > 0 ? concat(...waiting, taken) : taken;
      rest = rest.subarray(taken.length);
      [waiting, length, wanted] = [[], 0, size];
    }
    if (rest.length > 0) {
      waiting.push(rest);
      length += rest.length;
    }
  }
  if (length > 0) yield concat(...waiting);
}
