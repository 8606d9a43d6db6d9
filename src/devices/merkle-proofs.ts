/** Checking what proves something of a tree: of logs that other servers keep, of which only hashes are known here. */
import { hashPair } from './internal/merkle-tree.js';

/** Longest proof that is read: that of a log with more entries than there are places. */
export const LONGEST_PROOF = 64;

/** A tree of some size, as a head has it. */
export interface TreeHead {
  readonly treeSize: number;
  readonly rootHash: Buffer;
}

const half = (value: number): number => Math.floor(value / 2);

/** Whether a leaf stands at its place in a tree. @source RFC 9162 §2.1.3.2 */
export async function isIncluded(
  leaf: { readonly index: number; readonly hash: Buffer },
  tree: TreeHead,
  proof: readonly Buffer[],
): Promise<boolean> {
  if (leaf.index < 0 || leaf.index >= tree.treeSize || proof.length > LONGEST_PROOF) return false;
  let [node, last] = [leaf.index, tree.treeSize - 1];
  let { hash } = leaf;
  for (const other of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = await hashPair(other, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hash = await hashPair(hash, other);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(tree.rootHash);
}

/** Whether the later tree began as the earlier one; every tree began as the empty one. @source RFC 9162 §2.1.4.2 */
export async function isContinued(
  earlier: TreeHead,
  later: TreeHead,
  proof: readonly Buffer[],
): Promise<boolean> {
  if (earlier.treeSize === later.treeSize)
    return proof.length === 0 && earlier.rootHash.equals(later.rootHash);
  if (earlier.treeSize === 0) return proof.length === 0;
  if (earlier.treeSize > later.treeSize || proof.length === 0 || proof.length > LONGEST_PROOF)
    return false;
  const isWhole = Number.isInteger(Math.log2(earlier.treeSize));
  const path = isWhole ? [earlier.rootHash, ...proof] : [...proof];
  let [node, last] = [earlier.treeSize - 1, later.treeSize - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [former, now] = [path[0]!, path[0]!];
  for (const other of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [former, now] = [await hashPair(other, former), await hashPair(other, now)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else now = await hashPair(now, other);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && former.equals(earlier.rootHash) && now.equals(later.rootHash);
}
