/** Proofs of the key log: the Merkle tree of RFC 9162 §2.1 with BLAKE2b-256. */
import { blake2b } from '@noble/hashes/blake2.js';
import { concat, isSame } from '../crypto/bytes.js';

const HASH_BYTES = 32;

const digest = (...parts: readonly Uint8Array[]): Uint8Array =>
  blake2b(concat(...parts), { dkLen: HASH_BYTES });

/** Hash of what an entry says. */
export const leafHashOf = (payload: Uint8Array): Uint8Array => digest(Uint8Array.of(0), payload);

const pairHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  digest(Uint8Array.of(1), left, right);

/** Whether an entry stands at its place in a tree of this size and root. @source RFC 9162 §2.1.3.2 */
export function isIncluded(
  leaf: { readonly index: number; readonly hash: Uint8Array },
  tree: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (leaf.index >= tree.size) return false;
  let [node, last] = [leaf.index, tree.size - 1];
  let { hash } = leaf;
  for (const other of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = pairHash(other, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hash = pairHash(hash, other);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(hash, tree.root);
}

/** A tree of some size, as a head has it. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether the later tree began as the earlier one. @source RFC 9162 §2.1.4.2 */
export function isContinued(
  earlier: TreeHead,
  later: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (earlier.size === later.size) return proof.length === 0 && isSame(earlier.root, later.root);
  if (earlier.size < 1 || earlier.size > later.size || proof.length === 0) return false;
  const path = Number.isInteger(Math.log2(earlier.size)) ? [earlier.root, ...proof] : [...proof];
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [former, now] = [path[0]!, path[0]!];
  for (const other of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [former, now] = [pairHash(other, former), pairHash(other, now)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else now = pairHash(now, other);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSame(former, earlier.root) && isSame(now, later.root);
}

const half = (value: number): number => Math.floor(value / 2);
