/** Coming into a group: by a Welcome, or back by a commit of one's own. */
import type {
  CiphersuiteImpl,
  ClientConfig,
  ClientState,
  GroupInfo,
  KeyPackage,
  LeafNode,
  PrivateKeyPackage,
  PublicMessage,
  RatchetTree,
  Welcome,
} from 'ts-mls';
import { exportSecret, nextEpochContext } from 'ts-mls/clientState.js';
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js';
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { deriveKeySchedule, initializeEpoch } from 'ts-mls/keySchedule.js';
import { protectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { getCommitSecret, pathToPathSecrets, pathToRoot } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath, updateLeafKey } from 'ts-mls/privateKeyPath.js';
import { encodeLeafNode } from 'ts-mls/leafNode.js';
import { addLeafNode, decodeRatchetTree, removeLeafNode } from 'ts-mls/ratchetTree.js';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import {
  leafToNodeIndex,
  leafWidth,
  nodeToLeafIndex,
  toLeafIndex,
  toNodeIndex,
} from 'ts-mls/treemath.js';
import { createUpdatePath, firstCommonAncestor } from 'ts-mls/updatePath.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { EMPTY, isSame } from '../crypto/bytes.js';
import { MlsRefusal, wipe } from './engine.js';
import { identityOf, membersOf } from './ts-mls-group.js';
import { whole } from './ts-mls-messages.js';
import { requireRightKeys } from './ts-mls-path.js';
import { requireFew, requireOneOfEach } from './ts-mls-policy.js';
import { leafAt, requireRightTree } from './ts-mls-tree.js';

/** The public and the secret half of a key package. */
export interface OwnKeyPackage {
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

const afresh = {
  unappliedProposals: {},
  historicalReceiverData: new Map<never, never>(),
  groupActiveState: { kind: 'active' },
} as const;

/** @source RFC 9420 §12.4.3.1 @throws {MlsRefusal} */
export async function joinByWelcome(
  welcome: Welcome,
  { publicPackage, privatePackage }: OwnKeyPackage,
  suite: CiphersuiteImpl,
  config: ClientConfig,
): Promise<ClientState> {
  if (welcome.cipherSuite !== suite.name) throw new MlsRefusal('A Welcome of another suite.');
  const ref = await makeKeyPackageRef(publicPackage, suite.hash);
  const key = await suite.hpke.importPrivateKey(privatePackage.initPrivateKey);
  const secrets = await decryptGroupSecrets(key, ref, welcome, suite.hpke);
  if (!secrets) throw new MlsRefusal('A Welcome for others.');
  if (secrets.psks.length > 0) throw new MlsRefusal('Pre-shared keys are not understood here.');
  const psk = new Uint8Array(suite.kdf.size);
  const { joinerSecret, pathSecret } = secrets;
  const info = await decryptGroupInfo(welcome, joinerSecret, psk, suite);
  if (!info) throw new MlsRefusal('A Welcome that cannot be read.');
  const tree = await requireRightInfo(info, suite, config);
  if (!(await verifyGroupInfoConfirmationTag(info, joinerSecret, psk, suite)))
    throw new MlsRefusal('A Welcome into another state of the group.');
  const { groupContext } = info;
  const [keySchedule, encryption] = await deriveKeySchedule(
    joinerSecret,
    psk,
    groupContext,
    suite.kdf,
  );
  const privatePath = await pathOf(
    tree,
    info.signer,
    publicPackage,
    privatePackage,
    pathSecret,
    suite,
  );
  const secretTree = await createSecretTree(leafWidth(tree.length), encryption, suite.kdf);
  wipe([joinerSecret, encryption]);
  return {
    ...afresh,
    groupContext,
    ratchetTree: tree,
    privatePath,
    signaturePrivateKey: privatePackage.signaturePrivateKey,
    confirmationTag: info.confirmationTag,
    keySchedule,
    secretTree,
    clientConfig: config,
  };
}

/** The keys of the own leaf and of the parents that the Welcome tells of. */
async function pathOf(
  tree: RatchetTree,
  signer: number,
  own: KeyPackage,
  keys: PrivateKeyPackage,
  pathSecret: Uint8Array | undefined,
  suite: CiphersuiteImpl,
) {
  const leaf = toLeafIndex(requireLeaf(tree, own.leafNode.signaturePublicKey));
  if (!isSame(encodeLeafNode(leafAt(tree, leaf)), encodeLeafNode(own.leafNode)))
    throw new MlsRefusal('A Welcome with another leaf than that of the key package.');
  const path = { leafIndex: leaf, privateKeys: { [leafToNodeIndex(leaf)]: keys.hpkePrivateKey } };
  if (signer === leaf) throw new MlsRefusal('A Welcome that this device is said to have made.');
  if (!pathSecret) return path;
  const from = firstCommonAncestor(tree, leaf, toLeafIndex(signer));
  const secrets = await pathToRoot(tree, from, pathSecret, suite.kdf);
  const parents = await toPrivateKeyPath(secrets, leaf, suite);
  requireRightKeys(tree, parents, Object.keys(secrets).map(Number));
  return mergePrivateKeyPaths(parents, path);
}

/** The tree of a GroupInfo that is signed by one of the group. */
async function requireRightInfo(
  info: GroupInfo,
  suite: CiphersuiteImpl,
  config: ClientConfig,
): Promise<RatchetTree> {
  const { version, cipherSuite } = info.groupContext;
  if (version !== 'mls10' || cipherSuite !== suite.name)
    throw new MlsRefusal('A group of another suite.');
  if (info.groupContext.extensions.length > 0)
    throw new MlsRefusal('Extensions of groups are not understood here.');
  requireOneOfEach(info.extensions);
  const sent = info.extensions.find(({ extensionType }) => extensionType === 'ratchet_tree');
  if (!sent) throw new MlsRefusal('The tree of the group is missing.');
  const tree = whole(decodeRatchetTree, sent.extensionData);
  const { signaturePublicKey } = leafAt(tree, info.signer);
  if (!(await verifyGroupInfoSignature(info, signaturePublicKey, suite.signature)))
    throw new MlsRefusal('What is said about the group is not signed by one of it.');
  await requireRightTree(tree, info.groupContext, suite, config);
  requireFew(membersOf(tree));
  return tree;
}

function requireLeaf(tree: RatchetTree, signatureKey: Uint8Array): number {
  const leaf = leafOf(tree, signatureKey);
  if (leaf === null) throw new MlsRefusal('This device was not in the group.');
  return leaf;
}

const leafOf = (tree: RatchetTree, key: Uint8Array): number | null =>
  membersOf(tree).find(({ signatureKey }) => isSame(signatureKey, key))?.leaf ?? null;

/** The lost leaf of a device; null = it has none, and comes in beside others of its actor. @throws {MlsRefusal} */
function lostLeaf(tree: RatchetTree, own: LeafNode): number | null {
  const identity = identityOf(own);
  if (!membersOf(tree).some((member) => member.identity === identity))
    throw new MlsRefusal('Nobody of this actor is in the group.');
  return leafOf(tree, own.signaturePublicKey);
}

/**
 * Takes the place of the own lost leaf, or another one beside those of the same actor.
 * @source RFC 9420 §12.4.3.2 @throws {MlsRefusal}
 */
export async function joinFromOutside(
  info: GroupInfo,
  { publicPackage, privatePackage }: OwnKeyPackage,
  suite: CiphersuiteImpl,
  config: ClientConfig,
): Promise<{ readonly commit: PublicMessage; readonly state: ClientState }> {
  const before = await requireRightInfo(info, suite, config);
  const { leafNode } = publicPackage;
  const lost = lostLeaf(before, leafNode);
  const removed = lost === null ? [] : [toLeafIndex(lost)];
  const external = info.extensions.find(({ extensionType }) => extensionType === 'external_pub');
  if (!external) throw new MlsRefusal('The group takes nobody back.');
  const { enc, secret } = await exportSecret(external.extensionData, suite);
  const [withLeaf, node] = addLeafNode(removed.reduce(removeLeafNode, before), leafNode);
  const leaf = nodeToLeafIndex(node);
  const { groupContext } = info;
  const { signaturePrivateKey } = privatePackage;
  const [tree, path, secrets, newKey] = await createUpdatePath(
    withLeaf,
    leaf,
    groupContext,
    signaturePrivateKey,
    suite,
  );
  const parents = await toPrivateKeyPath(pathToPathSecrets(secrets), leaf, suite);
  const last = secrets.at(-1);
  const commitSecret = last
    ? await getCommitSecret(tree, toNodeIndex(last.nodeIndex), last.secret, suite.kdf)
    : new Uint8Array(suite.kdf.size);
  const { framedContent, signature } = await createContentCommitSignature(
    groupContext,
    'mls_public_message',
    {
      proposals: [
        ...removed.map((leaf) => ({ proposalType: 'remove' as const, remove: { removed: leaf } })),
        { proposalType: 'external_init' as const, externalInit: { kemOutput: enc } },
      ].map((proposal) => ({ proposalOrRefType: 'proposal', proposal })),
      path,
    },
    { senderType: 'new_member_commit' },
    EMPTY,
    signaturePrivateKey,
    suite.signature,
  );
  const next = await nextEpochContext(
    groupContext,
    'mls_public_message',
    framedContent,
    signature,
    await treeHashRoot(tree, suite.hash),
    info.confirmationTag,
    suite.hash,
  );
  const none = new Uint8Array(suite.kdf.size);
  const made = await initializeEpoch(secret, commitSecret, next, none, suite.kdf);
  const { keySchedule, encryptionSecret } = made;
  const { confirmationKey, membershipKey } = keySchedule;
  const hashed = next.confirmedTranscriptHash;
  const confirmationTag = await createConfirmationTag(confirmationKey, hashed, suite.hash);
  const commit = await protectPublicMessage(
    membershipKey,
    next,
    {
      wireformat: 'mls_public_message',
      content: framedContent,
      auth: { contentType: 'commit', signature, confirmationTag },
    },
    suite,
  );
  const state: ClientState = {
    ...afresh,
    groupContext: next,
    ratchetTree: tree,
    privatePath: updateLeafKey(parents, await suite.hpke.exportPrivateKey(newKey)),
    signaturePrivateKey,
    confirmationTag,
    keySchedule,
    secretTree: await createSecretTree(leafWidth(tree.length), encryptionSecret, suite.kdf),
    clientConfig: config,
  };
  return { commit, state };
}
