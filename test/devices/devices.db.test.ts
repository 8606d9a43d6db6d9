// Devices and their key packages through the public API: who may register what, and who gets which key package.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import { consumeKeyPackageRefs } from '../../src/devices/consume-key-packages.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { converse } from '../support/chat.js';
import {
  addDevice,
  chatter,
  claim,
  DEVICE,
  makeKeyPackages,
  publish,
  register,
  registrationOf,
  revoke,
  type Chatter,
  type SeenDevice,
  type TestDevice,
} from '../support/chat-devices.js';
import { base64, makeKeyPackage, newKey } from '../support/key-packages.js';
import { block } from '../support/posts.js';
import { startMailServer } from '../support/mail-server.js';
import { startWorld, WORLD_PASSWORD, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

let made = 0;

const newcomer = (): Promise<Person> => world.local(`d${++made}`);
const newChatter = async (): Promise<Chatter> => chatter(await newcomer());

/** Somebody's device with so many key packages beside the last resort. */
async function withPackages(count: number, owner?: Chatter): Promise<TestDevice> {
  const device = await addDevice(owner ?? (await newChatter()), world.clock.now());
  const offered = await makeKeyPackages(device, count + 1, world.clock.now());
  for (let start = 0; start < offered.length; start += 100)
    expect(
      (await publish(device.who, device.id, offered.slice(start, start + 100))).userErrors,
    ).toEqual([]);
  return device;
}

const PROFILE = `query ($id: ID!) { node(id: $id) { ... on Actor {
  chatIdentity { key version } chatDevices { ${DEVICE} } } } }`;

interface SeenKeys {
  readonly chatIdentity: { readonly key: string; readonly version: number } | null;
  readonly chatDevices: readonly SeenDevice[];
}

async function keysOf(viewer: Person, whose: Person): Promise<SeenKeys> {
  const { data } = await viewer.graphql<{ node: SeenKeys }>(PROFILE, { id: whose.actorGlobalId });
  return data.node;
}

test('a person registers devices, and others see their keys and nothing private', async () => {
  const ada = await newChatter();
  const ben = await newcomer();
  expect(await keysOf(ben, ada.who)).toEqual({ chatIdentity: null, chatDevices: [] });
  const device = await addDevice(ada, world.clock.now());
  const seen = await keysOf(ben, ada.who);
  expect(seen.chatIdentity).toEqual({ key: base64(ada.identity.publicKey), version: 1 });
  expect(seen.chatDevices).toMatchObject([
    {
      id: device.id,
      name: null,
      platform: null,
      lastSeenAt: null,
      keyPackageCount: null,
      needsKeyPackages: null,
      signatureKey: base64(device.key.publicKey),
      fingerprint: expect.stringMatching(/^(\d{5} ){5}\d{5}$/),
      revokedAt: null,
    },
  ]);
  expect((await keysOf(ada.who, ada.who)).chatDevices).toMatchObject([
    { name: 'Phone', platform: 'Test', keyPackageCount: 0, needsKeyPackages: true },
  ]);
});

test('a registration that is sent again answers with the same device', async () => {
  const ada = await newChatter();
  const input = registrationOf(ada, await newKey(), world.clock.now());
  const first = await register(ada.who, input);
  expect((await register(ada.who, input)).device!.id).toBe(first.device!.id);
  expect((await keysOf(ada.who, ada.who)).chatDevices).toHaveLength(1);
});

test('what the keys have not signed is refused', async () => {
  const ada = await newChatter();
  const ben = await newChatter();
  const now = world.clock.now();
  const input = registrationOf(ada, await newKey(), now);
  const other = registrationOf(ada, await newKey(), now);
  const refusals: [Record<string, unknown>, string, string][] = [
    [{ ...input, attestation: other['attestation'] }, 'attestation', 'SIGNATURE'],
    [{ ...input, proof: other['proof'] }, 'proof', 'SIGNATURE'],
    [
      { ...input, attestedAt: new Date(now.getTime() + 1).toISOString() },
      'attestation',
      'SIGNATURE',
    ],
    [registrationOf(ben, await newKey(), now), 'attestation', 'SIGNATURE'],
    [registrationOf(ada, await newKey(), new Date(now.getTime() - 700_000)), 'attestedAt', 'RANGE'],
    [registrationOf(ada, ada.identity, now), 'signatureKey', 'DISTINCT'],
    [{ ...input, proof: 'AAAA' }, 'proof', 'BYTES'],
    [{ ...input, name: ' ' }, 'name', 'LENGTH'],
    [{ ...input, platform: 'x'.repeat(31) }, 'platform', 'LENGTH'],
  ];
  for (const [refused, field, constraint] of refusals)
    expect((await register(ada.who, refused)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: [field], constraint },
    ]);
});

test('E04 another identity key is refused by name, and replaces the known one only when told to', async () => {
  const ada = await newChatter();
  const first = await withPackages(3, ada);
  const again = { ...ada, identity: await newKey() };
  const input = registrationOf(again, await newKey(), world.clock.now());
  expect((await register(ada.who, input)).userErrors).toMatchObject([
    { code: 'IDENTITY_MISMATCH', knownKey: base64(ada.identity.publicKey), knownVersion: 1 },
  ]);
  const { device } = await register(ada.who, { ...input, replacesIdentity: true });
  expect(device).toMatchObject({ identityVersion: 2 });
  const seen = await keysOf(ada.who, ada.who);
  expect(seen.chatIdentity).toEqual({ key: base64(again.identity.publicKey), version: 2 });
  expect(seen.chatDevices.map(({ id }) => id)).toEqual([device!.id]);
  const { data } = await ada.who.graphql<{ node: SeenDevice }>(
    `query ($id: ID!) { node(id: $id) { ... on ChatDevice { revokedAt keyPackageCount } } }`,
    { id: first.id },
  );
  expect(data.node).toEqual({ revokedAt: expect.any(String), keyPackageCount: 0 });
});

test('only whoever has just confirmed the password puts another identity in the place of the known one', async () => {
  const ada = await newChatter();
  await addDevice(ada, world.clock.now());
  world.clock.advance(16 * 60);
  const again = { ...ada, identity: await newKey() };
  const input = registrationOf(again, await newKey(), world.clock.now());
  const replace = () => register(ada.who, { ...input, replacesIdentity: true });
  expect((await replace()).userErrors).toMatchObject([{ code: 'REAUTHENTICATION_REQUIRED' }]);
  await ada.who.graphql(
    'mutation ($input: ConfirmPasswordInput!) { confirmPassword(input: $input) { userErrors { code } } }',
    { input: { password: WORLD_PASSWORD } },
  );
  const { device } = await replace();
  expect(device).toMatchObject({ identityVersion: 2 });
  // Sending the same again changes nothing.
  expect((await register(ada.who, input)).device?.id).toBe(device!.id);
});

test('a letter tells of each device, and of another identity in words of its own', async () => {
  await using mail = await startMailServer();
  await using sending = await startWorld({ SMTP_URL: mail.url });
  const ada = await chatter(await sending.local('ada'));
  await addDevice(ada, sending.clock.now());
  await sending.settle();
  const subjects = () =>
    mail.to(ada.who.email).map(({ text }) => /encrypted chats.*$/m.exec(text)?.[0]);
  expect(subjects().filter(Boolean)).toEqual(['encrypted chats from now on.']);
  const again = { ...ada, identity: await newKey() };
  const input = registrationOf(again, await newKey(), sending.clock.now());
  await register(ada.who, { ...input, replacesIdentity: true });
  await sending.settle();
  expect(subjects().filter(Boolean)[1]).toMatch(/^encrypted chats anew with another key/);
});

test('E04 six devices are the most, and a key is never that of a second one', async () => {
  const ada = await newChatter();
  const devices: TestDevice[] = [];
  for (let index = 0; index < 6; index++) devices.push(await addDevice(ada, world.clock.now()));
  const seventh = registrationOf(ada, await newKey(), world.clock.now());
  expect((await register(ada.who, seventh)).userErrors).toMatchObject([
    { code: 'LIMIT_EXCEEDED', limit: '6' },
  ]);
  const [first] = devices as [TestDevice, ...TestDevice[]];
  expect((await revoke(ada.who, first.id)).device!.revokedAt).not.toBeNull();
  expect((await revoke(ada.who, first.id)).userErrors).toEqual([]);
  const ben = await newChatter();
  for (const owner of [ada, ben])
    expect(
      (await register(owner.who, registrationOf(owner, first.key, world.clock.now()))).userErrors,
    ).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['signatureKey'] }]);
  expect((await revoke(ben.who, devices[1]!.id)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  expect((await register(ada.who, seventh)).userErrors).toEqual([]);
});

test('key packages are claimed once each, in the order of publication, then the last resort is given', async () => {
  const ada = await newChatter();
  const device = await addDevice(ada, world.clock.now());
  const offered = await makeKeyPackages(device, 3, world.clock.now());
  await publish(ada.who, device.id, offered);
  const ben = await newcomer();
  const got = [];
  for (let round = 0; round < 4; round++)
    got.push((await claim(ben, [ada.who.actorGlobalId])).keyPackages![0]!);
  expect(got.map(({ data }) => data)).toEqual([1, 2, 0, 0].map((index) => offered[index]!.data));
  expect(got.map(({ isLastResort }) => isLastResort)).toEqual([false, false, true, true]);
  expect((await publish(ada.who, device.id, offered)).device).toMatchObject({ keyPackageCount: 0 });
});

test('a claim serves each valid device but those named, the own ones too', async () => {
  const ada = await newChatter();
  const one = await withPackages(3, ada);
  const other = await withPackages(3, ada);
  const ben = await withPackages(3);
  const chattless = await newcomer();
  const answer = await claim(
    ada.who,
    [ada.who.actorGlobalId, ben.who.actorGlobalId, chattless.actorGlobalId],
    [one.id],
  );
  expect(new Set(answer.keyPackages!.map(({ device }) => device.id))).toEqual(
    new Set([other.id, ben.id]),
  );
  expect(answer.actorsWithoutPackages).toEqual([{ id: chattless.actorGlobalId }]);
  await revoke(ada.who, other.id);
  expect((await claim(ben.who, [ada.who.actorGlobalId])).keyPackages).toMatchObject([
    { device: { id: one.id } },
  ]);
});

test('behind a block nobody chats', async () => {
  const ada = await withPackages(3);
  const ben = await newcomer();
  await block(world, ada.who, ben);
  expect(await claim(ben, [ada.who.actorGlobalId])).toMatchObject({
    keyPackages: [],
    actorsWithoutPackages: [{ id: ada.who.actorGlobalId }],
  });
  expect(await keysOf(ben, ada.who)).toEqual({ chatIdentity: null, chatDevices: [] });
  const { data } = await ben.graphql<{ node: unknown }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id: ada.id },
  );
  expect(data.node).toBeNull();
});

test('E12 to whoever claims, who blocks them is like who has no device, and who is gone like who never was', async () => {
  const ada = await withPackages(3);
  const [ben, plain, gone] = [await newcomer(), await newcomer(), await newcomer()];
  await block(world, ada.who, ben);
  await world.services.database.transaction((tx) =>
    setActorSuspended(tx, gone.actorId, true, world.clock.now()),
  );
  const answerAbout = async (id: string): Promise<unknown> =>
    JSON.parse(JSON.stringify(await claim(ben, [id])).replaceAll(id, 'them'));
  const never = toGlobalId('actor', newId(world.clock.now()));
  const [blocker, without, left, nobody] = [
    await answerAbout(ada.who.actorGlobalId),
    await answerAbout(plain.actorGlobalId),
    await answerAbout(gone.actorGlobalId),
    await answerAbout(never),
  ];
  expect(blocker).toEqual(without);
  expect(left).toEqual(nobody);
  expect(await converse(ben, gone.actorGlobalId)).toEqual(await converse(ben, never));
});

test('T12: a key package is used up by one Welcome, and the last resort by none', async () => {
  const ada = await withPackages(2);
  const ben = await newcomer();
  const refs: Buffer[] = [];
  for (let round = 0; round < 3; round++)
    refs.push(
      Buffer.from((await claim(ben, [ada.who.actorGlobalId])).keyPackages![0]!.ref, 'base64'),
    );
  const { database } = world.services;
  const consume = (...named: readonly Buffer[]) =>
    database.transaction((tx) => consumeKeyPackageRefs(tx, named, world.clock.now()));
  const [first, second, last] = refs as [Buffer, Buffer, Buffer];
  expect(await consume(first, Buffer.alloc(32))).toMatchObject([
    { ref: first, isLastResort: false },
  ]);
  const rivals = await Promise.all([consume(second, first), consume(first, second)]);
  expect(rivals.flat()).toMatchObject([{ ref: second }]);
  for (let round = 0; round < 2; round++)
    expect(await consume(last)).toMatchObject([{ isLastResort: true, actorId: ada.who.actorId }]);
  await revoke(ada.who, ada.id);
  expect(await consume(last)).toEqual([]);
});

test('T12: what nobody has claimed is used up by no Welcome', async () => {
  const ada = await withPackages(1);
  const { database } = world.services;
  const rows = await database.rows<{ ref: Buffer }>({
    name: '',
    text: 'select ref from chat_key_packages where not is_last_resort and claimed_at is null',
  });
  const named = rows.map(({ ref }) => ref);
  expect(named.length).toBeGreaterThan(0);
  expect(ada.id).toBeTruthy();
  const used = database.transaction((tx) => consumeKeyPackageRefs(tx, named, world.clock.now()));
  expect(await used).toEqual([]);
});

test('E02 T15: whoever asks too often gets the last resort, and a new one every ten minutes', async () => {
  const ada = await withPackages(20);
  const ben = await newcomer();
  const ask = async (who: Person) =>
    (await claim(who, [ada.who.actorGlobalId])).keyPackages![0]!.isLastResort;
  const answers: boolean[] = [];
  for (let round = 0; round < 8; round++) answers.push(await ask(ben));
  expect(answers).toEqual([...Array.from({ length: 6 }, () => false), true, true]);
  expect(await ask(await newcomer())).toBe(false);
  world.clock.advance(600);
  expect([await ask(ben), await ask(ben)]).toEqual([false, true]);
});

test('E03 T14: key packages that are not those of the device are refused, all of them', async () => {
  const now = world.clock.now();
  const device = await withPackages(0);
  const other = await withPackages(0);
  const good = await makeKeyPackages(device, 1, now, false);
  const expired = base64(
    await makeKeyPackage(device.uri, device.key, now, { notAfter: new Date(now.getTime() - 1000) }),
  );
  const foreign = base64(await makeKeyPackage(other.uri, device.key, now));
  for (const [data, constraint] of [
    [expired, 'LIFETIME'],
    [foreign, 'CREDENTIAL'],
    [(await makeKeyPackages(other, 1, now))[0]!.data, 'CREDENTIAL'],
    [base64(Buffer.from('{"text":"hello"}')), 'KEY_PACKAGE'],
  ] as const) {
    const { userErrors } = await publish(device.who, device.id, [...good, { data }]);
    expect(userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['keyPackages', '1', 'data'], constraint },
    ]);
  }
  expect((await keysOf(device.who, device.who)).chatDevices).toMatchObject([
    { keyPackageCount: 0 },
  ]);
  expect((await publish(other.who, device.id, good)).userErrors).toMatchObject([
    { code: 'NOT_FOUND' },
  ]);
});

test('T14: what expires while it waits is handed out to nobody, and lets nobody in', async () => {
  const now = world.clock.now();
  const device = await addDevice(await newChatter(), now);
  const short = { notAfter: new Date(now.getTime() + 3_600_000) };
  const made: Buffer[] = [];
  for (const oddities of [{}, short, short, {}])
    made.push(await makeKeyPackage(device.uri, device.key, now, oddities));
  const offered = made.map((data, index) => ({ data: base64(data), isLastResort: index === 0 }));
  expect((await publish(device.who, device.id, offered)).userErrors).toEqual([]);
  const ben = await newcomer();
  const given = async () => (await claim(ben, [device.who.actorGlobalId])).keyPackages![0]!;
  const early = await given();
  expect(early.data).toBe(offered[1]!.data);
  world.clock.advance(3601);
  const refs = [Buffer.from(early.ref, 'base64')];
  const used = world.services.database.transaction((tx) =>
    consumeKeyPackageRefs(tx, refs, world.clock.now()),
  );
  expect(await used).toEqual([]);
  expect([(await given()).data, (await given()).data]).toEqual([
    offered[3]!.data,
    offered[0]!.data,
  ]);
});

test('E03 a device has one last resort, and at most 200 others that wait', async () => {
  const now = world.clock.now();
  const device = await addDevice(await newChatter(), now);
  const send = async (count: number, hasLastResort: boolean) =>
    (await publish(device.who, device.id, await makeKeyPackages(device, count, now, hasLastResort)))
      .userErrors;
  expect(await send(1, false)).toMatchObject([{ constraint: 'LAST_RESORT' }]);
  expect(await send(101, true)).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: '100' }]);
  expect(await send(100, true)).toEqual([]);
  expect(await send(100, false)).toEqual([]);
  expect(await send(2, false)).toMatchObject([{ code: 'LIMIT_EXCEEDED', limit: '200' }]);
  expect(await send(2, true)).toEqual([]);
  expect((await keysOf(device.who, device.who)).chatDevices).toMatchObject([
    { keyPackageCount: 200, needsKeyPackages: false },
  ]);
});
