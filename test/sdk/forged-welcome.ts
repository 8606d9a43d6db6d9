/** A member who knows everything about a group, and tells somebody who comes in something else. */
import {
  getCiphersuiteFromName,
  type CiphersuiteImpl,
  type ClientState,
  type Extension,
  type GroupContext,
  type RatchetTree,
} from 'ts-mls';
import { createConfirmationTag } from 'ts-mls/framedContent.js';
import { extractWelcomeSecret, signGroupInfo } from 'ts-mls/groupInfo.js';
import { decodeKeyPackage, makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { deriveKeySchedule } from 'ts-mls/keySchedule.js';
import { addLeafNode, encodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { encryptGroupInfo, encryptGroupSecrets } from 'ts-mls/welcome.js';
import { encodeMlsMessage } from 'ts-mls';
import type { MlsGroup, NewKeyPackage } from '../../sdk/src/mls/engine.js';
import { sodiumProvider } from '../../sdk/src/mls/sodium-provider.js';
import { SUITE_NAME } from '../../sdk/src/mls/ts-mls-config.js';
import { stateOf } from '../../sdk/src/mls/ts-mls-group.js';

/** All that a Welcome says. */
export interface Told {
  readonly tree: RatchetTree;
  readonly context: GroupContext;
  /** Leaf of who signs. */
  readonly signer: number;
  readonly signingKey: Uint8Array;
  /** Beside the tree. */
  readonly extensions: readonly Extension[];
  readonly pathSecret: Uint8Array | undefined;
  /** The tree as it is sent. */
  readonly sentTree: (tree: RatchetTree) => Uint8Array;
  readonly confirmationTag: (right: Uint8Array) => Uint8Array;
  /** Whether the hash in the context is that of the tree. */
  readonly hasRightHash: boolean;
  readonly newMember: (right: Uint8Array) => Uint8Array;
}

/** The cryptography of the groups here. */
export const suiteOfGroups = (): Promise<CiphersuiteImpl> =>
  sodiumProvider.getCiphersuiteImpl(getCiphersuiteFromName(SUITE_NAME));

/** A Welcome into the group with one more leaf, right but for the changes: signed and confirmed as a member can. */
export async function welcomeSaying(
  group: MlsGroup,
  newcomer: NewKeyPackage,
  change: (told: Told, state: ClientState) => Partial<Told> | Promise<Partial<Told>> = () => ({}),
): Promise<Uint8Array> {
  const suite = await suiteOfGroups();
  const state = stateOf(group);
  const [keyPackage] = decodeKeyPackage(newcomer.data, 0)!;
  const right: Told = {
    tree: addLeafNode(state.ratchetTree, keyPackage.leafNode)[0],
    context: { ...state.groupContext, epoch: state.groupContext.epoch + 1n },
    signer: group.own.leaf,
    signingKey: state.signaturePrivateKey,
    extensions: [],
    pathSecret: undefined,
    sentTree: (tree) => encodeRatchetTree(tree),
    confirmationTag: (tag) => tag,
    hasRightHash: true,
    newMember: (ref) => ref,
  };
  const told = { ...right, ...(await change(right, state)) };
  const treeHash = told.hasRightHash
    ? await treeHashRoot(told.tree, suite.hash)
    : told.context.treeHash;
  return sealed(told, { ...told.context, treeHash }, keyPackage, suite);
}

async function sealed(
  told: Told,
  groupContext: GroupContext,
  keyPackage: NonNullable<ReturnType<typeof decodeKeyPackage>>[0],
  suite: CiphersuiteImpl,
): Promise<Uint8Array> {
  const none = new Uint8Array(suite.kdf.size);
  const joinerSecret = suite.rng.randomBytes(suite.kdf.size);
  const [schedule] = await deriveKeySchedule(joinerSecret, none, groupContext, suite.kdf);
  const hashed = groupContext.confirmedTranscriptHash;
  const tag = await createConfirmationTag(schedule.confirmationKey, hashed, suite.hash);
  const tree: Extension = {
    extensionType: 'ratchet_tree',
    extensionData: told.sentTree(told.tree),
  };
  const info = await signGroupInfo(
    {
      groupContext,
      extensions: [tree, ...told.extensions],
      confirmationTag: told.confirmationTag(tag),
      signer: told.signer,
    },
    told.signingKey,
    suite.signature,
  );
  const secret = await extractWelcomeSecret(joinerSecret, none, suite.kdf);
  const encryptedGroupInfo = await encryptGroupInfo(info, secret, suite);
  const secrets = { joinerSecret, pathSecret: told.pathSecret, psks: [] };
  const initKey = await suite.hpke.importPublicKey(keyPackage.initKey);
  const forThem = await encryptGroupSecrets(initKey, encryptedGroupInfo, secrets, suite.hpke);
  const ref = told.newMember(await makeKeyPackageRef(keyPackage, suite.hash));
  const encryptedGroupSecrets = { kemOutput: forThem.enc, ciphertext: forThem.ct };
  return encodeMlsMessage({
    version: 'mls10',
    wireformat: 'mls_welcome',
    welcome: {
      cipherSuite: SUITE_NAME,
      secrets: [{ newMember: ref, encryptedGroupSecrets }],
      encryptedGroupInfo,
    },
  });
}
