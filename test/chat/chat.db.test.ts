// Conversations that are not encrypted, through the public API: who sees them, requests, blocks, and that nothing doubles.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  acknowledge,
  arrange,
  chatOf,
  converse,
  unsay,
  write,
  type SeenConversation,
} from '../support/chat.js';
import { block, follow } from '../support/posts.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

let made = 0;

/** People of their own for each test; everybody follows everybody unless told otherwise. */
async function people(count: number, areFriends = true): Promise<Person[]> {
  const group = ++made;
  const all: Person[] = [];
  for (let index = 0; index < count; index++) all.push(await world.local(`p${group}x${index}`));
  if (areFriends)
    for (const one of all)
      for (const other of all) if (one !== other) await follow(world, one, other);
  return all;
}

async function between(one: Person, ...others: readonly Person[]): Promise<SeenConversation> {
  const { conversation } = await converse(one, ...others.map((other) => other.actorGlobalId));
  return conversation!;
}

const textsOf = ({ messages }: SeenConversation) => messages.nodes.map((one) => one.plaintext);

test('two people write to each other, in order, and each sees what is new', async () => {
  const [ada, ben] = (await people(2)) as [Person, Person];
  const { id, encryption, isGroup, members } = await between(ada, ben);
  expect({ encryption, isGroup }).toEqual({ encryption: 'NONE', isGroup: false });
  expect(members.map(({ actor }) => actor.username).toSorted()).toEqual(
    [ada.username, ben.username].toSorted(),
  );
  expect((await chatOf(ben)).conversations.nodes).toEqual([]);
  const { message } = await write(ada, id, 'Hello **Ben**');
  expect(message).toMatchObject({
    conversationId: id,
    sequence: '1',
    plaintext: '<p>Hello <strong>Ben</strong></p>',
    plaintextSource: 'Hello **Ben**',
    sender: { username: ada.username },
  });
  await write(ada, id, 'Are you there?');
  const seen = await chatOf(ben);
  expect(seen.unreadCount).toBe(1);
  expect(seen.unread.nodes.map((one) => one.id)).toEqual([id]);
  expect(seen.conversations.nodes[0]).toMatchObject({
    id,
    isRequest: false,
    unreadCount: 2,
    lastMessage: { plaintext: '<p>Are you there?</p>', plaintextSource: null },
  });
  expect((await between(ben, ada)).id).toBe(id);
  await write(ben, id, 'Yes');
  const after = await chatOf(ben);
  expect(after.unreadCount).toBe(0);
  expect(after.conversations.nodes[0]).toMatchObject({ unreadCount: 0, lastReadSequence: '3' });
  expect(textsOf(after.conversations.nodes[0]!)).toEqual([
    '<p>Hello <strong>Ben</strong></p>',
    '<p>Are you there?</p>',
    '<p>Yes</p>',
  ]);
});

test('E06 the same message sent twice is stored once, also by twenty tries at the same time', async () => {
  const [ada, ben] = (await people(2)) as [Person, Person];
  const { id } = await between(ada, ben);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => write(ada, id, 'Once', 'client-1')),
  );
  expect(new Set(answers.map(({ message }) => message?.id)).size).toBe(1);
  await Promise.all(Array.from({ length: 10 }, (_, index) => write(ada, id, `Number ${index}`)));
  const [seen] = (await chatOf(ben)).conversations.nodes;
  expect(seen!.messages.nodes.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 11 }, (_, index) => String(index + 1)),
  );
  const other = await between(ada, (await people(1))[0]!);
  expect((await write(ada, other.id, 'Once', 'client-1')).userErrors[0]).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    path: ['clientMessageId'],
  });
});

test('twenty people who begin the same conversation at once have one', async () => {
  const [ada, ben, carl] = (await people(3)) as [Person, Person, Person];
  const tries = Array.from({ length: 20 }, (_, index) =>
    index % 2 === 0 ? between(ada, ben, carl) : between(carl, ada, ben),
  );
  expect(new Set((await Promise.all(tries)).map(({ id }) => id)).size).toBe(1);
});

test('what a stranger begins is a request, of five messages until it is answered or accepted', async () => {
  const [ada, ben] = (await people(2, false)) as [Person, Person];
  const { id } = await between(ada, ben);
  for (let index = 0; index < 5; index++) await write(ada, id, `Please ${index}`);
  expect((await write(ada, id, 'Please!')).userErrors[0]).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    path: ['conversationId'],
    limit: '5',
  });
  const before = await chatOf(ben);
  expect(before).toMatchObject({ unreadCount: 0, conversations: { nodes: [] } });
  expect(before.messageRequests.nodes[0]).toMatchObject({ id, isRequest: true, unreadCount: 5 });
  expect((await arrange(ben, id, { acceptRequest: true })).conversation!.isRequest).toBe(false);
  expect((await chatOf(ben)).messageRequests.nodes).toEqual([]);
  expect((await write(ada, id, 'Thank you')).userErrors).toEqual([]);
  const [carl, dora] = (await people(2, false)) as [Person, Person];
  const other = await between(carl, dora);
  await write(carl, other.id, 'Hi');
  await write(dora, other.id, 'Hi!');
  expect((await chatOf(dora)).conversations.nodes[0]).toMatchObject({ isRequest: false });
});

test('nobody else sees a conversation, writes in it, or changes it', async () => {
  const [ada, ben, eve] = (await people(3)) as [Person, Person, Person];
  const { id } = await between(ada, ben);
  const { message } = await write(ada, id, 'A secret');
  const { data } = await eve.graphql(
    'query ($a: ID!, $b: ID!) { conversation: node(id: $a) { id } message: node(id: $b) { id } }',
    { a: id, b: message!.id },
  );
  expect(data).toEqual({ conversation: null, message: null });
  const refused = [
    await write(eve, id, 'Me too'),
    await arrange(eve, id, { muted: true }),
    await acknowledge(eve, id, 1),
    await unsay(eve, message!.id),
    await unsay(ben, message!.id),
  ];
  for (const { userErrors } of refused) expect(userErrors[0]!.code).toBe('NOT_FOUND');
  expect((await chatOf(eve)).conversations.nodes).toEqual([]);
});

test('a block hides a conversation of two from both, and in a group what the one wrote from the other', async () => {
  const [ada, ben, carl] = (await people(3)) as [Person, Person, Person];
  const two = await between(ada, ben);
  const group = await between(ada, ben, carl);
  await write(ada, two.id, 'To you');
  await write(ada, group.id, 'To all');
  await write(carl, group.id, 'Me too');
  await block(world, ben, ada);
  for (const who of [ada, ben])
    expect((await chatOf(who)).conversations.nodes.map(({ id }) => id)).toEqual([group.id]);
  expect((await write(ada, two.id, 'Why?')).userErrors[0]!.code).toBe('NOT_FOUND');
  expect(textsOf((await chatOf(ben)).conversations.nodes[0]!)).toEqual(['<p>Me too</p>']);
  expect(textsOf((await chatOf(carl)).conversations.nodes[0]!)).toEqual([
    '<p>To all</p>',
    '<p>Me too</p>',
  ]);
  expect((await converse(ada, ben.actorGlobalId)).userErrors[0]).toMatchObject({
    code: 'BLOCKED',
    path: ['memberIds', '0'],
  });
});

test('a deleted message leaves its place, and a repeat changes nothing', async () => {
  const [ada, ben] = (await people(2)) as [Person, Person];
  const { id } = await between(ada, ben);
  await write(ada, id, 'First');
  const { message } = await write(ada, id, 'Wrong');
  expect((await unsay(ada, message!.id)).userErrors).toEqual([]);
  expect((await unsay(ada, message!.id)).userErrors).toEqual([]);
  const [seen] = (await chatOf(ben)).conversations.nodes;
  expect(seen).toMatchObject({ unreadCount: 1, lastMessage: { plaintext: '<p>First</p>' } });
  expect(seen!.messages.nodes[1]).toMatchObject({ sequence: '2', plaintext: null });
  expect(seen!.messages.nodes[1]!.deletedAt).not.toBeNull();
});

test('a muted conversation is not unread, an archived one comes back with a new message unless it is muted', async () => {
  const [ada, ben] = (await people(2)) as [Person, Person];
  const { id } = await between(ada, ben);
  await write(ada, id, 'One');
  await arrange(ben, id, { archived: true });
  expect((await chatOf(ben)).archived.nodes.map((one) => one.id)).toEqual([id]);
  await write(ada, id, 'Two');
  expect((await chatOf(ben)).conversations.nodes.map((one) => one.id)).toEqual([id]);
  await arrange(ben, id, { archived: true, muted: true });
  await write(ada, id, 'Three');
  const seen = await chatOf(ben);
  expect(seen).toMatchObject({ unreadCount: 0, conversations: { nodes: [] } });
  expect(seen.archived.nodes[0]).toMatchObject({ isMuted: true, unreadCount: 3 });
});

test('reading never goes back nor beyond what there is', async () => {
  const [ada, ben] = (await people(2)) as [Person, Person];
  const { id } = await between(ada, ben);
  for (const text of ['One', 'Two', 'Three']) await write(ada, id, text);
  const marks = [];
  for (const upTo of [2, 1, 99]) {
    const { conversation } = await acknowledge(ben, id, upTo);
    marks.push([conversation!.lastReadSequence, conversation!.unreadCount]);
  }
  expect(marks).toEqual([
    ['2', 1],
    ['2', 1],
    ['3', 0],
  ]);
  for (const wrong of ['-1', '99999999999999'])
    expect((await acknowledge(ben, id, wrong)).userErrors[0]).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['upToSequence'],
    });
});

test('a conversation has somebody else in it, at most nine, who are there', async () => {
  const [ada] = (await people(1)) as [Person];
  const strangers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => world.local(`many${n}`)),
  );
  const wrong = [
    [[], 'INVALID_INPUT', ['memberIds']],
    [[ada.actorGlobalId], 'INVALID_INPUT', ['memberIds']],
    [strangers.map(({ actorGlobalId }) => actorGlobalId), 'INVALID_INPUT', ['memberIds']],
    [['actor_00000000000000000000000000'], 'NOT_FOUND', ['memberIds', '0']],
  ] as const;
  for (const [ids, code, path] of wrong)
    expect((await converse(ada, ...ids)).userErrors[0]).toMatchObject({ code, path });
  for (const text of ['', '  ', '\u200b', 'x'.repeat(5001)]) {
    const { id } = await between(ada, strangers[0]!);
    expect((await write(ada, id, text)).userErrors[0]).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['content', 'plaintext'],
    });
  }
});

test('those who take part hear of messages and of their own other devices, live', async () => {
  const [ada, ben, eve] = (await people(3)) as [Person, Person, Person];
  const { id } = await between(ada, ben);
  const sockets = await Promise.all(
    [ben, eve].map((who) => connectSocket(world.origin, who.token)),
  );
  for (const socket of sockets) {
    await subscribed(
      socket,
      'chat',
      'subscription { chatEvents { message { plaintext sequence } conversation { id unreadCount isMuted } } }',
    );
  }
  const [bens, eves] = sockets;
  await write(ada, id, 'Now');
  await arrange(ben, id, { muted: true });
  const events = [await bens!.next(), await bens!.next()];
  expect(events.map(({ payload }) => payload)).toEqual([
    {
      data: {
        chatEvents: {
          message: { plaintext: '<p>Now</p>', sequence: '1' },
          conversation: { id, unreadCount: 1, isMuted: expect.any(Boolean) },
        },
      },
    },
    {
      data: { chatEvents: { message: null, conversation: { id, unreadCount: 1, isMuted: true } } },
    },
  ]);
  await world.settle();
  expect(eves!.waiting()).toBe(0);
  for (const socket of sockets) await socket[Symbol.asyncDispose]();
});
