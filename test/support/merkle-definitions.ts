/** Roots and proofs of a tree as RFC 9162 defines them, word for word: slow, and beyond doubt. */
import { hashPair } from '../../src/devices/internal/merkle-tree.js';

const splitOf = (count: number): number => 2 ** Math.ceil(Math.log2(count) - 1);

/** @source RFC 9162 §2.1.1 */
export async function rootOf(of: readonly Buffer[]): Promise<Buffer> {
  if (of.length === 1) return of[0]!;
  const split = splitOf(of.length);
  return hashPair(await rootOf(of.slice(0, split)), await rootOf(of.slice(split)));
}

/** @source RFC 9162 §2.1.3.1 */
export async function pathOf(index: number, of: readonly Buffer[]): Promise<Buffer[]> {
  if (of.length === 1) return [];
  const split = splitOf(of.length);
  const [left, right] = [of.slice(0, split), of.slice(split)];
  return index < split
    ? [...(await pathOf(index, left)), await rootOf(right)]
    : [...(await pathOf(index - split, right)), await rootOf(left)];
}

/** @source RFC 9162 §2.1.4.1 */
export async function proofOf(
  size: number,
  of: readonly Buffer[],
  isWhole = true,
): Promise<Buffer[]> {
  if (size === of.length) return isWhole ? [] : [await rootOf(of)];
  const split = splitOf(of.length);
  const [left, right] = [of.slice(0, split), of.slice(split)];
  return size <= split
    ? [...(await proofOf(size, left, isWhole)), await rootOf(right)]
    : [...(await proofOf(size - split, right, false)), await rootOf(left)];
}
