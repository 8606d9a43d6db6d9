import { describe, expect, it } from '@jest/globals';
import type { CiphersuiteImpl, GroupContext, Proposal, RatchetTree } from 'ts-mls';
import { applyUpdatePathSecret } from 'ts-mls/createCommit.js';
import { deriveSecret } from 'ts-mls/crypto/kdf.js';
import { verifyLeafNodeSignature } from 'ts-mls/leafNode.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { getCommitSecret, type PathSecrets } from 'ts-mls/pathSecrets.js';
import { toPrivateKeyPath, type PrivateKeyPath } from 'ts-mls/privateKeyPath.js';
import { decodeProposal } from 'ts-mls/proposal.js';
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  getHpkePublicKey,
  removeLeafNode,
  resolution,
  updateLeafNode,
} from 'ts-mls/ratchetTree.js';
import { treeHash, treeHashRoot } from 'ts-mls/treeHash.js';
import { leafToNodeIndex, nodeToLeafIndex, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { applyUpdatePath, createUpdatePath, decodeUpdatePath } from 'ts-mls/updatePath.js';
import { bytes, decoded, hasVectors, hex, suiteNameOf, suiteOf, vectorsOf } from './mls-vectors.js';

interface Operation {
  readonly cipher_suite: number;
  readonly proposal: string;
  readonly proposal_sender: number;
  readonly tree_before: string;
  readonly tree_hash_before: string;
  readonly tree_after: string;
  readonly tree_hash_after: string;
}

function applied(proposal: Proposal, tree: RatchetTree, sender: number): RatchetTree {
  if ('add' in proposal) return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
  if ('update' in proposal)
    return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(sender));
  if ('remove' in proposal) return removeLeafNode(tree, toLeafIndex(proposal.remove.removed));
  throw new Error('a proposal that changes no tree');
}

interface Validation {
  readonly cipher_suite: number;
  readonly tree: string;
  readonly group_id: string;
  readonly tree_hashes: readonly string[];
  readonly resolutions: readonly (readonly number[])[];
}

interface Path {
  readonly sender: number;
  readonly commit_secret: string;
  readonly path_secrets: readonly (string | null)[];
  readonly tree_hash_after: string;
  readonly update_path: string;
}
interface TreeKem {
  readonly cipher_suite: number;
  readonly confirmed_transcript_hash: string;
  readonly epoch: number;
  readonly group_id: string;
  readonly ratchet_tree: string;
  readonly leaves_private: readonly {
    readonly encryption_priv: string;
    readonly signature_priv: string;
    readonly index: number;
    readonly path_secrets: readonly { readonly node: number; readonly path_secret: string }[];
  }[];
  readonly update_paths: readonly Path[];
}
type Leaf = TreeKem['leaves_private'][number];

const secretsOf = (leaf: Leaf): PathSecrets =>
  Object.fromEntries(leaf.path_secrets.map(({ node, path_secret }) => [node, bytes(path_secret)]));

async function checkKeys(leaf: Leaf, tree: RatchetTree, { hpke, kdf }: CiphersuiteImpl) {
  for (const [index, secret] of Object.entries(secretsOf(leaf))) {
    const { publicKey } = await hpke.deriveKeyPair(await deriveSecret(secret, 'node', kdf));
    const node = tree[Number(index)]!;
    expect(hex(getHpkePublicKey(node))).toBe(hex(await hpke.exportPublicKey(publicKey)));
  }
}

async function privatePathOf(leaf: Leaf, suite: CiphersuiteImpl): Promise<PrivateKeyPath> {
  const path = await toPrivateKeyPath(secretsOf(leaf), leaf.index, suite);
  const own = { [leafToNodeIndex(toLeafIndex(leaf.index))]: bytes(leaf.encryption_priv) };
  return { ...path, privateKeys: { ...path.privateKeys, ...own } };
}

async function checkPath(vector: TreeKem, path: Path, suite: CiphersuiteImpl): Promise<void> {
  const tree = decoded(decodeRatchetTree, vector.ratchet_tree);
  const sender = toLeafIndex(path.sender);
  const given = decoded(decodeUpdatePath, path.update_path);
  const updated = await applyUpdatePath(tree, sender, given, suite.hash);
  const context: GroupContext = {
    version: 'mls10',
    cipherSuite: suiteNameOf(vector),
    groupId: bytes(vector.group_id),
    epoch: BigInt(vector.epoch),
    treeHash: await treeHashRoot(updated, suite.hash),
    confirmedTranscriptHash: bytes(vector.confirmed_transcript_hash),
    extensions: [],
  };
  expect(hex(context.treeHash)).toBe(path.tree_hash_after);
  const key = bytes(
    vector.leaves_private.find(({ index }) => index === path.sender)!.signature_priv,
  );
  const [ownTree, own, secrets] = await createUpdatePath(updated, sender, context, key, suite);
  const commitSecret = await deriveSecret(secrets.at(-1)!.secret, 'path', suite.kdf);
  const next = {
    ...context,
    treeHash: await treeHashRoot(ownTree, suite.hash),
    epoch: context.epoch + 1n,
  };
  for (const leaf of vector.leaves_private) {
    if (leaf.index === path.sender) continue;
    const keys = await privatePathOf(leaf, suite);
    const read = await applyUpdatePathSecret(tree, keys, sender, context, given, [], suite);
    expect(hex(read.pathSecret)).toBe(path.path_secrets[leaf.index]);
    const node = toNodeIndex(read.nodeIndex);
    const theirs = await getCommitSecret(tree, node, read.pathSecret, suite.kdf);
    expect(hex(theirs)).toBe(path.commit_secret);
    const again = await applyUpdatePathSecret(tree, keys, sender, next, own, [], suite);
    const at = toNodeIndex(again.nodeIndex);
    const ours = await getCommitSecret(tree, at, again.pathSecret, suite.kdf);
    expect(hex(ours)).toBe(hex(commitSecret));
  }
}

(hasVectors ? describe : describe.skip)('T5: the official vectors of the tree', () => {
  it.each(vectorsOf<Operation>('tree-operations'))('tree-operations %i', async (_index, vector) => {
    const { hash } = await suiteOf(vector);
    const before = decoded(decodeRatchetTree, vector.tree_before);
    expect(hex(await treeHashRoot(before, hash))).toBe(vector.tree_hash_before);
    const proposal = decoded(decodeProposal, vector.proposal);
    const after = applied(proposal, before, vector.proposal_sender);
    expect(hex(encodeRatchetTree(after))).toBe(vector.tree_after);
    expect(hex(await treeHashRoot(after, hash))).toBe(vector.tree_hash_after);
  });

  it.each(vectorsOf<Validation>('tree-validation'))(
    'tree-validation %i',
    async (_index, vector) => {
      const suite = await suiteOf(vector);
      const tree = decoded(decodeRatchetTree, vector.tree);
      for (const [index, wanted] of vector.tree_hashes.entries())
        expect(hex(await treeHash(tree, toNodeIndex(index), suite.hash))).toBe(wanted);
      for (const [index, wanted] of vector.resolutions.entries())
        expect(resolution(tree, toNodeIndex(index))).toEqual(wanted);
      expect(await verifyParentHashes(tree, suite.hash)).toBe(true);
      for (const [index, node] of tree.entries()) {
        if (node?.nodeType !== 'leaf') continue;
        const at = nodeToLeafIndex(toNodeIndex(index));
        const group = bytes(vector.group_id);
        expect(await verifyLeafNodeSignature(node.leaf, group, at, suite.signature)).toBe(true);
      }
    },
  );

  it.each(vectorsOf<TreeKem>('treekem'))('treekem %i', async (_index, vector) => {
    const suite = await suiteOf(vector);
    const tree = decoded(decodeRatchetTree, vector.ratchet_tree);
    for (const leaf of vector.leaves_private) await checkKeys(leaf, tree, suite);
    for (const path of vector.update_paths) await checkPath(vector, path, suite);
  });
});
