// What a device gets live: its mailbox first, then what comes, nothing lost and nothing doubled.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { revoke } from '../support/chat-devices.js';
import {
  acknowledgeUpTo,
  equip,
  equippedPeople,
  groupOf,
  invite,
  lettersOf,
  mailboxOf,
  say,
  sendCommit,
  sendMls,
  sendSignal,
  talk,
  type ChatDevice,
  type Envelope,
} from '../support/encrypted-chat.js';
import { untilLockWait } from '../support/lock-wait.js';
import { block } from '../support/posts.js';
import { connectSocket, subscribe, type TestSocket } from '../support/socket.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ CHAT_MESSAGE_BURST: '1000' });
});

afterAll(() => world[Symbol.asyncDispose]());

const devices = (count: number, areFriends = true): Promise<ChatDevice[]> =>
  equippedPeople(world, count, areFriends);

interface Told {
  readonly cursor: string;
  readonly message: Envelope | null;
  readonly conversationId: string;
  readonly conversation: { readonly id: string } | null;
  readonly signal: { readonly payload: string; readonly senderDeviceId: string } | null;
}

const EVENTS = `subscription ($deviceId: ID!, $after: String) { chatEvents(deviceId: $deviceId, after: $after) {
  cursor message { id kind sequence ciphertext } conversationId conversation { id } signal { payload senderDeviceId } } }`;

async function listen(device: ChatDevice, after: string | null = null): Promise<TestSocket> {
  const socket = await connectSocket(world.origin, device.who.token);
  subscribe(socket, 'chat', EVENTS, { deviceId: device.id, after });
  return socket;
}

async function heard(socket: TestSocket): Promise<Told> {
  const { type, payload } = await socket.next();
  if (type !== 'next') throw new Error(`${type}: ${JSON.stringify(payload)}`);
  return (payload as { data: { chatEvents: Told } }).data.chatEvents;
}

async function heardMany(socket: TestSocket, count: number): Promise<Told[]> {
  const all: Told[] = [];
  while (all.length < count) all.push(await heard(socket));
  return all;
}

const placesOf = (told: readonly Told[]) => told.map(({ cursor }) => Number(cursor));

test('T20: a socket that breaks and comes back loses nothing and gets nothing twice', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  await using before = await listen(ben);
  expect(await heard(before)).toMatchObject({ cursor: '1', message: { kind: 'WELCOME' } });
  await say(one, 'Live');
  const live = await heard(before);
  expect(live).toMatchObject({ cursor: '2', message: { kind: 'APPLICATION', sequence: '2' } });
  expect(live.conversation!.id).toBe(one.conversationId);
  before.websocket.terminate();
  for (let index = 0; index < 120; index++) await say(one, `While away ${index}`);
  await using after = await listen(ben, live.cursor);
  const writing = (async () => {
    for (let index = 0; index < 30; index++) await say(one, `Meanwhile ${index}`);
  })();
  const told = await heardMany(after, 150);
  await writing;
  expect(placesOf(told)).toEqual(Array.from({ length: 150 }, (_, index) => index + 3));
  expect(told.map(({ message }) => message!.sequence)).toEqual(placesOf(told).map(String));
});

test('the other devices of whoever leaves a conversation are told which one it is', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  const second = await equip(world, ada);
  await invite(one, [second]);
  await using socket = await listen(second);
  expect(await heard(socket)).toMatchObject({ message: { kind: 'WELCOME' } });
  await ada.who.graphql(
    'mutation ($id: ID!) { leaveConversation(input: { conversationId: $id }) { userErrors { code } } }',
    { id: one.conversationId },
  );
  expect(await heard(socket)).toMatchObject({
    conversationId: one.conversationId,
    conversation: null,
    message: null,
  });
});

test('what was acknowledged does not come again, and a cursor of another list is refused', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  await say(one, 'Read');
  await acknowledgeUpTo(ben, '2');
  await using socket = await listen(ben);
  await say(one, 'New');
  expect((await heard(socket)).cursor).toBe('3');
  await using wrong = await listen(ben, 'eyJ4Ijox');
  expect(await wrong.next()).toMatchObject({ type: 'error' });
  await using foreign = await connectSocket(world.origin, ada.who.token);
  subscribe(foreign, 'chat', EVENTS, { deviceId: ben.id });
  expect(await foreign.next()).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});

test('T17: a message that is accepted later but becomes visible first hides none', async () => {
  const [ada, ben, carl] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  const [other] = await talk(carl, [ben]);
  await using socket = await listen(ben);
  await heardMany(socket, 2);
  // A transaction has written to Ben's mailbox and does not end.
  const { database } = world.services;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const { promise: began, resolve: begin } = Promise.withResolvers<void>();
  const holding = database.transaction(async (tx) => {
    await tx.rows(
      statement('test.hold_box', 'select head from mailboxes where actor_id = $1 for update'),
      [ben.who.actorId],
    );
    begin();
    await held;
  });
  await began;
  const first = say(one, 'First');
  expect(await untilLockWait(database, first)).toBe(true);
  const second = say(other, 'Second');
  const early = (await mailboxOf(ben))!;
  expect(early.headPosition).toBe('2');
  release();
  await Promise.all([holding, first, second]);
  expect(placesOf(await heardMany(socket, 2))).toEqual([3, 4]);
});

test('E09 T27: whoever left, and a device that was revoked, get nothing that comes after', async () => {
  const [ada, ben, carl] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const seats = await talk(ada, [ben, carl]);
  const [one, , three] = seats;
  const id = one.conversationId;
  await using socket = await listen(carl);
  expect((await heard(socket)).message!.kind).toBe('WELCOME');
  await carl.who.graphql(
    'mutation ($id: ID!) { leaveConversation(input: { conversationId: $id }) { conversationId userErrors { code } } }',
    { id },
  );
  expect(await heard(socket)).toMatchObject({ message: null, conversation: null });
  await say(one, 'Without Carl');
  expect((await lettersOf(carl)).map(({ kind }) => kind)).toEqual(['WELCOME']);
  const { data } = await three!.group.write('From outside');
  expect((await sendMls(carl, id, data)).userErrors[0]).toMatchObject({ code: 'NOT_FOUND' });
  expect(await groupOf(carl, id)).toBeNull();
  expect(await groupOf(ada, id)).toMatchObject({
    memberCount: 2,
    devicesToRemove: [{ id: carl.id }],
  });
  const key = Buffer.from(carl.key.publicKey).toString('hex');
  const removal = await one.group.commit({ remove: [key] });
  const told = await sendCommit(ada, id, one.group.epoch, removal, { removeDeviceIds: [carl.id] });
  expect(told.conversation!.devicesToRemove).toEqual([]);
  one.group = removal.next;
  await using late = await listen(ben);
  await heardMany(late, 3);
  const laptop = await equip(world, ben);
  await using other = await listen(laptop);
  await revoke(ben.who, ben.id);
  // At once, though nothing comes.
  expect(await late.next()).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
  await world.settle();
  await say(one, 'Without that device');
  expect(await mailboxOf(ben)).toBeNull();
  // The other device of the same person goes on.
  await invite(one, [laptop]);
  let news = await heard(other);
  while (!news.message) news = await heard(other);
  expect(news.message.kind).toBe('WELCOME');
  const inIt = (await groupOf(ada, id))!.devices.map((device) => device.id);
  expect(inIt).toEqual([ada.id, laptop.id]);
});

test('a second device of somebody gets what comes after its Welcome, and own messages too', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  await say(one, 'Before');
  const tablet = await equip(world, ada);
  await using socket = await listen(tablet);
  const [two] = await invite(one, [tablet]);
  await say(one, 'After');
  const told = await heardMany(socket, 2);
  expect(told.map(({ message }) => message!.kind)).toEqual(['WELCOME', 'APPLICATION']);
  expect(two!.group.authenticator).toBe(one.group.authenticator);
  expect((await lettersOf(ada)).map(({ kind }) => kind)).toEqual([
    'COMMIT',
    'APPLICATION',
    'COMMIT',
    'APPLICATION',
  ]);
});

test('signals reach who listens, the sender and strangers excepted, and are kept nowhere', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben]);
  await using mine = await listen(ada);
  await using theirs = await listen(ben);
  await heard(mine);
  await heard(theirs);
  const payload = Buffer.from('typing').toString('base64');
  expect((await sendSignal(ada, one.conversationId, payload)).userErrors).toEqual([]);
  expect((await heard(theirs)).signal).toEqual({ payload, senderDeviceId: ada.id });
  await say(two!, 'Answer');
  expect(await heard(mine)).toMatchObject({ signal: null, message: { kind: 'APPLICATION' } });
  const rows = await world.services.database.rows(
    statement(
      'test.encrypted_live.told',
      `select 1 from events where payload::text like '%' || $1 || '%'`,
    ),
    [payload],
  );
  expect(rows).toEqual([]);
});

test('T31: who is blocked by one of a group does not break it for them', async () => {
  const [ada, ben, carl] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one, , three] = await talk(ada, [ben, carl]);
  await block(world, ben.who, carl.who);
  await say(three!, 'From the blocked one');
  const renewal = await three!.group.commit();
  await sendCommit(carl, one.conversationId, three!.group.epoch, renewal);
  expect((await lettersOf(ben)).map(({ kind }) => kind)).toEqual([
    'WELCOME',
    'APPLICATION',
    'COMMIT',
  ]);
  expect(await groupOf(ben, one.conversationId)).toMatchObject({ epoch: 2 });
});
