// The log of keys and the sealed backup through the public API, checked as a client that believes nothing checks them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { attestationOf } from '../../src/devices/attestation.js';
import { hashLeaf, hashPair } from '../../src/devices/internal/merkle-tree.js';
import { headText } from '../../src/devices/key-log.queries.js';
import { isSignedBy } from '../../src/platform/ed25519.js';
import { addDevice, chatter, registrationOf, register, revoke } from '../support/chat-devices.js';
import { newKey } from '../support/key-packages.js';
import { block } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

interface Head {
  readonly treeSize: number;
  readonly rootHash: string;
  readonly signedAt: string;
  readonly signature: string;
  readonly serverKey: string;
}

interface Entry {
  readonly index: number;
  readonly kind: string;
  readonly payload: string;
  readonly leafHash: string;
}

async function headOf(): Promise<Head> {
  const { data } = await world.graphql<{ keyLogHead: Head }>(
    '{ keyLogHead { treeSize rootHash signedAt signature serverKey } }',
  );
  return data.keyLogHead;
}

async function logOf(viewer: Person, whose: Person): Promise<readonly Entry[]> {
  const { data } = await viewer.graphql<{ node: { chatKeyLog: { nodes: Entry[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Actor { chatKeyLog(first: 20) {
       nodes { index kind payload leafHash createdAt } } } } }`,
    { id: whose.actorGlobalId },
  );
  return data.node.chatKeyLog.nodes;
}

async function hashesOf(field: string): Promise<Buffer[] | null> {
  const { data } = await world.graphql<{ proof: { hashes: string[] } | null }>(
    `{ proof: ${field} { hashes } }`,
  );
  return data.proof && data.proof.hashes.map(bytes);
}

/** @source RFC 9162 §2.1.3.2 */
async function rootFrom(index: number, size: number, leaf: Buffer, path: readonly Buffer[]) {
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (node % 2 === 1 || node === last) {
      hash = await hashPair(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node >> 1, last >> 1];
    } else hash = await hashPair(hash, sibling);
    [node, last] = [node >> 1, last >> 1];
  }
  expect(last).toBe(0);
  return hash;
}

/** @source RFC 9162 §2.1.4.2 */
async function rootsFrom(from: number, to: number, old: Buffer, proof: readonly Buffer[]) {
  if (from === to) return [old, old];
  const path = Number.isInteger(Math.log2(from)) ? [old, ...proof] : [...proof];
  let [node, last] = [from - 1, to - 1];
  while (node % 2 === 1) [node, last] = [node >> 1, last >> 1];
  let [first, second] = [path[0]!, path[0]!];
  for (const sibling of path.slice(1)) {
    if (node % 2 === 1 || node === last) {
      first = await hashPair(sibling, first);
      second = await hashPair(sibling, second);
      while (node % 2 === 0 && node !== 0) [node, last] = [node >> 1, last >> 1];
    } else second = await hashPair(second, sibling);
    [node, last] = [node >> 1, last >> 1];
  }
  return [first, second];
}

test('everything that happens to keys is in the log, and what it says can be verified', async () => {
  const ada = await chatter(await world.local('ada'));
  const ben = await world.local('ben');
  const device = await addDevice(ada, world.clock.now());
  await revoke(ada.who, device.id);
  const replaced = { ...ada, identity: await newKey() };
  const input = registrationOf(replaced, await newKey(), world.clock.now());
  await register(ada.who, { ...input, replacesIdentity: true });
  const entries = await logOf(ben, ada.who);
  expect(entries.map(({ kind }) => kind)).toEqual([
    'IDENTITY_SET',
    'DEVICE_ADDED',
    'DEVICE_REVOKED',
    'IDENTITY_SET',
    'DEVICE_ADDED',
  ]);
  for (const { payload, leafHash } of entries)
    expect(await hashLeaf(bytes(payload))).toEqual(bytes(leafHash));
  const said = JSON.parse(bytes(entries[1]!.payload).toString()) as Record<string, string>;
  const attested = {
    actorUri: said['actor']!,
    identityKey: bytes(said['identityKey']!),
    signatureKey: bytes(said['signatureKey']!),
    attestedAt: new Date(said['attestedAt']!),
  };
  expect(attested.actorUri).toBe(ada.uri);
  expect(
    await isSignedBy(attested.identityKey, attestationOf(attested), bytes(said['attestation']!)),
  ).toBe(true);
  await block(world, ada.who, ben);
  expect(await logOf(ben, ada.who)).toEqual([]);
});

test('T13: heads are signed, every entry is proven to be in them, and each begins as the one before', async () => {
  const cleo = await chatter(await world.local('cleo'));
  const heads: Head[] = [];
  for (let round = 0; round < 6; round++) {
    await addDevice(cleo, world.clock.now());
    heads.push(await headOf());
  }
  const { origin } = world.services.config.publicUrl;
  for (const head of heads) {
    const { treeSize, rootHash, signedAt, signature, serverKey } = head;
    const signed = { treeSize, rootHash: bytes(rootHash), signedAt: new Date(signedAt) };
    const text = headText(origin, signed);
    expect(await isSignedBy(bytes(serverKey), text, bytes(signature))).toBe(true);
    for (const { index, leafHash } of await logOf(cleo.who, cleo.who)) {
      const proof = await hashesOf(`keyLogInclusionProof(index: ${index}, treeSize: ${treeSize})`);
      if (index >= treeSize) expect(proof).toBeNull();
      else
        expect(await rootFrom(index, treeSize, bytes(leafHash), proof!)).toEqual(bytes(rootHash));
    }
  }
  for (const [place, head] of heads.entries())
    for (const later of heads.slice(place)) {
      const proof = await hashesOf(
        `keyLogConsistencyProof(from: ${head.treeSize}, to: ${later.treeSize})`,
      );
      expect(await rootsFrom(head.treeSize, later.treeSize, bytes(head.rootHash), proof!)).toEqual([
        bytes(head.rootHash),
        bytes(later.rootHash),
      ]);
    }
  const { treeSize } = heads.at(-1)!;
  for (const field of [
    `keyLogInclusionProof(index: 0, treeSize: ${treeSize + 1})`,
    `keyLogInclusionProof(index: -1, treeSize: ${treeSize})`,
    `keyLogConsistencyProof(from: 0, to: ${treeSize})`,
    `keyLogConsistencyProof(from: 1, to: ${treeSize + 1})`,
    'keyLogInclusionProof(index: 2147483647, treeSize: 2147483647)',
  ])
    expect(await hashesOf(field)).toBeNull();
});

test('registrations at the same moment all find their place in the log', async () => {
  const many = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => chatter(await world.local(`many${index}`))),
  );
  await Promise.all(many.map((one) => addDevice(one, world.clock.now())));
  const logs = await Promise.all(many.map(({ who }) => logOf(who, who)));
  expect(logs.map((entries) => entries.map(({ kind }) => kind))).toEqual(
    many.map(() => ['IDENTITY_SET', 'DEVICE_ADDED']),
  );
  const { treeSize, rootHash } = await headOf();
  for (const { index, leafHash } of logs.flat()) {
    const proof = await hashesOf(`keyLogInclusionProof(index: ${index}, treeSize: ${treeSize})`);
    expect(await rootFrom(index, treeSize, bytes(leafHash), proof!)).toEqual(bytes(rootHash));
  }
});

const SAVE = `mutation ($data: Base64Bytes!, $version: Int!) {
  saved: saveKeyBackup(input: { data: $data, version: $version }) {
    keyBackup { version data } userErrors { code path } } }`;

interface Saved {
  readonly keyBackup: { readonly version: number; readonly data: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

test('T37: a backup is kept as it is, and none takes the place of one that its client does not know', async () => {
  const dan = await world.local('dan');
  const save = async (data: Buffer, version: number): Promise<Saved> =>
    (await dan.graphql<{ saved: Saved }>(SAVE, { data: data.toString('base64'), version })).data
      .saved;
  const kept = async () =>
    (
      await dan.graphql<{ viewer: { chat: { keyBackup: Saved['keyBackup'] } } }>(
        '{ viewer { chat { keyBackup { version data updatedAt } } } }',
      )
    ).data.viewer.chat.keyBackup;
  expect(await kept()).toBeNull();
  expect((await save(Buffer.from('too early'), 1)).userErrors).toMatchObject([
    { code: 'CONFLICT' },
  ]);
  const first = Buffer.alloc(131_072, 7);
  expect((await save(first, 0)).keyBackup).toMatchObject({ version: 1 });
  expect(await kept()).toMatchObject({ version: 1, data: first.toString('base64') });
  const rivals = await Promise.all([1, 2, 3].map((one) => save(Buffer.from([one]), 1)));
  expect(rivals.filter(({ keyBackup }) => keyBackup?.version === 2)).toHaveLength(1);
  expect((await save(Buffer.from('late'), 0)).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  expect((await save(Buffer.alloc(131_073), 2)).userErrors).toMatchObject([
    { code: 'INVALID_INPUT' },
  ]);
  for (let round = 0; round < 2; round++)
    await dan.graphql('mutation { deleteKeyBackup { userErrors { code } } }');
  expect(await kept()).toBeNull();
});
