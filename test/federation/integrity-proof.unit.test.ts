// Proofs that travel with what they prove: the published vector, Fedify in both directions, and what proves nothing.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createProof, verifyObject } from '@fedify/fedify/sig';
import { Create, Note } from '@fedify/fedify/vocab';
import { expect, test } from '@jest/globals';
import type { ActorRow } from '../../src/actors/actor.queries.js';
import { actorKeyDocument } from '../../src/federation/documents/actor-document.js';
import { CONTEXT } from '../../src/federation/documents/context.js';
import { PROOF_CONTEXT, usedContext } from '../../src/federation/documents/used-context.js';
import {
  judgeProofs,
  withProof,
  type ProofKey,
} from '../../src/federation/internal/integrity-proof.js';
import {
  fromMultibase,
  fromMultikey,
  toMultibase,
  toMultikey,
} from '../../src/federation/internal/multibase.js';
import type { Config } from '../../src/platform/config.js';
import type { JsonObject } from '../../src/federation/internal/read-document.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const ALICE = 'https://server.example/users/alice';
const METHOD = `${ALICE}#ed25519-key`;
const pair = generateKeyPairSync('ed25519');
const key: ProofKey = { id: METHOD, key: pair.privateKey };
const known = [{ id: METHOD, multibase: toMultikey(pair.publicKey) }];
const DOCUMENT = {
  '@context': [
    'https://www.w3.org/ns/activitystreams',
    'https://w3id.org/security/data-integrity/v1',
  ],
  id: 'https://server.example/activities/1',
  type: 'Create',
  actor: ALICE,
  object: {
    id: 'https://server.example/objects/1',
    type: 'Note',
    attributedTo: ALICE,
    content: 'Hello world',
    location: { type: 'Place', longitude: -71.184902, latitude: 25.273962 },
  },
};
type Proven = JsonObject & { readonly proof: JsonObject };
const proven = withProof(DOCUMENT, key, NOW) as unknown as Proven;
const judge = (document: JsonObject, keys = known, now = NOW): string =>
  judgeProofs(document, ALICE, keys, now);
const withOptions = (more: object): JsonObject => ({
  ...proven,
  proof: { ...proven.proof, ...more },
});

test('the vector of FEP-8b32 is valid, and the same document with another letter is not', () => {
  const context = [
    'https://www.w3.org/ns/activitystreams',
    'https://w3id.org/security/data-integrity/v2',
  ];
  const vector = {
    ...DOCUMENT,
    '@context': context,
    proof: {
      '@context': context,
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-jcs-2022',
      verificationMethod: METHOD,
      proofPurpose: 'assertionMethod',
      proofValue:
        'z42ffGu6AUKPCFcFPiabmUvnGLPJzC7e4DGWC52NUasSSH37UMa9c58tdgVszUcZfytxa4fQ5TYHaJENCxUDe9SdL',
      created: '2023-02-24T23:36:38Z',
    },
  };
  const keys = [{ id: METHOD, multibase: 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2' }];
  expect(judge(vector, keys)).toBe('VALID');
  const other = { ...vector, object: { ...vector.object, content: 'Hello World' } };
  expect(judge(other, keys)).toBe('INVALID');
});

test('what we prove is valid, and the order of its keys is nothing', () => {
  expect(judge(proven)).toBe('VALID');
  expect(judge(Object.fromEntries(Object.entries(proven).toReversed()))).toBe('VALID');
  expect(judge({ ...proven, proof: [proven.proof] })).toBe('VALID');
});

test.each<[string, JsonObject]>([
  ['another actor', { ...proven, actor: 'https://server.example/users/bob' }],
  ['something more', { ...proven, extra: 1 }],
  ['a key of another server', withOptions({ verificationMethod: 'https://evil.example/key' })],
  ['another purpose', withOptions({ proofPurpose: 'authentication' })],
  ['another instant', withOptions({ created: '2026-03-01T11:00:00Z' })],
  ['an instant ahead', withOptions({ created: '2026-03-02T12:00:00Z' })],
  ['no instant', withOptions({ created: undefined })],
  ['an end that has passed', withOptions({ expires: '2026-03-01T11:59:59Z' })],
  ['an end that is none', withOptions({ expires: 'soon' })],
  ['options that were not signed', withOptions({ domain: 'evil.example' })],
  ['another context', withOptions({ '@context': ['https://evil.example/context'] })],
  [
    'a context that the proof does not have',
    { ...proven, '@context': [...DOCUMENT['@context'], { Note: 'https://evil.example' }] },
  ],
  ['a value that is none', withOptions({ proofValue: 'z1' })],
  ['no value', withOptions({ proofValue: undefined })],
  [
    'one proof of two wrong',
    { ...proven, proof: [proven.proof, { ...proven.proof, created: '2026-03-01T11:00:00Z' }] },
  ],
  [
    'more proofs than anybody needs',
    { ...proven, proof: Array.from({ length: 5 }, () => proven.proof) },
  ],
])('F38 a proof with %s is refused', (_what, document) => {
  expect(judge(document)).toBe('INVALID');
});

test('F38 an end that was signed counts', () => {
  const { proof: _proof, ...document } = proven;
  expect(judge({ ...document, proof: undefined })).toBe('ABSENT');
  expect(judge(proven, [])).toBe('UNKNOWN_KEY');
  const other = [{ id: METHOD, multibase: toMultikey(generateKeyPairSync('ed25519').publicKey) }];
  expect(judge(proven, other)).toBe('INVALID');
});

test('proofs of kinds that we do not know say nothing', () => {
  expect(judge(withOptions({ cryptosuite: 'ecdsa-rdfc-2019' }))).toBe('ABSENT');
  expect(judge({ ...proven, proof: 'https://server.example/proof' })).toBe('ABSENT');
});

test('Fedify takes our proofs, and we take those of Fedify', async () => {
  const config = { publicUrl: new URL('https://server.example') } as Config;
  const actor = actorKeyDocument(config, {
    actor: { uri: ALICE, kind: 'PERSON', username: 'alice' } as ActorRow,
    publicKeyPem: generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }) as string,
    proofKeys: [known[0]!],
  });
  const loader = (url: string): Promise<never> =>
    Promise.resolve({ document: actor, documentUrl: url, contextUrl: null } as never);
  expect(await verifyObject(Create, proven, { documentLoader: loader })).not.toBeNull();
  expect(
    await verifyObject(Create, { ...proven, extra: 1 }, { documentLoader: loader }),
  ).toBeNull();

  const der = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
  const object = { ...DOCUMENT.object, sensitive: true, focalPoint: [0, 0] };
  const context = [...usedContext({ ...DOCUMENT, object }), PROOF_CONTEXT];
  expect(context).toEqual([
    ...CONTEXT.slice(0, 2),
    {
      toot: 'http://joinmastodon.org/ns#',
      sensitive: 'as:sensitive',
      focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
    },
    PROOF_CONTEXT,
  ]);
  const whole = withProof({ ...DOCUMENT, object, '@context': context }, key, NOW);
  expect(await verifyObject(Create, whole, { documentLoader: loader })).not.toBeNull();

  const theirs = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign']);
  const note = new Note({
    id: new URL(`${ALICE}/notes/1`),
    content: 'Hello',
    attribution: new URL(ALICE),
  });
  const create = new Create({
    id: new URL(`${ALICE}/creates/1`),
    actor: new URL(ALICE),
    object: note,
  });
  const proof = await createProof(create, theirs, new URL(METHOD));
  const sent = (await create
    .clone({ proofs: [proof] })
    .toJsonLd({ format: 'compact' })) as JsonObject;
  expect(judge(sent, known, new Date())).toBe('VALID');
});

test('base58 holds bytes with leading zeros, and nothing that is not base58', () => {
  for (const bytes of [[], [0], [0, 0, 1], [255, 254, 0], [1]])
    expect([...fromMultibase(toMultibase(Uint8Array.from(bytes)))!]).toEqual(bytes);
  for (const text of ['', 'm1', 'z0', 'zO', `z${'2'.repeat(200)}`])
    expect(fromMultibase(text)).toBeNull();
  const { publicKey } = pair;
  expect(fromMultikey(toMultikey(publicKey))!.equals(createPublicKey(pair.privateKey))).toBe(true);
  const x25519 = toMultibase(Buffer.concat([Buffer.from([0xec, 0x01]), Buffer.alloc(32, 1)]));
  expect(fromMultikey(x25519)).toBeNull();
  expect(fromMultikey(`${toMultikey(publicKey)}1`)).toBeNull();
});
