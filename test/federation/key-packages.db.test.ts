// Key packages between two servers of ours, and as a third one asks for them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consumeKeyPackageRefs } from '../../src/devices/consume-key-packages.js';
import { headText } from '../../src/devices/key-log.queries.js';
import { keyPackageRef, readKeyPackage } from '../../src/mls/key-package.js';
import { isSignedBy } from '../../src/platform/ed25519.js';
import { isIncluded, leafHashOf } from '../../sdk/src/chat/merkle.js';
import {
  addDevice,
  chatter,
  claim,
  makeKeyPackages,
  publish,
  register,
  registrationOf,
  revoke,
  type Chatter,
  type TestDevice,
} from '../support/chat-devices.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { saveRule } from '../support/domain-rules.js';
import { makeKeyPackage, newKey } from '../support/key-packages.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

interface Shown {
  readonly id: string;
  readonly type: string;
  readonly content: string;
  readonly lastResort: boolean;
}

const PACKAGES = 20;

let network: FederatedNetwork;
let a: World;
let b: World;
let peer: FakePeer;
let ben: Person;
let people = 0;

beforeAll(async () => {
  network = openNetwork();
  [a, b] = [await network.join('a.example'), await network.join('b.example')];
  peer = await startFakePeer(network, 'peer.test');
  ben = await b.local('ben');
});

afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

/** Somebody new of a, with a device and key packages, the last resort among them. */
async function equipped(count = PACKAGES): Promise<TestDevice> {
  const who = await a.local(`ada${(people += 1)}`);
  return equip(await chatter(who), count);
}

async function equip(owner: Chatter, count = PACKAGES): Promise<TestDevice> {
  const device = await addDevice(owner, a.clock.now());
  const offered = await makeKeyPackages(device, count, a.clock.now());
  expect((await publish(owner.who, device.id, offered)).userErrors).toEqual([]);
  return device;
}

const pathOf = ({ who }: Chatter): string => `/actors/${who.actorId}/key-packages`;

async function listFor(owner: Chatter, asker: PeerActor | null): Promise<readonly Shown[]> {
  const path = pathOf(owner);
  const answer = await ask(a, path, asker ? signedBy(a, asker, path) : {});
  expect(answer.headers['cache-control']).toBe('private, no-store');
  if (answer.status === 404) return [];
  expect(answer.status).toBe(200);
  return answer.body['items'] as Shown[];
}

const bytesOf = ({ content }: Shown): Buffer => Buffer.from(content, 'base64');

function use(world: World, bytes: Uint8Array) {
  return world.services.database.transaction((tx) =>
    consumeKeyPackageRefs(tx, [keyPackageRef(bytes)], world.clock.now()),
  );
}

interface SeenKeys {
  readonly chatIdentity: { readonly key: string; readonly version: number } | null;
  readonly chatDevices: readonly { readonly signatureKey: string }[];
}

async function keysSeenBy(who: Person, id: string): Promise<SeenKeys> {
  const answer = await who.graphql<{ node: SeenKeys }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { chatIdentity { key version } chatDevices { signatureKey } } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

test('the document of who chats encrypted names the list, in the shapes of the draft', async () => {
  const device = await equipped();
  const { uri, identity, who } = device;
  const { body } = await ask(a, `/actors/${who.actorId}`);
  expect(body).toMatchObject({
    keyPackages: `${uri}/key-packages`,
    messages: `${uri}/messages`,
    identityKey: base64(identity.publicKey),
    identityVersion: 1,
  });
  const [shown] = await listFor(device, peer.actor('reader'));
  expect(shown).toMatchObject({
    type: 'KeyPackage',
    attributedTo: uri,
    mediaType: 'message/mls',
    encoding: 'base64',
    ciphersuite: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519',
    lastResort: false,
  });
  expect(Buffer.from(readKeyPackage(bytesOf(shown!)).bytes)).toEqual(bytesOf(shown!));
  const messages = await ask(a, `/actors/${who.actorId}/messages`);
  expect(messages.body).toMatchObject({ id: `${uri}/messages`, type: 'OrderedCollection' });
  const quiet = await a.local('quiet');
  expect((await ask(a, `/actors/${quiet.actorId}`)).body['keyPackages']).toBeUndefined();
  expect(await listFor(await chatter(quiet), null)).toEqual([]);
});

test('a claim across servers gives what can be used once, and the devices with their identity', async () => {
  const phone = await equipped();
  const laptop = await equip(phone);
  const id = await meet(ben, `ada${people}@a.example`);
  const { keyPackages, userErrors } = await claim(ben, [id]);
  expect(userErrors).toEqual([]);
  expect(keyPackages!.map(({ isLastResort }) => isLastResort)).toEqual([false, false]);
  const { chatIdentity, chatDevices } = await keysSeenBy(ben, id);
  expect(chatIdentity).toEqual({ key: base64(phone.identity.publicKey), version: 1 });
  expect(chatDevices.map(({ signatureKey }) => signatureKey).toSorted()).toEqual(
    [phone, laptop].map(({ key }) => base64(key.publicKey)).toSorted(),
  );
  for (const { data } of keyPackages!) {
    const bytes = Buffer.from(data, 'base64');
    // At the server of the conversation, and at home when the Welcome arrives.
    expect([await use(b, bytes), await use(a, bytes)].map(({ length }) => length)).toEqual([1, 1]);
    expect([await use(b, bytes), await use(a, bytes)].map(({ length }) => length)).toEqual([0, 0]);
  }
  const next = await claim(ben, [id]);
  const former = new Set(keyPackages!.map(({ ref }) => ref));
  expect(next.keyPackages).toHaveLength(2);
  expect(next.keyPackages!.some(({ ref }) => former.has(ref))).toBe(false);
});

test('T11: who asks a hundred times at once is given the same, which nobody else is given', async () => {
  const phone = await equipped(50);
  await equip(phone, 50);
  const askers = Array.from({ length: 10 }, (_, index) => peer.actor(`asker${index}`));
  // Their keys are known before: of unknown ones only so many are asked for at a time.
  for (const asker of askers) await meet(await a.local('host'), `${nameOf(asker)}@peer.test`);
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => ({
      asker: index % askers.length,
      shown: await listFor(phone, askers[index % askers.length]!),
    })),
  );
  const given = askers.map((_, index) => {
    const mine = answers.filter(({ asker }) => asker === index).map(({ shown }) => shown);
    const ids = new Set(mine.flat().map(({ id }) => id));
    expect(mine).toHaveLength(10);
    expect([...ids]).toHaveLength(2);
    expect(mine.flat().every(({ lastResort }) => !lastResort)).toBe(true);
    return [...ids];
  });
  expect(new Set(given.flat()).size).toBe(20);
});

const nameOf = ({ uri }: PeerActor): string => uri.split('/').at(-1)!;

test('T15: beyond the quota, and unsigned, only last resorts are given', async () => {
  const phone = await equipped();
  const eager = peer.actor('eager');
  const kinds: boolean[] = [];
  for (let turn = 0; turn < 8; turn++) {
    const [shown] = await listFor(phone, eager);
    kinds.push(shown!.lastResort);
    await use(a, bytesOf(shown!));
  }
  expect(kinds).toEqual([...Array.from({ length: 6 }, () => false), true, true]);
  a.clock.advance(11 * 60);
  expect((await listFor(phone, eager))[0]!.lastResort).toBe(false);
  const [open] = await listFor(phone, null);
  expect(open!.lastResort).toBe(true);
  // The server itself reserves nothing.
  const reader = peer.actor('whole', { type: 'Application' });
  expect((await listFor(phone, reader))[0]!.lastResort).toBe(true);
});

test('T15: people of one domain together use up no more than it may have', async () => {
  const phone = await equipped(100);
  const crowd = Array.from({ length: 70 }, (_, index) => peer.actor(`crowd${index}`));
  let single = 0;
  // Whoever asks again for what they have uses up nothing.
  for (let turn = 0; turn < 30; turn++) await listFor(phone, crowd[0]!);
  for (const one of crowd) {
    const [shown] = await listFor(phone, one);
    if (!shown!.lastResort) single += 1;
  }
  expect(single).toBe(60);
});

test('T14: what expires while it waits, or is reserved, is shown to nobody', async () => {
  const phone = await equipped(1);
  const now = a.clock.now();
  const short = { notAfter: new Date(now.getTime() + 3_600_000) };
  const data = base64(await makeKeyPackage(phone.uri, phone.key, now, short));
  expect((await publish(phone.who, phone.id, [{ data }])).userErrors).toEqual([]);
  const asker = peer.actor('early');
  const [shown] = await listFor(phone, asker);
  expect(shown!.content).toBe(data);
  for (const world of [a, b]) world.clock.advance(3601);
  for (const one of [asker, peer.actor('late')])
    expect((await listFor(phone, one)).map(({ lastResort }) => lastResort)).toEqual([true]);
  const { pathname } = new URL(shown!.id);
  expect((await ask(a, pathname, signedBy(a, asker, pathname))).status).toBe(404);
});

test('a reserved package is shown to whom it is reserved for, the last resort to everybody', async () => {
  const phone = await equipped();
  const [one, other] = [peer.actor('one'), peer.actor('other')];
  const [mine] = await listFor(phone, one);
  const [open] = await listFor(phone, null);
  const statusOf = async (url: string, asker: PeerActor | null): Promise<number> => {
    const { pathname } = new URL(url);
    return (await ask(a, pathname, asker ? signedBy(a, asker, pathname) : {})).status;
  };
  expect(await statusOf(mine!.id, one)).toBe(200);
  expect(await statusOf(mine!.id, other)).toBe(404);
  expect(await statusOf(mine!.id, null)).toBe(404);
  expect(await statusOf(open!.id, null)).toBe(200);
});

test('who is blocked, by name or with their server, sees nobody who chats; suspended servers see nothing', async () => {
  const phone = await equipped();
  const blocked = peer.actor('blocked');
  const id = await meet(phone.who, 'blocked@peer.test');
  await mutate(phone.who, 'setBlock', { actorId: id, blocked: true });
  expect(await listFor(phone, blocked)).toEqual([]);
  const other = await startFakePeer(network, 'other.test');
  const zoe = other.actor('zoe');
  expect(await listFor(phone, zoe)).toHaveLength(1);
  await mutate(phone.who, 'setDomainBlock', { domain: 'other.test', blocked: true });
  expect(await listFor(phone, zoe)).toEqual([]);
  const barred = await startFakePeer(network, 'barred.test');
  const yan = barred.actor('yan');
  expect(await listFor(phone, yan)).toHaveLength(1);
  await saveRule(await a.admin(), 'barred.test', 'SUSPEND');
  const path = pathOf(phone);
  expect((await ask(a, path, signedBy(a, yan, path))).status).toBe(403);
  expect((await keyDocumentFor(phone, yan))['keyPackages']).toBeUndefined();
  for (const one of [other, barred]) await one[Symbol.asyncDispose]();
});

async function keyDocumentFor({ who }: Chatter, asker: PeerActor) {
  const path = `/actors/${who.actorId}`;
  return (await ask(a, path, signedBy(a, asker, path))).body;
}

test('T13: what the log says of somebody can be checked by whoever has nothing but their document', async () => {
  const phone = await equipped();
  const { keyLog } = (await ask(a, `/actors/${phone.who.actorId}`)).body;
  const { pathname } = new URL(String(keyLog));
  const { body } = await ask(a, pathname);
  const head = body['head'] as Record<
    'rootHash' | 'signedAt' | 'signature' | 'serverKey',
    string
  > & {
    treeSize: number;
  };
  const root = Buffer.from(head.rootHash, 'base64');
  const said = { treeSize: head.treeSize, rootHash: root, signedAt: new Date(head.signedAt) };
  const [key, signature] = [head.serverKey, head.signature].map((text) =>
    Buffer.from(text, 'base64'),
  );
  expect(await isSignedBy(key!, headText('https://a.example', said), signature!)).toBe(true);
  const entries = body['orderedItems'] as {
    place: number;
    kind: string;
    payload: string;
    inclusion: string[];
  }[];
  expect(entries.map(({ kind }) => kind)).toEqual(['IDENTITY_SET', 'DEVICE_ADDED']);
  for (const { place, payload, inclusion } of entries) {
    const leaf = { index: place, hash: leafHashOf(Buffer.from(payload, 'base64')) };
    const hashes = inclusion.map((text) => Buffer.from(text, 'base64'));
    expect(isIncluded(leaf, { size: head.treeSize, root }, hashes)).toBe(true);
  }
  expect((await ask(a, `${pathname}?after=x`)).status).toBe(400);
  expect(
    (await ask(a, `${pathname}?after=${entries[0]!.place}`)).body['orderedItems'],
  ).toHaveLength(1);
});

test('T13: revoked devices, and another identity, are seen on the other server', async () => {
  const phone = await equipped();
  const laptop = await equip(phone);
  const id = await meet(ben, `ada${people}@a.example`);
  await mutate(ben, 'followActor', { actorId: id });
  await network.settle();
  await claim(ben, [id]);
  expect((await keysSeenBy(ben, id)).chatDevices).toHaveLength(2);
  await later();
  expect((await revoke(laptop.who, laptop.id)).userErrors).toEqual([]);
  await network.settle();
  expect((await keysSeenBy(ben, id)).chatDevices).toHaveLength(1);
  await later();
  const fresh = { ...phone, identity: await newKey() };
  const key = await newKey();
  const replaced = await register(fresh.who, {
    ...registrationOf(fresh, key, a.clock.now()),
    replacesIdentity: true,
  });
  expect(replaced.userErrors).toEqual([]);
  const device = { ...fresh, id: replaced.device!.id, key };
  const offered = await makeKeyPackages(device, 2, a.clock.now());
  await publish(fresh.who, device.id, offered);
  await network.settle();
  const { chatIdentity, chatDevices } = await keysSeenBy(ben, id);
  expect(chatIdentity).toEqual({ key: base64(fresh.identity.publicKey), version: 2 });
  expect(chatDevices.map(({ signatureKey }) => signatureKey)).toEqual([base64(key.publicKey)]);
  await later();
  await revoke(device.who, device.id);
  await network.settle();
  expect((await keysSeenBy(ben, id)).chatDevices).toEqual([]);
});

/** What is asked for later is what counts. */
async function later(): Promise<void> {
  for (const world of [a, b]) world.clock.advance(1);
}

async function mutate(who: Person, name: string, input: object): Promise<void> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code message } } }`,
    { input },
  );
  expect([answer.errors, answer.data?.[name]?.userErrors]).toEqual([undefined, []]);
}
