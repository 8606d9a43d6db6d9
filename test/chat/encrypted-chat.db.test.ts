// Encrypted conversations, with real MLS: who gets what, in which order, and what a server refuses.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeVector } from '../../src/mls/byte-reader.js';
import {
  acknowledgeUpTo,
  begin,
  equippedPeople,
  groupOf,
  hear,
  lettersOf,
  mailboxOf,
  packagesOf,
  say,
  sendCommit,
  sendMls,
  talk,
  type ChatDevice,
  type Seat,
} from '../support/encrypted-chat.js';
import { makeGroupId } from '../support/mls.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const devices = (count: number, areFriends = true): Promise<ChatDevice[]> =>
  equippedPeople(world, count, areFriends);

test('two people talk: the Welcome comes with its commit, and each message once, in order', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben]);
  expect(await groupOf(ben, one.conversationId)).toMatchObject({
    encryption: 'MLS',
    isGroup: false,
    isRequest: false,
    epoch: 1,
    memberCount: 2,
    devices: [{ id: ada.id }, { id: ben.id }],
    devicesToRemove: [],
  });
  expect((await lettersOf(ben)).map(({ kind, sequence }) => [kind, sequence])).toEqual([
    ['WELCOME', '1'],
  ]);
  await say(one, 'Hello');
  await say(one, 'Are you there?');
  await say(two!, 'Yes');
  const letters = await lettersOf(ben, '1');
  expect(letters.map(({ kind, sequence }) => [kind, sequence])).toEqual([
    ['APPLICATION', '2'],
    ['APPLICATION', '3'],
    ['APPLICATION', '4'],
  ]);
  expect(await hear(two!, letters)).toEqual(['Hello', 'Are you there?']);
  const own = await lettersOf(ada);
  expect(own.map(({ kind }) => kind)).toEqual([
    'COMMIT',
    'APPLICATION',
    'APPLICATION',
    'APPLICATION',
  ]);
  expect(await hear(one, own.slice(1))).toEqual(['Yes']);
  expect(one.group.authenticator).toBe(two!.group.authenticator);
});

test('a mailbox goes on behind what was acknowledged, in pages, with places without gaps', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  for (let index = 0; index < 5; index++) await say(one, `Number ${index}`);
  const first = (await mailboxOf(ben, null, 4))!;
  expect(first.entries.map(({ position }) => position)).toEqual(['1', '2', '3', '4']);
  expect(first).toMatchObject({ headPosition: '6', hasMore: true });
  expect((await acknowledgeUpTo(ben, '4')).position).toBe('4');
  expect((await acknowledgeUpTo(ben, '2')).position).toBe('4');
  const rest = (await mailboxOf(ben))!;
  expect(rest.entries.map(({ position }) => position)).toEqual(['5', '6']);
  expect(rest.hasMore).toBe(false);
  expect((await acknowledgeUpTo(ben, '99')).position).toBe('6');
  expect((await mailboxOf(ben))!.entries).toEqual([]);
});

test('E07 of two commits of one epoch one is accepted, and the other is told what it missed', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben]);
  const [left, right] = await Promise.all([one.group.commit(), two!.group.commit()]);
  const told = await Promise.all([
    sendCommit(ada, one.conversationId, 1, left),
    sendCommit(ben, one.conversationId, 1, right),
  ]);
  const won = told.findIndex(({ message }) => message !== null);
  expect(told.filter(({ message }) => message !== null)).toHaveLength(1);
  const [refusal] = told[1 - won]!.userErrors;
  expect(refusal).toMatchObject({ code: 'STALE_EPOCH', path: ['epoch'], currentEpoch: 2 });
  expect(refusal!.missedCommits!.map(({ ciphertext }) => ciphertext)).toEqual([
    [left, right][won]!.commit.toString('base64'),
  ]);
});

test('E07 a commit of an epoch that is over, or that is still to come, changes nothing', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  const id = one.conversationId;
  const [first, second] = [await one.group.commit(), await one.group.commit()];
  const third = await first.next.commit();
  const early = await sendCommit(ada, id, 2, third);
  expect(early.message).toBeNull();
  expect(early.userErrors).toMatchObject([{ currentEpoch: 1 }]);
  expect((await sendCommit(ada, id, 1, first)).userErrors).toEqual([]);
  expect((await sendCommit(ada, id, 2, third)).userErrors).toEqual([]);
  const late = await sendCommit(ada, id, 1, second);
  expect(late.message).toBeNull();
  expect(late.userErrors).toMatchObject([{ code: 'STALE_EPOCH', currentEpoch: 3 }]);
  expect(late.userErrors[0]!.missedCommits).toHaveLength(2);
  expect((await groupOf(ada, id))!.epoch).toBe(3);
});

test('E06 T18: what is sent again because the answer was lost is stored once', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const groupId = makeGroupId();
  const tries = await Promise.all(Array.from({ length: 5 }, () => begin(ada, groupId, [ben.who])));
  expect(new Set(tries.map(({ conversation }) => conversation?.id)).size).toBe(1);
  const [one] = await talk(ada, [(await devices(1, false))[0]!]);
  const { data, next } = await one.group.write('Once');
  const sent = await Promise.all(
    Array.from({ length: 8 }, () => sendMls(ada, one.conversationId, data, 'lost-1')),
  );
  expect(new Set(sent.map(({ message }) => message?.sequence))).toEqual(new Set(['2']));
  const change = await next.commit();
  const again = { clientMessageId: 'lost-2' };
  const first = await sendCommit(ada, one.conversationId, 1, change, again);
  const second = await sendCommit(ada, one.conversationId, 1, change, again);
  expect(first.message!.id).toBe(second.message!.id);
  expect(second.conversation!.epoch).toBe(2);
  expect(await lettersOf(ada)).toHaveLength(3);
});

test('T2: what is no MLS message of the kind and the group is refused', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  const [other] = await talk((await devices(1))[0]!, [(await devices(1))[0]!]);
  const codeOf = async (data: Buffer) =>
    (await sendMls(ada, one.conversationId, data)).userErrors[0]?.code;
  expect(await codeOf(Buffer.from('Hello in the clear'))).toBe('INVALID_INPUT');
  const { data } = await one.group.write('Hello');
  expect(await codeOf(data.subarray(0, -1))).toBe('INVALID_INPUT');
  expect(await codeOf(Buffer.concat([data, Buffer.from('and more')]))).toBe('INVALID_INPUT');
  expect(await codeOf((await one.group.commit()).commit)).toBe('INVALID_INPUT');
  expect(await codeOf((await other.group.write('Elsewhere')).data)).toBe('MLS_MISMATCH');
  const ahead = (await one.group.commit()).next;
  expect(await codeOf((await ahead.write('Too early')).data)).toBe('MLS_MISMATCH');
  expect(await codeOf(applicationInTheOpen(one))).toBe('INVALID_INPUT');
  const plain = await ada.who.graphql<{ sendChatMessage: { userErrors: { code: string }[] } }>(
    `mutation ($input: SendChatMessageInput!) { sendChatMessage(input: $input) { userErrors { code path } } }`,
    {
      input: {
        conversationId: one.conversationId,
        clientMessageId: 'plain',
        content: { plaintext: 'Hello' },
      },
    },
  );
  expect(plain.data.sendChatMessage.userErrors[0]).toMatchObject({ code: 'INVALID_INPUT' });
  expect(await lettersOf(ada)).toHaveLength(1);
});

/** What nobody may make: a message for reading in the form of those that everybody can read. */
function applicationInTheOpen({ group: { state } }: Seat): Buffer {
  const epoch = Buffer.alloc(8);
  epoch.writeBigUInt64BE(state.groupContext.epoch);
  return Buffer.concat([
    Buffer.from('00010001', 'hex'),
    writeVector(state.groupContext.groupId),
    epoch,
    Buffer.from('0100000000', 'hex'),
    writeVector(Buffer.alloc(32)),
    Buffer.from([1]),
    writeVector(Buffer.from('Hello in the open')),
    writeVector(Buffer.alloc(64)),
    writeVector(Buffer.alloc(32)),
  ]);
}

test('T2: of a commit, what is no commit, no Welcome or no GroupInfo is refused, and nothing of it kept', async () => {
  const [ada, ben, cem] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben], true);
  const id = one.conversationId;
  const made = await one.group.commit({ add: await packagesOf(ada, cem.who) });
  const welcome = made.welcome!;
  const plain = Buffer.from('Hello in the clear');
  const longer = (bytes: Buffer) => Buffer.concat([bytes, plain]);
  const { data } = await one.group.write('Hello');
  const people = { addMemberIds: [cem.who.actorGlobalId] };
  const wrong = {
    commit: [plain, data, welcome],
    welcome: [plain, data],
    groupInfo: [plain, data],
  };
  for (const [field, all] of Object.entries(wrong) as [keyof typeof wrong, Buffer[]][])
    for (const bytes of [...all, longer(made[field]!), made[field]!.subarray(0, -1)]) {
      const told = await sendCommit(ada, id, 1, { ...made, [field]: bytes }, people);
      expect([field, told.userErrors[0]]).toEqual([
        field,
        expect.objectContaining({ code: 'INVALID_INPUT', path: [field] }),
      ]);
    }
  expect(await groupOf(ada, id)).toMatchObject({ epoch: 1, memberCount: 2 });
  expect([await lettersOf(ada), await lettersOf(cem)].map(({ length }) => length)).toEqual([1, 0]);
  expect((await sendCommit(ada, id, 1, made, people)).userErrors).toEqual([]);
});
