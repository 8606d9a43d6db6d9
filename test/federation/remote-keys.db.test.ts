// Key packages and devices of people of other servers, honest ones and others.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { consumeKeyPackageRefs } from '../../src/devices/consume-key-packages.js';
import { findNamedDevice } from '../../src/devices/named-devices.js';
import { requireRemoteDevice } from '../../src/federation/remote-devices.js';
import { findRemoteActor } from '../../src/federation/resolve-actor.js';
import { addDevice, chatter, claim } from '../support/chat-devices.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { makeKeyPackage, newKey, wrapped } from '../support/key-packages.js';
import { attestedItem, draftItem, remoteChatter, showItems } from '../support/remote-keys.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let world: World;
let peer: FakePeer;
let ada: Person;

beforeAll(async () => {
  network = openNetwork();
  world = await network.join('a.example');
  peer = await startFakePeer(network, 'peer.test');
  ada = await world.local('ada');
});

afterEach(() => peer.answer(() => null));

afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

interface SeenKeys {
  readonly chatIdentity: { readonly key: string; readonly version: number } | null;
  readonly chatDevices: readonly {
    readonly signatureKey: string;
    readonly attestation: string | null;
    readonly identityVersion: number | null;
  }[];
}

async function keysOf(id: string): Promise<SeenKeys> {
  const answer = await ada.graphql<{ node: SeenKeys }>(
    `query ($id: ID!) { node(id: $id) { ... on Actor { chatIdentity { key version }
      chatDevices { signatureKey attestation identityVersion } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const now = (): Date => world.clock.now();

test('one package of each device is taken, for the person who asks, and their identity is known', async () => {
  const bob = await remoteChatter(peer, 'bob');
  const [phone, laptop] = [await newKey(), await newKey()];
  const list = [
    await attestedItem(bob, phone, now()),
    await attestedItem(bob, laptop, now()),
    await attestedItem(bob, phone, now(), { lastResort: true }),
  ];
  showItems(peer, bob.actor, list);
  const id = await meet(ada, 'bob@peer.test');
  const { keyPackages, userErrors } = await claim(ada, [id]);
  expect(userErrors).toEqual([]);
  expect(keyPackages!.map(({ data }) => data).toSorted()).toEqual(
    [list[0]!['content'], list[1]!['content']].toSorted(),
  );
  expect(keyPackages!.map(({ isLastResort }) => isLastResort)).toEqual([false, false]);
  const asked = peer.requests.find(({ path }) => path === '/users/bob/keyPackages');
  expect(asked!.headers['signature']).toContain(`/actors/${ada.actorId}#main-key`);
  const { chatIdentity, chatDevices } = await keysOf(id);
  expect(chatIdentity).toEqual({ key: base64(bob.identity.publicKey), version: 1 });
  expect(chatDevices.map(({ signatureKey }) => signatureKey).toSorted()).toEqual(
    [base64(phone.publicKey), base64(laptop.publicKey)].toSorted(),
  );
  const refs = keyPackages!.map(({ ref }) => Buffer.from(ref, 'base64'));
  const used = await world.services.database.transaction(async (tx) => [
    await consumeKeyPackageRefs(tx, refs, now()),
    await consumeKeyPackageRefs(tx, refs, now()),
  ]);
  expect(used.map(({ length }) => length)).toEqual([2, 0]);
  const again = await claim(ada, [id]);
  expect(again.keyPackages).toEqual([]);
});

test('T28: lists of other software are read: bare or wrapped packages without attestations, named or embedded', async () => {
  const emi = await remoteChatter(peer, 'emi');
  const { uri } = emi.actor;
  const [phone, laptop] = [await newKey(), await newKey()];
  const bytes = wrapped(await makeKeyPackage(uri, phone, now()));
  const named = await draftItem(uri, laptop, now());
  peer.serve(new URL(String(named['id'])).pathname, { body: named });
  showItems(peer, emi.actor, [
    { ...(await draftItem(uri, phone, now(), { bytes })), type: ['Object', 'KeyPackage'] },
    named['id'],
  ]);
  const id = await meet(ada, 'emi@peer.test');
  const { keyPackages } = await claim(ada, [id]);
  expect(keyPackages!.map(({ isLastResort }) => isLastResort)).toEqual([true, true]);
  const { chatIdentity, chatDevices } = await keysOf(id);
  expect(chatIdentity).toBeNull();
  const keys = chatDevices.map(({ signatureKey }) => signatureKey).toSorted();
  expect(keys).toEqual([phone, laptop].map(({ publicKey }) => base64(publicKey)).toSorted());
  expect(chatDevices.every((one) => one.attestation === null && one.identityVersion === null)).toBe(
    true,
  );
  expect((await claim(ada, [id])).keyPackages).toEqual(keyPackages);
});

test('whoever begins to chat encrypted after they were met can be written to at once', async () => {
  const { uri } = peer.actor('lin');
  const id = await meet(ada, 'lin@peer.test');
  expect((await claim(ada, [id])).keyPackages).toEqual([]);
  const lin = await remoteChatter(peer, 'lin');
  expect(lin.actor.uri).toBe(uri);
  const item = await attestedItem(lin, await newKey(), now());
  showItems(peer, lin.actor, [item]);
  world.clock.advance(2);
  const { keyPackages } = await claim(ada, [id]);
  expect(keyPackages!.map(({ data }) => data)).toEqual([item['content']]);
});

test('T13: another identity key counts higher, and devices that are not shown any more are over', async () => {
  const eve = await remoteChatter(peer, 'eve');
  const old = await newKey();
  showItems(peer, eve.actor, [await attestedItem(eve, old, now())]);
  const id = await meet(ada, 'eve@peer.test');
  await claim(ada, [id]);
  const next = { ...eve, identity: await newKey() };
  const fresh = await newKey();
  world.clock.advance(1);
  showItems(peer, eve.actor, [await attestedItem(next, fresh, now(), { version: 1 })]);
  await claim(ada, [id]);
  const { chatIdentity, chatDevices } = await keysOf(id);
  expect(chatIdentity).toEqual({ key: base64(next.identity.publicKey), version: 2 });
  expect(chatDevices.map(({ signatureKey }) => signatureKey)).toEqual([base64(fresh.publicKey)]);
});

test('T14: what is expired, of another actor, of another suite, badly attested, or not signed is left out', async () => {
  const mal = await remoteChatter(peer, 'mal');
  const { uri } = mal.actor;
  const key = await newKey();
  const day = 86_400_000;
  const expired = {
    notAfter: new Date(now().getTime() - day),
    notBefore: new Date(now().getTime() - 9 * day),
  };
  const tampered = await makeKeyPackage(uri, key, now());
  tampered[tampered.length - 1]! ^= 1;
  const good = await attestedItem(mal, key, now());
  showItems(peer, mal.actor, [
    await draftItem(uri, key, now(), expired),
    await draftItem(`${peer.origin}/users/bob`, key, now()),
    { ...(await draftItem(`${peer.origin}/users/bob`, key, now())), attributedTo: uri },
    await draftItem(uri, key, now(), { suite: 3 }),
    await draftItem(uri, key, now(), { bytes: tampered }),
    { ...good, attestation: { ...(good['attestation'] as object), identityVersion: 0 } },
    {
      ...good,
      attestation: { ...(good['attestation'] as object), signature: base64(new Uint8Array(64)) },
    },
    { ...good, encoding: 'utf-8' },
    { ...good, content: 'x'.repeat(9000) },
    { ...good, content: 17 },
    'https://a.example/actors/1/key-packages/2',
    null,
  ]);
  const id = await meet(ada, 'mal@peer.test');
  const { keyPackages, actorsWithoutPackages } = await claim(ada, [id]);
  expect(keyPackages).toEqual([]);
  expect(actorsWithoutPackages).toEqual([{ id }]);
  expect((await keysOf(id)).chatDevices).toEqual([]);
});

test('the key of somebody else stays theirs, and of many devices six are kept', async () => {
  const owner = await chatter(await world.local('cleo'));
  const device = await addDevice(owner, now());
  const thief = await remoteChatter(peer, 'thief');
  const own = await Promise.all(Array.from({ length: 8 }, () => newKey()));
  showItems(peer, thief.actor, [
    await draftItem(thief.actor.uri, device.key, now()),
    ...(await Promise.all(own.map((key) => draftItem(thief.actor.uri, key, now())))),
  ]);
  const id = await meet(ada, 'thief@peer.test');
  await claim(ada, [id]);
  const keys = (await keysOf(id)).chatDevices.map(({ signatureKey }) => signatureKey);
  expect(keys).not.toContain(base64(device.key.publicKey));
  expect(keys.length).toBeLessThanOrEqual(6);
});

test('a list of ten thousand, one that never ends and one that is not there give nothing, and harm nobody', async () => {
  const [big, slow, gone] = await Promise.all(
    ['big', 'slow', 'gone'].map((name) => remoteChatter(peer, name)),
  );
  showItems(
    peer,
    big!.actor,
    Array.from({ length: 10_000 }, (_, index) => `${peer.origin}/${index}`),
  );
  const fine = await remoteChatter(peer, 'fine');
  showItems(peer, fine.actor, [await attestedItem(fine, await newKey(), now())]);
  peer.answer(({ path }) => {
    if (path === '/users/slow/keyPackages') return { body: '{', hangs: true };
    return path === '/users/gone/keyPackages' ? { status: 404, body: {} } : null;
  });
  const ids = [];
  for (const name of ['big', 'slow', 'gone', 'fine'])
    ids.push(await meet(ada, `${name}@peer.test`));
  expect([slow, gone]).toHaveLength(2);
  const { keyPackages, actorsWithoutPackages } = await claim(ada, ids);
  expect(keyPackages).toHaveLength(1);
  expect(actorsWithoutPackages!.map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 3).toSorted());
});

test('a device that is named is asked for a few times and then once in a minute; who only names a key stands in nobody’s way', async () => {
  const { services } = world;
  const [dan, kim] = [await remoteChatter(peer, 'dan'), await remoteChatter(peer, 'kim')];
  const [shown, hidden] = [await newKey(), await newKey()];
  showItems(peer, dan.actor, [await attestedItem(dan, shown, now())]);
  const found = await requireRemoteDevice(services, dan.actor.uri, shown.publicKey);
  expect(found).toMatchObject({ isProven: true, revokedAt: null });
  const before = peer.requests.length;
  const named = await requireRemoteDevice(services, dan.actor.uri, hidden.publicKey);
  const again = await requireRemoteDevice(services, dan.actor.uri, hidden.publicKey);
  expect(named).toMatchObject({ isProven: false });
  expect(again).toEqual(named);
  for (let count = 0; count < 10; count += 1)
    await requireRemoteDevice(services, dan.actor.uri, hidden.publicKey);
  expect(peer.requests.length - before).toBeLessThanOrEqual(4);
  world.clock.advance(60);
  for (let count = 0; count < 10; count += 1)
    await requireRemoteDevice(services, dan.actor.uri, hidden.publicKey);
  expect(peer.requests.length - before).toBeLessThanOrEqual(5);
  // It turns out to be Kim's.
  showItems(peer, kim.actor, [await attestedItem(kim, hidden, now())]);
  const real = await requireRemoteDevice(services, kim.actor.uri, hidden.publicKey);
  expect(real).toMatchObject({ isProven: true });
  const { actorId } = (await findRemoteActor(services.database, dan.actor.uri))!;
  expect((await findNamedDevice(services.database, actorId, hidden.publicKey))?.isProven).toBe(
    false,
  );
  const none = [
    await requireRemoteDevice(
      services,
      `https://a.example/actors/${ada.actorId}`,
      hidden.publicKey,
    ),
    await requireRemoteDevice(services, `${peer.origin}/users/nobody`, hidden.publicKey),
    await requireRemoteDevice(services, dan.actor.uri, new Uint8Array(31)),
  ];
  expect(none).toEqual([null, null, null]);
});
