import { describe, expect, it } from '@jest/globals';
import {
  decodeMlsMessage,
  defaultCapabilities,
  defaultKeyRetentionConfig,
  defaultPaddingConfig,
  type CiphersuiteImpl,
  type GroupContext,
  type RatchetTree,
} from 'ts-mls';
import { encodeCommit } from 'ts-mls/commit.js';
import {
  protectApplicationData,
  protectProposal,
  unprotectPrivateMessage,
} from 'ts-mls/messageProtection.js';
import { protectProposalPublic, unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { decodeProposal, encodeProposal } from 'ts-mls/proposal.js';
import type { PrivateMessage } from 'ts-mls';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { bytes, decoded, hasVectors, hex, suiteNameOf, suiteOf, vectorsOf } from './mls-vectors.js';

interface Vector {
  readonly cipher_suite: number;
  readonly group_id: string;
  readonly epoch: number;
  readonly tree_hash: string;
  readonly confirmed_transcript_hash: string;
  readonly signature_priv: string;
  readonly signature_pub: string;
  readonly encryption_secret: string;
  readonly sender_data_secret: string;
  readonly membership_key: string;
  readonly proposal: string;
  readonly proposal_priv: string;
  readonly proposal_pub: string;
  readonly commit: string;
  readonly commit_priv: string;
  readonly commit_pub: string;
  readonly application: string;
  readonly application_priv: string;
}

const EMPTY = new Uint8Array();
const SENDER = 1;

/** The sender has to be in the tree; the vectors give its key apart. */
const TREE: RatchetTree = [
  undefined,
  undefined,
  {
    nodeType: 'leaf',
    leaf: {
      leafNodeSource: 'commit',
      hpkePublicKey: EMPTY,
      signaturePublicKey: EMPTY,
      capabilities: defaultCapabilities(),
      parentHash: EMPTY,
      extensions: [],
      signature: EMPTY,
      credential: { credentialType: 'basic', identity: EMPTY },
    },
  },
];

const contextOf = (vector: Vector): GroupContext => ({
  version: 'mls10',
  cipherSuite: suiteNameOf(vector),
  groupId: bytes(vector.group_id),
  epoch: BigInt(vector.epoch),
  treeHash: bytes(vector.tree_hash),
  confirmedTranscriptHash: bytes(vector.confirmed_transcript_hash),
  extensions: [],
});

/** What a public message holds, encoded. */
async function openPublic(vector: Vector, digits: string, suite: CiphersuiteImpl): Promise<string> {
  const message = decoded(decodeMlsMessage, digits);
  if (message.wireformat !== 'mls_public_message') throw new Error('not public');
  return readPublic(vector, message.publicMessage, suite);
}

async function readPublic(
  vector: Vector,
  message: Parameters<typeof unprotectPublicMessage>[3],
  suite: CiphersuiteImpl,
): Promise<string> {
  const { content } = await unprotectPublicMessage(
    bytes(vector.membership_key),
    contextOf(vector),
    [],
    message,
    suite,
    bytes(vector.signature_pub),
  );
  if (content.contentType === 'proposal') return hex(encodeProposal(content.proposal));
  if (content.contentType === 'commit') return hex(encodeCommit(content.commit));
  throw new Error('application data is never public');
}

/** What a private message holds, encoded. */
async function readPrivate(
  vector: Vector,
  message: PrivateMessage,
  suite: CiphersuiteImpl,
): Promise<string> {
  const { content } = await unprotectPrivateMessage(
    bytes(vector.sender_data_secret),
    message,
    await createSecretTree(2, bytes(vector.encryption_secret), suite.kdf),
    TREE,
    contextOf(vector),
    defaultKeyRetentionConfig,
    suite,
    bytes(vector.signature_pub),
  );
  if (content.content.contentType === 'proposal')
    return hex(encodeProposal(content.content.proposal));
  if (content.content.contentType === 'commit') return hex(encodeCommit(content.content.commit));
  return hex(content.content.applicationData);
}

async function openPrivate(
  vector: Vector,
  digits: string,
  suite: CiphersuiteImpl,
): Promise<string> {
  const message = decoded(decodeMlsMessage, digits);
  if (message.wireformat !== 'mls_private_message') throw new Error('not private');
  return readPrivate(vector, message.privateMessage, suite);
}

async function checkOwnMessages(vector: Vector, suite: CiphersuiteImpl): Promise<void> {
  const proposal = decoded(decodeProposal, vector.proposal);
  const key = bytes(vector.signature_priv);
  const context = contextOf(vector);
  const membership = bytes(vector.membership_key);
  const open = await protectProposalPublic(
    key,
    membership,
    context,
    EMPTY,
    proposal,
    SENDER,
    suite,
  );
  expect(await readPublic(vector, open.publicMessage, suite)).toBe(vector.proposal);
  const secret = bytes(vector.sender_data_secret);
  const tree = () => createSecretTree(2, bytes(vector.encryption_secret), suite.kdf);
  const rest = [SENDER, defaultPaddingConfig, suite] as const;
  const hidden = await protectProposal(
    key,
    secret,
    proposal,
    EMPTY,
    context,
    await tree(),
    ...rest,
  );
  expect(await readPrivate(vector, hidden.privateMessage, suite)).toBe(vector.proposal);
  const text = bytes(vector.application);
  const said = await protectApplicationData(
    key,
    secret,
    text,
    EMPTY,
    context,
    await tree(),
    ...rest,
  );
  expect(await readPrivate(vector, said.privateMessage, suite)).toBe(vector.application);
}

(hasVectors ? describe : describe.skip)('T5: the official vectors of message protection', () => {
  it.each(vectorsOf<Vector>('message-protection'))(
    'message-protection %i',
    async (_index, vector) => {
      const suite = await suiteOf(vector);
      expect(await openPublic(vector, vector.proposal_pub, suite)).toBe(vector.proposal);
      expect(await openPublic(vector, vector.commit_pub, suite)).toBe(vector.commit);
      expect(await openPrivate(vector, vector.proposal_priv, suite)).toBe(vector.proposal);
      expect(await openPrivate(vector, vector.commit_priv, suite)).toBe(vector.commit);
      expect(await openPrivate(vector, vector.application_priv, suite)).toBe(vector.application);
      await checkOwnMessages(vector, suite);
    },
  );
});
