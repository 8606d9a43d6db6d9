/** Commits as a member can make them who does not keep to the rules. */
import {
  encodeMlsMessage,
  type CiphersuiteImpl,
  type Proposal,
  type PublicKey,
  type RatchetTree,
} from 'ts-mls';
import { nextEpochContext } from 'ts-mls/clientState.js';
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { protect } from 'ts-mls/messageProtection.js';
import { getCommitSecret } from 'ts-mls/pathSecrets.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { createUpdatePath, type UpdatePath } from 'ts-mls/updatePath.js';
import type { MlsGroup } from '../../sdk/src/mls/engine.js';
import { stateOf } from '../../sdk/src/mls/ts-mls-group.js';

/** All that a commit says, and what follows from it. */
export interface Said {
  readonly proposals: readonly Proposal[];
  readonly path: UpdatePath | undefined;
  /** As it is afterwards. */
  readonly tree: RatchetTree;
  /** That of the commit. */
  readonly secret: Uint8Array;
}

/** A commit with a right signature and a right tag, whatever it says. */
export async function commitSaying(
  group: MlsGroup,
  { proposals, path, tree, secret }: Said,
  suite: CiphersuiteImpl,
): Promise<Uint8Array> {
  const state = stateOf(group);
  const all = proposals.map((proposal) => ({ proposalOrRefType: 'proposal' as const, proposal }));
  const { framedContent, signature } = await createContentCommitSignature(
    state.groupContext,
    'mls_private_message',
    { proposals: all, path },
    { senderType: 'member', leafIndex: group.own.leaf },
    new Uint8Array(),
    state.signaturePrivateKey,
    suite.signature,
  );
  const context = await nextEpochContext(
    state.groupContext,
    'mls_private_message',
    framedContent,
    signature,
    await treeHashRoot(tree, suite.hash),
    state.confirmationTag,
    suite.hash,
  );
  const none = new Uint8Array(suite.kdf.size);
  const { initSecret } = state.keySchedule;
  const made = await initializeEpoch(initSecret, secret, context, none, suite.kdf);
  const { confirmationKey } = made.keySchedule;
  const hashed = context.confirmedTranscriptHash;
  const confirmationTag = await createConfirmationTag(confirmationKey, hashed, suite.hash);
  const { privateMessage } = await protect(
    state.keySchedule.senderDataSecret,
    new Uint8Array(),
    state.groupContext,
    state.secretTree,
    { ...framedContent, auth: { contentType: 'commit', signature, confirmationTag } },
    group.own.leaf,
    state.clientConfig.paddingConfig,
    suite,
  );
  return encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
}

/** Renews the keys of a member, and shows another public key than that of the secret for the first parent; null = not so. */
export async function renewalWith(
  group: MlsGroup,
  shown: Uint8Array | null,
  suite: CiphersuiteImpl,
): Promise<Uint8Array> {
  let made = 0;
  const hpke: CiphersuiteImpl['hpke'] = {
    ...suite.hpke,
    deriveKeyPair: async (material) => {
      const pair = await suite.hpke.deriveKeyPair(material);
      made += 1;
      // The first one is that of the leaf.
      if (made !== 2 || !shown) return pair;
      return { ...pair, publicKey: shown as unknown as PublicKey };
    },
  };
  const { ratchetTree, groupContext, signaturePrivateKey } = stateOf(group);
  const leaf = toLeafIndex(group.own.leaf);
  const lying = { ...suite, hpke };
  const [tree, path, secrets] = await createUpdatePath(
    ratchetTree,
    leaf,
    groupContext,
    signaturePrivateKey,
    lying,
  );
  const last = secrets.at(-1)!;
  const secret = await getCommitSecret(tree, toNodeIndex(last.nodeIndex), last.secret, suite.kdf);
  return commitSaying(group, { proposals: [], path, tree, secret }, suite);
}
