import { describe, expect, it } from '@jest/globals';
import {
  bytesToBase64,
  decodeMlsMessage,
  joinGroup,
  makePskIndex,
  processMessage,
  acceptAll,
  type CiphersuiteImpl,
  type ClientState,
} from 'ts-mls';
import { decodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { bytes, hasVectors, hex, suiteOf, vectorsOf } from './mls-vectors.js';

interface PassiveClient {
  readonly cipher_suite: number;
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly {
    readonly proposals: readonly string[];
    readonly commit: string;
    readonly epoch_authenticator: string;
  }[];
}

const FILES = [
  'passive-client-welcome',
  'passive-client-handling-commit',
  'passive-client-random',
] as const;

const messageOf = (text: string) => {
  const decoded = decodeMlsMessage(bytes(text), 0);
  if (!decoded) throw new Error('no MLS message');
  return decoded[0];
};

async function join(client: PassiveClient, suite: CiphersuiteImpl): Promise<ClientState> {
  const keyPackage = messageOf(client.key_package);
  const welcome = messageOf(client.welcome);
  if (keyPackage.wireformat !== 'mls_key_package' || welcome.wireformat !== 'mls_welcome')
    throw new Error('another kind of message');
  const tree =
    client.ratchet_tree === null
      ? undefined
      : decodeRatchetTree(bytes(client.ratchet_tree), 0)?.[0];
  const keys = {
    hpkePrivateKey: bytes(client.encryption_priv),
    initPrivateKey: bytes(client.init_priv),
    signaturePrivateKey: bytes(client.signature_priv),
  };
  const psks = pskIndexOf(client);
  return joinGroup(welcome.welcome, keyPackage.keyPackage, keys, psks, suite, tree);
}

function pskIndexOf(client: PassiveClient) {
  const known = client.external_psks.map(
    ({ psk_id, psk }) => [bytesToBase64(bytes(psk_id)), bytes(psk)] as const,
  );
  return makePskIndex(undefined, Object.fromEntries(known));
}

async function follow(
  state: ClientState,
  text: string,
  client: PassiveClient,
  suite: CiphersuiteImpl,
): Promise<ClientState> {
  const message = messageOf(text);
  if (message.wireformat !== 'mls_private_message' && message.wireformat !== 'mls_public_message')
    throw new Error('another kind of message');
  const known = Object.fromEntries(
    client.external_psks.map(({ psk_id, psk }) => [bytesToBase64(bytes(psk_id)), bytes(psk)]),
  );
  const { newState } = await processMessage(
    message,
    state,
    makePskIndex(state, known),
    acceptAll,
    suite,
  );
  return newState;
}

(hasVectors ? describe : describe.skip)('T5: the official vectors of MLS_VECTORS', () => {
  for (const file of FILES)
    it.each(vectorsOf<PassiveClient>(file))(`${file} %i`, async (_index, client) => {
      const suite = await suiteOf(client);
      let state = await join(client, suite);
      expect(hex(state.keySchedule.epochAuthenticator)).toBe(client.initial_epoch_authenticator);
      for (const { proposals, commit, epoch_authenticator } of client.epochs) {
        for (const proposal of proposals) state = await follow(state, proposal, client, suite);
        state = await follow(state, commit, client, suite);
        expect(hex(state.keySchedule.epochAuthenticator)).toBe(epoch_authenticator);
      }
    });
});
