import { describe, expect, it } from '@jest/globals';
import { decodeMlsMessage, mlsExporter, type CiphersuiteImpl } from 'ts-mls';
import { decodeAuthenticatedContent } from 'ts-mls/authenticatedContent.js';
import { refhash } from 'ts-mls/crypto/hash.js';
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { deriveSecret, deriveTreeSecret, expandWithLabel } from 'ts-mls/crypto/kdf.js';
import { signWithLabel, verifyWithLabel } from 'ts-mls/crypto/signature.js';
import { encodeGroupContext } from 'ts-mls/groupContext.js';
import { verifyGroupInfoConfirmationTag, verifyGroupInfoSignature } from 'ts-mls/groupInfo.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { defaultKeyRetentionConfig } from 'ts-mls/keyRetentionConfig.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { computePskSecret } from 'ts-mls/presharedkey.js';
import { createSecretTree, deriveKey, deriveNonce, ratchetUntil } from 'ts-mls/secretTree.js';
import { expandSenderDataKey, expandSenderDataNonce } from 'ts-mls/sender.js';
import { createConfirmedHash, createInterimHash } from 'ts-mls/transcriptHash.js';
import { leafToNodeIndex, toLeafIndex } from 'ts-mls/treemath.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { bytes, decoded, hasVectors, hex, suiteNameOf, suiteOf, vectorsOf } from './mls-vectors.js';

interface Vector {
  readonly cipher_suite: number;
}
type Texts = Readonly<Record<string, string>>;

interface Basics extends Vector {
  readonly ref_hash: Texts;
  readonly derive_secret: Texts;
  readonly derive_tree_secret: Texts & { readonly generation: never };
  readonly expand_with_label: Texts & { readonly length: never };
  readonly encrypt_with_label: Texts;
  readonly sign_with_label: Texts;
}

/** A field that the vector has. */
function field(texts: Texts, name: string): string {
  const text = texts[name];
  if (text === undefined) throw new Error(`no ${name}`);
  return text;
}

async function checkDerivations(vector: Basics, { hash, kdf }: CiphersuiteImpl): Promise<void> {
  const { ref_hash, derive_secret, derive_tree_secret, expand_with_label } = vector;
  const ref = await refhash(field(ref_hash, 'label'), bytes(field(ref_hash, 'value')), hash);
  expect(hex(ref)).toBe(ref_hash['out']);
  const secret = (texts: Texts): [Uint8Array, string] => [
    bytes(field(texts, 'secret')),
    field(texts, 'label'),
  ];
  expect(hex(await deriveSecret(...secret(derive_secret), kdf))).toBe(derive_secret['out']);
  const { generation } = derive_tree_secret;
  const treeSecret = await deriveTreeSecret(...secret(derive_tree_secret), generation, 32, kdf);
  expect(hex(treeSecret)).toBe(derive_tree_secret['out']);
  const context = bytes(field(expand_with_label, 'context'));
  const { length } = expand_with_label;
  const expanded = await expandWithLabel(...secret(expand_with_label), context, length, kdf);
  expect(hex(expanded)).toBe(expand_with_label['out']);
}

async function checkSigning(vector: Basics, { signature }: CiphersuiteImpl): Promise<void> {
  const texts = vector.sign_with_label;
  const [label, content] = [field(texts, 'label'), bytes(field(texts, 'content'))];
  const isRight = (signed: Uint8Array) =>
    verifyWithLabel(bytes(field(texts, 'pub')), label, content, signed, signature);
  expect(await isRight(bytes(field(texts, 'signature')))).toBe(true);
  const own = await signWithLabel(bytes(field(texts, 'priv')), label, content, signature);
  expect(await isRight(own)).toBe(true);
}

async function checkEncryption(vector: Basics, { hpke }: CiphersuiteImpl): Promise<void> {
  const texts = vector.encrypt_with_label;
  const [label, context] = [field(texts, 'label'), bytes(field(texts, 'context'))];
  const privateKey = await hpke.importPrivateKey(bytes(field(texts, 'priv')));
  const publicKey = await hpke.importPublicKey(bytes(field(texts, 'pub')));
  const open = (enc: Uint8Array, ct: Uint8Array) =>
    decryptWithLabel(privateKey, label, context, enc, ct, hpke);
  const given = await open(bytes(field(texts, 'kem_output')), bytes(field(texts, 'ciphertext')));
  expect(hex(given)).toBe(texts['plaintext']);
  const plaintext = bytes(field(texts, 'plaintext'));
  const own = await encryptWithLabel(publicKey, label, context, plaintext, hpke);
  expect(hex(await open(own.enc, own.ct))).toBe(texts['plaintext']);
}

interface Epoch {
  readonly [name: string]:
    | string
    | { context: string; label: string; length: number; secret: string };
  readonly exporter: { context: string; label: string; length: number; secret: string };
}
interface Schedule extends Vector {
  readonly group_id: string;
  readonly initial_init_secret: string;
  readonly epochs: readonly Epoch[];
}

async function checkEpoch(
  vector: Schedule,
  index: number,
  init: Uint8Array,
  suite: CiphersuiteImpl,
): Promise<Uint8Array> {
  const epoch = vector.epochs[index]!;
  const text = (name: string): string => field(epoch as unknown as Texts, name);
  const context = {
    version: 'mls10' as const,
    cipherSuite: suiteNameOf(vector),
    groupId: bytes(vector.group_id),
    epoch: BigInt(index),
    treeHash: bytes(text('tree_hash')),
    confirmedTranscriptHash: bytes(text('confirmed_transcript_hash')),
    extensions: [],
  };
  expect(hex(encodeGroupContext(context))).toBe(text('group_context'));
  const secrets = [bytes(text('commit_secret')), bytes(text('psk_secret'))] as const;
  const made = await initializeEpoch(init, secrets[0], context, secrets[1], suite.kdf);
  const { keySchedule } = made;
  const names = {
    joiner_secret: made.joinerSecret,
    welcome_secret: made.welcomeSecret,
    encryption_secret: made.encryptionSecret,
    init_secret: keySchedule.initSecret,
    sender_data_secret: keySchedule.senderDataSecret,
    exporter_secret: keySchedule.exporterSecret,
    external_secret: keySchedule.externalSecret,
    confirmation_key: keySchedule.confirmationKey,
    membership_key: keySchedule.membershipKey,
    resumption_psk: keySchedule.resumptionPsk,
    epoch_authenticator: keySchedule.epochAuthenticator,
  };
  for (const [name, value] of Object.entries(names))
    expect([name, hex(value)]).toEqual([name, text(name)]);
  const { publicKey } = await suite.hpke.deriveKeyPair(keySchedule.externalSecret);
  expect(hex(await suite.hpke.exportPublicKey(publicKey))).toBe(text('external_pub'));
  const { label, context: about, length, secret } = epoch.exporter;
  const exported = await mlsExporter(
    keySchedule.exporterSecret,
    label,
    bytes(about),
    length,
    suite,
  );
  expect(hex(exported)).toBe(secret);
  return keySchedule.initSecret;
}

interface PskSecret extends Vector {
  readonly psks: readonly { psk_id: string; psk: string; psk_nonce: string }[];
  readonly psk_secret: string;
}

interface Generation {
  readonly generation: number;
  readonly handshake_key: string;
  readonly handshake_nonce: string;
  readonly application_key: string;
  readonly application_nonce: string;
}
interface SecretTree extends Vector {
  readonly sender_data: {
    sender_data_secret: string;
    ciphertext: string;
    key: string;
    nonce: string;
  };
  readonly encryption_secret: string;
  readonly leaves: readonly (readonly Generation[])[];
}

async function checkSecretTree(vector: SecretTree, suite: CiphersuiteImpl): Promise<void> {
  const { sender_data_secret, ciphertext, key, nonce } = vector.sender_data;
  const about = [bytes(sender_data_secret), bytes(ciphertext)] as const;
  expect(hex(await expandSenderDataKey(suite, ...about))).toBe(key);
  expect(hex(await expandSenderDataNonce(suite, ...about))).toBe(nonce);
  const width = vector.leaves.length;
  const tree = await createSecretTree(width, bytes(vector.encryption_secret), suite.kdf);
  for (const [index, generations] of vector.leaves.entries()) {
    const node = tree[leafToNodeIndex(toLeafIndex(index))]!;
    for (const wanted of generations)
      for (const kind of ['handshake', 'application'] as const) {
        const { generation } = wanted;
        const [at] = await ratchetUntil(
          node[kind],
          generation,
          defaultKeyRetentionConfig,
          suite.kdf,
        );
        expect(hex(await deriveKey(at.secret, generation, suite))).toBe(wanted[`${kind}_key`]);
        expect(hex(await deriveNonce(at.secret, generation, suite))).toBe(wanted[`${kind}_nonce`]);
      }
  }
}

interface Transcript extends Vector {
  readonly authenticated_content: string;
  readonly confirmation_key: string;
  readonly confirmed_transcript_hash_after: string;
  readonly interim_transcript_hash_after: string;
  readonly interim_transcript_hash_before: string;
}

interface WelcomeVector extends Vector {
  readonly init_priv: string;
  readonly key_package: string;
  readonly signer_pub: string;
  readonly welcome: string;
}

(hasVectors ? describe : describe.skip)('T5: the official vectors of keys', () => {
  it.each(vectorsOf<Basics>('crypto-basics'))('crypto-basics %i', async (_index, vector) => {
    const suite = await suiteOf(vector);
    await checkDerivations(vector, suite);
    await checkSigning(vector, suite);
    await checkEncryption(vector, suite);
  });

  it.each(vectorsOf<Schedule>('key-schedule'))('key-schedule %i', async (_index, vector) => {
    const suite = await suiteOf(vector);
    let init = bytes(vector.initial_init_secret);
    for (const index of vector.epochs.keys()) init = await checkEpoch(vector, index, init, suite);
  });

  it.each(vectorsOf<PskSecret>('psk_secret'))('psk_secret %i', async (_index, vector) => {
    const suite = await suiteOf(vector);
    const psks = vector.psks.map(
      ({ psk_id, psk, psk_nonce }): Parameters<typeof computePskSecret>[0][number] => [
        { psktype: 'external', pskId: bytes(psk_id), pskNonce: bytes(psk_nonce) },
        bytes(psk),
      ],
    );
    expect(hex(await computePskSecret(psks, suite))).toBe(vector.psk_secret);
  });

  it.each(vectorsOf<SecretTree>('secret-tree'))('secret-tree %i', async (_index, vector) => {
    await checkSecretTree(vector, await suiteOf(vector));
  });

  it.each(vectorsOf<Transcript>('transcript-hashes'))(
    'transcript-hashes %i',
    async (_index, vector) => {
      const { hash } = await suiteOf(vector);
      const { wireformat, content, auth } = decoded(
        decodeAuthenticatedContent,
        vector.authenticated_content,
      );
      if (content.contentType !== 'commit' || auth.contentType !== 'commit')
        throw new Error('no commit');
      const { confirmationTag, signature } = auth;
      const after = bytes(vector.confirmed_transcript_hash_after);
      const key = bytes(vector.confirmation_key);
      expect(await hash.verifyMac(key, confirmationTag, after)).toBe(true);
      const before = bytes(vector.interim_transcript_hash_before);
      const confirmed = await createConfirmedHash(before, { wireformat, content, signature }, hash);
      expect(hex(confirmed)).toBe(vector.confirmed_transcript_hash_after);
      const interim = await createInterimHash(after, confirmationTag, hash);
      expect(hex(interim)).toBe(vector.interim_transcript_hash_after);
    },
  );

  it.each(vectorsOf<WelcomeVector>('welcome'))('welcome %i', async (_index, vector) => {
    const suite = await suiteOf(vector);
    const welcomed = decoded(decodeMlsMessage, vector.welcome);
    const published = decoded(decodeMlsMessage, vector.key_package);
    if (welcomed.wireformat !== 'mls_welcome' || published.wireformat !== 'mls_key_package')
      throw new Error('another kind of message');
    const ref = await makeKeyPackageRef(published.keyPackage, suite.hash);
    const key = await suite.hpke.importPrivateKey(bytes(vector.init_priv));
    const secrets = await decryptGroupSecrets(key, ref, welcomed.welcome, suite.hpke);
    const none = new Uint8Array(suite.kdf.size);
    const joiner = secrets!.joinerSecret;
    const info = (await decryptGroupInfo(welcomed.welcome, joiner, none, suite))!;
    expect(await verifyGroupInfoConfirmationTag(info, joiner, none, suite)).toBe(true);
    expect(await verifyGroupInfoSignature(info, bytes(vector.signer_pub), suite.signature)).toBe(
      true,
    );
  });
});
