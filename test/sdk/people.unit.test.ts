// Who is believed, by what a server shows of people's keys: honest directories and others.
import { beforeEach, expect, test } from '@jest/globals';
import { newRecoveryKey, openBackup, sealBackup } from '../../sdk/src/chat/backup.js';
import type { ChatServer, ShownPerson } from '../../sdk/src/chat/chat-server.js';
import { attest, fingerprint, newKeyPair, type KeyPair } from '../../sdk/src/chat/identity.js';
import { People, UntrustedDeviceError } from '../../sdk/src/chat/people.js';
import { ONLY, TABLES, type Doubt, type StoredPerson } from '../../sdk/src/chat/records.js';
import { toBase64 } from '../../sdk/src/crypto/bytes.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';

const ADA = 'https://a.example/users/ada';
const ALICE = 'https://draft.example/users/alice';
const AT = '2026-05-01T10:00:00.000Z';

let store: Store;
let people: People;
/** What the server says of Alice now. */
let shown: ShownPerson | null;

beforeEach(async () => {
  store = await Store.open(new MemoryStorage(), Buffer.alloc(32, 1));
  const [identity, device] = [await newKeyPair(), await newKeyPair()];
  const self = { actorId: 'ada', actorUri: ADA, deviceId: 'one', position: '0' };
  const seeds = { identitySeed: identity.seed, deviceSeed: device.seed };
  await store.transaction((tx) => tx.put(TABLES.self, ONLY, { ...self, ...seeds }));
  const server = { person: async () => shown, memberKeys: async () => null };
  people = new People(store, server as unknown as ChatServer);
  shown = null;
});

/** Shows devices, signed by an identity key or by nobody. */
function show(devices: readonly (KeyPair | { device: KeyPair; by: KeyPair })[], key?: KeyPair) {
  const chatDevices = devices.map((one) => {
    const { device, by } = 'by' in one ? one : { device: one, by: null };
    const about = { actorUri: ALICE, attestedAt: AT };
    return {
      id: toBase64(device.publicKey),
      signatureKey: toBase64(device.publicKey),
      attestation: by && toBase64(attest(about, by, device).attestation),
      attestedAt: by && AT,
      identityVersion: by && 1,
    };
  });
  const chatIdentity = key ? { key: toBase64(key.publicKey), version: 1 } : null;
  shown = { id: 'alice', uri: ALICE, chatIdentity, chatDevices } as unknown as ShownPerson;
}

const doubtsAbout = (...devices: readonly KeyPair[]): Promise<Doubt[]> =>
  people.doubtsOf(
    devices.map(({ publicKey }, leaf) => ({ leaf, identity: ALICE, signatureKey: publicKey })),
    'conversation',
  );

async function reasonsAgainst(...devices: readonly KeyPair[]): Promise<string[]> {
  return (await doubtsAbout(...devices)).map(({ reason }) => reason);
}

const alice = (): StoredPerson | null => store.get<StoredPerson>(TABLES.people, ALICE);

test('somebody whose software knows no identity keys is believed with the devices that they are met with, and unattested', async () => {
  const [phone, laptop] = [await newKeyPair(), await newKeyPair()];
  expect(people.standingOf(ALICE)).toBe('unknown');
  show([phone, laptop]);
  expect(await reasonsAgainst(phone)).toEqual([]);
  expect(await reasonsAgainst(laptop)).toEqual([]);
  expect(people.standingOf(ALICE)).toBe('unattested');
  expect(people.safetyNumber(ALICE)).toBeNull();
  const digits = [phone, laptop].map(({ publicKey }) => fingerprint(publicKey));
  expect(people.fingerprintsOf(ALICE)).toEqual(digits);
  await expect(people.verify(ALICE)).rejects.toThrow(RangeError);
  expect(people.standingOf(ALICE)).toBe('unattested');
});

test('T13: another device of theirs is doubtful until somebody decides, and one that their server does not list is nobody’s', async () => {
  const [phone, ghost, forged] = [await newKeyPair(), await newKeyPair(), await newKeyPair()];
  show([phone]);
  expect(await reasonsAgainst(phone)).toEqual([]);
  show([phone, ghost]);
  const doubts = await doubtsAbout(phone, ghost, forged);
  expect(doubts.map(({ reason }) => reason)).toEqual(['newDevice', 'unknown']);
  expect(await reasonsAgainst(ghost)).toEqual(['newDevice']);
  await people.accept(doubts);
  expect(await reasonsAgainst(phone, ghost)).toEqual([]);
  expect(await reasonsAgainst(forged)).toEqual(['unknown']);
  expect(people.fingerprintsOf(ALICE)).toHaveLength(2);
  // A list may run dry; who is known stays known.
  show([]);
  expect(await reasonsAgainst(phone, ghost)).toEqual([]);
});

test('key packages of such a device are refused, with what can be accepted', async () => {
  const [phone, ghost] = [await newKeyPair(), await newKeyPair()];
  show([phone]);
  await doubtsAbout(phone);
  show([phone, ghost]);
  const packages = shown!.chatDevices.map((device) => {
    return { data: new Uint8Array(), actorUri: ALICE, device };
  });
  const fault = await people.requireTrusted(packages).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(UntrustedDeviceError);
  await people.accept((fault as UntrustedDeviceError).doubts);
  await people.requireTrusted(packages);
});

test('T13: a device with a word that another key gave, or for another device or person, is nobody’s', async () => {
  const [identity, forger] = [await newKeyPair(), await newKeyPair()];
  const [phone, ghost] = [await newKeyPair(), await newKeyPair()];
  const signed = [phone, ghost].map((device) => ({ device, by: identity }));
  show(signed, identity);
  expect(await reasonsAgainst(phone, ghost)).toEqual([]);
  const about = { actorUri: ALICE, attestedAt: AT };
  const words = [
    attest(about, forger, ghost),
    attest(about, identity, phone),
    attest({ ...about, actorUri: ADA }, identity, ghost),
    attest({ ...about, attestedAt: '2026-05-01T10:00:00.001Z' }, identity, ghost),
    { attestation: Buffer.alloc(64) },
  ];
  for (const { attestation } of words) {
    show(signed, identity);
    Object.assign(shown!.chatDevices[1]!, { attestation: toBase64(attestation) });
    expect(await reasonsAgainst(phone, ghost)).toEqual(['unknown']);
  }
});

test('T13: whoever had an identity key and shows devices that nobody signed is warned of, and never believed in silence', async () => {
  const [identity, phone, ghost] = [await newKeyPair(), await newKeyPair(), await newKeyPair()];
  const signed = { device: phone, by: identity };
  show([signed], identity);
  expect(await reasonsAgainst(phone)).toEqual([]);
  await people.verify(ALICE);
  expect(people.standingOf(ALICE)).toBe('verified');
  // Beside a signed one it is a ghost.
  show([signed, ghost], identity);
  expect(await reasonsAgainst(phone, ghost)).toEqual(['unknown']);
  for (const key of [undefined, identity]) {
    show([phone, ghost], key);
    expect(await reasonsAgainst(phone, ghost)).toEqual(['identityLost', 'identityLost']);
  }
  expect(alice()!.identityKey).toEqual(identity.publicKey);
  await people.accept(await doubtsAbout(phone));
  expect(people.standingOf(ALICE)).toBe('unattested');
  expect(await reasonsAgainst(phone, ghost)).toEqual(['newDevice']);
});

test('an identity key that comes later is a change, whatever it signs', async () => {
  const [identity, phone, laptop] = [await newKeyPair(), await newKeyPair(), await newKeyPair()];
  show([phone]);
  await doubtsAbout(phone);
  const both = [phone, laptop].map((device) => ({ device, by: identity }));
  show(both, identity);
  expect(await reasonsAgainst(phone, laptop)).toEqual(['identityChanged']);
  expect(people.standingOf(ALICE)).toBe('unattested');
  await people.accept(await doubtsAbout(laptop));
  expect(people.standingOf(ALICE)).toBe('attested');
  expect(people.fingerprintsOf(ALICE)).toEqual([]);
  expect(await reasonsAgainst(phone, laptop)).toEqual([]);
  show([phone, laptop]);
  expect(await reasonsAgainst(phone)).toEqual(['identityLost']);
});

test('devices that somebody signed whose key is not shown are nobody’s first', async () => {
  const [identity, phone, laptop] = [await newKeyPair(), await newKeyPair(), await newKeyPair()];
  show([{ device: phone, by: identity }, laptop]);
  expect(await reasonsAgainst(phone, laptop)).toEqual(['unknown', 'unknown']);
  expect(people.standingOf(ALICE)).toBe('unknown');
  show([{ device: phone, by: identity }], identity);
  expect(await reasonsAgainst(phone)).toEqual([]);
  expect(people.standingOf(ALICE)).toBe('attested');
});

test('T13: people of the own server are never unattested, whatever it hides', async () => {
  const [phone, uri] = [await newKeyPair(), 'https://a.example/users/ben'];
  show([phone]);
  shown = { ...shown!, uri };
  const leaf = { leaf: 1, identity: uri, signatureKey: phone.publicKey };
  expect(await people.doubtsOf([leaf], null)).toMatchObject([{ reason: 'unknown' }]);
  expect(people.standingOf(uri)).toBe('unknown');
});

test('a decision about a device of earlier does not take an identity key away', async () => {
  const [identity, phone, laptop] = [await newKeyPair(), await newKeyPair(), await newKeyPair()];
  show([phone]);
  await doubtsAbout(phone);
  show([phone, laptop]);
  const earlier = await doubtsAbout(laptop);
  show([{ device: laptop, by: identity }], identity);
  await people.accept(await doubtsAbout(laptop));
  await people.accept(earlier);
  expect(people.standingOf(ALICE)).toBe('attested');
});

test('a backup brings back who is unattested, and with which devices', async () => {
  const [identity, phone] = [await newKeyPair(), await newKeyPair()];
  show([phone]);
  await doubtsAbout(phone);
  const contents = {
    actorUri: ADA,
    identitySeed: identity.seed,
    people: store.all<StoredPerson>(TABLES.people),
    history: null,
  };
  const key = await newRecoveryKey();
  const { people: back } = await openBackup(await sealBackup(contents, key), key);
  expect(back).toEqual([alice()]);
});
