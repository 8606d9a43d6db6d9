/**
 * The tree over the key log, in the shape of RFC 9162 §2.1 with BLAKE2b-256. Only whole subtrees are stored, each once:
 * what a tree of any size needs is a few of them.
 */
import { digestOf } from '../../platform/ed25519.js';

/** A stored subtree: that of 2^level leaves, the position-th of its level. */
export interface NodePlace {
  readonly level: number;
  readonly position: number;
}

/** Leaves from `start` up to, and without, `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** Hashes of stored subtrees. */
export type NodeHashes = ReadonlyMap<string, Uint8Array>;

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

/** Hash of a leaf. */
export function hashLeaf(payload: Uint8Array): Promise<Buffer> {
  return digestOf(LEAF, payload);
}

/** Hash over two subtrees. */
export function hashPair(left: Uint8Array, right: Uint8Array): Promise<Buffer> {
  return digestOf(INNER, left, right);
}

/** Name of a subtree in {@link NodeHashes}. */
export function nameOf({ level, position }: NodePlace): string {
  return `${level}/${position}`;
}

/** Greatest power of two below a number from 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** The stored subtrees that the hash of a range is made of. */
export function placesOf({ start, end }: LeafRange): NodePlace[] {
  const count = end - start;
  const level = Math.log2(count);
  if (Number.isInteger(level)) return [{ level, position: start / count }];
  const middle = start + splitOf(count);
  return [...placesOf({ start, end: middle }), ...placesOf({ start: middle, end })];
}

/** Hash of a range, which begins where a subtree of its size does. */
export async function hashOfRange(
  { start, end }: LeafRange,
  hashes: NodeHashes,
): Promise<Uint8Array> {
  const count = end - start;
  const level = Math.log2(count);
  if (Number.isInteger(level)) return hashes.get(nameOf({ level, position: start / count }))!;
  const middle = start + splitOf(count);
  const left = await hashOfRange({ start, end: middle }, hashes);
  return hashPair(left, await hashOfRange({ start: middle, end }, hashes));
}

/** Ranges whose hashes prove that a leaf is in a tree, the nearest first. */
export function inclusionPath(index: number, tree: LeafRange): LeafRange[] {
  const { start, end } = tree;
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  const [left, right] = [
    { start, end: middle },
    { start: middle, end },
  ];
  return index < middle
    ? [...inclusionPath(index, left), right]
    : [...inclusionPath(index, right), left];
}

/** Ranges whose hashes prove that a tree has begun as one of `size` leaves. */
export function consistencyPath(size: number, tree: LeafRange, isWhole = true): LeafRange[] {
  const { start, end } = tree;
  if (size === end) return isWhole ? [] : [tree];
  const middle = start + splitOf(end - start);
  const left = { start, end: middle };
  const right = { start: middle, end };
  return size <= middle
    ? [...consistencyPath(size, left, isWhole), right]
    : [...consistencyPath(size, right, false), left];
}

/** Subtrees that stand left of a new leaf and become whole with it, the smallest first. */
export function completedBy(index: number): NodePlace[] {
  const places: NodePlace[] = [];
  for (let level = 0, position = index; position % 2 === 1; level += 1, position >>= 1)
    places.push({ level, position: position - 1 });
  return places;
}
