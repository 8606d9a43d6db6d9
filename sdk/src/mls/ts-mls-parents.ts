/**
 * Whether the keys of the parents of a tree were made by leaves below them. ts-mls compares the hashes alone; that nobody
 * below is left out of a key, or kept in one who is gone, is part of the check as well.
 */
import type { Hash, RatchetTree } from 'ts-mls';
import { calculateParentHash } from 'ts-mls/parentHash.js';
import { resolution } from 'ts-mls/ratchetTree.js';
import { leafToNodeIndex, left, right, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { isSame } from '../crypto/bytes.js';

/** Each parent is reached by exactly one chain that begins at a leaf. @source RFC 9420 §7.9.2 */
export async function hasHonestParents(tree: RatchetTree, hash: Hash): Promise<boolean> {
  const reached = new Set<number>();
  for (let leaf = 0; leaf < tree.length; leaf += 2) {
    if (tree[leaf] === undefined) continue;
    for await (const parent of chainFrom(tree, leaf, hash)) {
      if (reached.has(parent)) return false;
      reached.add(parent);
    }
  }
  return tree.every((node, index) => node?.nodeType !== 'parent' || reached.has(index));
}

/** The parents above a place whose keys were made from there. */
async function* chainFrom(tree: RatchetTree, start: number, hash: Hash): AsyncGenerator<number> {
  for (let below = start; ;) {
    const claimed = parentHashOf(tree, below);
    if (claimed === null) return;
    const [made, above] = await calculateParentHash(tree, toNodeIndex(below), hash);
    const parent = above === undefined ? undefined : tree[above];
    if (above === undefined || parent?.nodeType !== 'parent' || !isSame(made, claimed)) return;
    if (!isKnownToAllBelow(tree, below, above, parent.parent.unmergedLeaves)) return;
    yield above;
    below = above;
  }
}

function parentHashOf(tree: RatchetTree, index: number): Uint8Array | null {
  const node = tree[index];
  if (node?.nodeType === 'parent') return node.parent.parentHash;
  return node?.leaf.leafNodeSource === 'commit' ? node.leaf.parentHash : null;
}

/** On the side that the key came from, everybody has it but the unmerged leaves. */
function isKnownToAllBelow(
  tree: RatchetTree,
  below: number,
  above: number,
  unmerged: readonly number[],
): boolean {
  const at = toNodeIndex(above);
  const side = below < above ? left(at) : right(at);
  const without = resolution(tree, side).filter((index) => index !== below);
  const isOnSide = (index: number): boolean => index < above === below < above;
  const lowest = above - spanOf(above);
  const highest = above + spanOf(above);
  const leaves = unmerged
    .map((leaf) => leafToNodeIndex(toLeafIndex(leaf)))
    .filter((index) => isOnSide(index) && index >= lowest && index <= highest);
  return (
    leaves.length === without.length &&
    leaves.every((index) => without.includes(toNodeIndex(index)))
  );
}

/** How far the leaves below a parent reach to either side. */
const spanOf = (parent: number): number => ((parent + 1) & -(parent + 1)) - 1;
