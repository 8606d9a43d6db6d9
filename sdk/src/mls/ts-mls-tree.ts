/**
 * Whether a tree that somebody sent is a right one. ts-mls 1.6.4 has such a check of its own, but wants all parents above
 * a leaf to name the same unmerged leaves, and so refuses most trees of groups that have lived for a while; joining is
 * therefore done here, out of its parts.
 */
import type { CiphersuiteImpl, ClientConfig, GroupContext, LeafNode, RatchetTree } from 'ts-mls';
import { verifyLeafNodeSignature, verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import {
  directPath,
  isLeaf,
  leafToNodeIndex,
  leafWidth,
  toLeafIndex,
  toNodeIndex,
} from 'ts-mls/treemath.js';
import { isSame, toHex } from '../crypto/bytes.js';
import { MlsRefusal } from './engine.js';
import { hasHonestParents } from './ts-mls-parents.js';
import { requireCapable } from './ts-mls-policy.js';

/** Leaves of the largest tree that is read, twice those of the largest group: work for a tree is bounded before it begins. */
const MOST_LEAVES = 2048;

/** @source RFC 9420 §12.4.3.1 @throws {MlsRefusal} */
export async function requireRightTree(
  tree: RatchetTree,
  context: GroupContext,
  suite: CiphersuiteImpl,
  config: ClientConfig,
): Promise<void> {
  if (leafWidth(tree.length) > MOST_LEAVES) throw new MlsRefusal('A tree larger than any group.');
  requireDifferentKeys(tree);
  for (const [index, node] of tree.entries()) {
    if (!node) continue;
    const at = toNodeIndex(index);
    if (isLeaf(at) !== (node.nodeType === 'leaf')) throw new MlsRefusal('A tree out of shape.');
    if (node.nodeType === 'leaf')
      await requireRightLeaf(node.leaf, index / 2, context, suite, config);
    else requireUnmergedLeaves(tree, index, node.parent.unmergedLeaves);
  }
  if (!isSame(await treeHashRoot(tree, suite.hash), context.treeHash))
    throw new MlsRefusal('A tree with another hash than that of the group.');
  if (!(await hasHonestParents(tree, suite.hash)))
    throw new MlsRefusal('A tree whose parents were not made by its leaves.');
}

async function requireRightLeaf(
  leaf: LeafNode,
  index: number,
  { groupId }: GroupContext,
  suite: CiphersuiteImpl,
  { authService }: ClientConfig,
): Promise<void> {
  const isSigned =
    leaf.leafNodeSource === 'key_package'
      ? await verifyLeafNodeSignatureKeyPackage(leaf, suite.signature)
      : await verifyLeafNodeSignature(leaf, groupId, index, suite.signature);
  if (!isSigned) throw new MlsRefusal('A leaf whose signature is wrong.');
  requireCapable(leaf);
  if (!(await authService.validateCredential(leaf.credential, leaf.signaturePublicKey)))
    throw new MlsRefusal('A leaf whose credential nobody vouches for.');
}

/** In their order and each once, as otherwise one group would have trees of several hashes. */
function requireUnmergedLeaves(tree: RatchetTree, parent: number, leaves: readonly number[]): void {
  for (const [place, leaf] of leaves.entries()) {
    if (place > 0 && leaf <= leaves[place - 1]!)
      throw new MlsRefusal('A parent whose unmerged leaves are out of order.');
    // Above the tree there are no parents to find: looking for them would not end.
    if (leaf >= leafWidth(tree.length)) throw new MlsRefusal('A parent that names no leaf.');
    requireUnmerged(tree, parent, leaf);
  }
}

/** An unmerged leaf is below the parent, and all parents between the two name it as well. */
function requireUnmerged(tree: RatchetTree, parent: number, leaf: number): void {
  const at = leafToNodeIndex(toLeafIndex(leaf));
  const path = directPath(at, leafWidth(tree.length));
  const place = path.indexOf(toNodeIndex(parent));
  if (place < 0 || tree[at] === undefined)
    throw new MlsRefusal('A parent that names a leaf which is not below it.');
  for (const between of path.slice(0, place)) {
    const node = tree[between];
    if (node?.nodeType === 'parent' && !node.parent.unmergedLeaves.includes(leaf))
      throw new MlsRefusal('A parent that does not name an unmerged leaf below it.');
  }
}

/** Each key stands for one place. @throws {MlsRefusal} */
export function requireDifferentKeys(tree: RatchetTree): void {
  const seen = new Set<string>();
  for (const node of tree) {
    if (!node) continue;
    const keys =
      node.nodeType === 'leaf'
        ? [`e${toHex(node.leaf.hpkePublicKey)}`, `s${toHex(node.leaf.signaturePublicKey)}`]
        : [`e${toHex(node.parent.hpkePublicKey)}`];
    for (const key of keys) {
      if (seen.has(key)) throw new MlsRefusal('Two places of a tree with the same key.');
      seen.add(key);
    }
  }
}

/** The leaf of who signed a GroupInfo. @throws {MlsRefusal} */
export function leafAt(tree: RatchetTree, index: number): LeafNode {
  const node = tree[leafToNodeIndex(toLeafIndex(index))];
  if (node?.nodeType !== 'leaf') throw new MlsRefusal('There is no such leaf.');
  return node.leaf;
}
