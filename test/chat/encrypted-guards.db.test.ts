// Encrypted conversations under pressure: strangers, wrong Welcomes, what is let go, and beginning anew.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { revoke } from '../support/chat-devices.js';
import { chatOf } from '../support/chat.js';
import {
  acknowledgeUpTo,
  equip,
  equippedPeople,
  groupOf,
  joined,
  lettersOf,
  packagesOf,
  say,
  sendCommit,
  sendMls,
  sendSignal,
  talk,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { makeGroupId, makeOwnPackage, MlsGroup } from '../support/mls.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const devices = (count: number, areFriends = true): Promise<ChatDevice[]> =>
  equippedPeople(world, count, areFriends);

const KEPT = statement(
  '',
  `select kind from chat_messages where conversation_id = $1 order by sequence, kind`,
);

async function keptOf(conversationId: string): Promise<string[]> {
  const { id } = parseGlobalId(conversationId)!;
  const rows = await world.services.database.rows<{ kind: string }>(KEPT, [id]);
  return rows.map(({ kind }) => kind);
}

test('T35: what a stranger begins is a request that tells nobody anything until it is accepted', async () => {
  const [ada, ben] = (await devices(2, false)) as [ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben]);
  for (let index = 0; index < 5; index++) await say(one, `Please ${index}`);
  const { data } = await one.group.write('Please!');
  expect((await sendMls(ada, one.conversationId, data)).userErrors[0]).toMatchObject({
    code: 'LIMIT_EXCEEDED',
  });
  const chat = await chatOf(ben.who);
  expect(chat).toMatchObject({ unreadCount: 0, conversations: { nodes: [] } });
  expect(chat.messageRequests.nodes.map(({ id }) => id)).toEqual([one.conversationId]);
  expect((await sendSignal(ben, one.conversationId, 'AAAA')).userErrors[0]).toMatchObject({
    code: 'FORBIDDEN',
  });
  await say(two!, 'Hello');
  expect((await chatOf(ben.who)).messageRequests.nodes).toEqual([]);
  expect((await sendMls(ada, one.conversationId, data)).userErrors).toEqual([]);
});

test('E10 E15 what all devices of everybody have is let go, and the rest after 30 days', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  await say(one, 'First');
  await say(one, 'Second');
  expect(await keptOf(one.conversationId)).toEqual([
    'COMMIT',
    'WELCOME',
    'APPLICATION',
    'APPLICATION',
  ]);
  await acknowledgeUpTo(ben, '2');
  await acknowledgeUpTo(ada, '2');
  expect(await keptOf(one.conversationId)).toEqual(['APPLICATION']);
  expect((await lettersOf(ben)).map(({ sequence }) => sequence)).toEqual(['3']);
  world.clock.advance(31 * 24 * 3600);
  await runScheduled(world, 'removeOldEnvelopes');
  expect(await keptOf(one.conversationId)).toEqual([]);
});

test('T38: a message with a term is gone from the server when it ends', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  await ada.who.graphql(
    'mutation ($id: ID!) { setDisappearingMessages(input: { conversationId: $id, seconds: 60 }) { userErrors { code } } }',
    { id: one.conversationId },
  );
  await say(one, 'Soon gone');
  world.clock.advance(61);
  await runScheduled(world, 'removeOldEnvelopes');
  expect(await keptOf(one.conversationId)).toEqual(['COMMIT', 'WELCOME']);
});

test('T12: a Welcome for a key package that was used, or never handed out, is refused', async () => {
  const [ada, ben, carl] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const add = await packagesOf(ada, carl.who);
  const [one] = await talk(ada, [ben], true);
  const people = { addMemberIds: [carl.who.actorGlobalId] };
  const first = await one.group.commit({ add });
  expect((await sendCommit(ada, one.conversationId, 1, first, people)).userErrors).toEqual([]);
  const key = Buffer.from(carl.key.publicKey).toString('hex');
  const removal = await first.next.commit({ remove: [key] });
  const gone = { removeMemberIds: [carl.who.actorGlobalId] };
  expect((await sendCommit(ada, one.conversationId, 2, removal, gone)).userErrors).toEqual([]);
  expect(await groupOf(carl, one.conversationId)).toBeNull();
  const again = await removal.next.commit({ add });
  const { userErrors } = await sendCommit(ada, one.conversationId, 3, again, people);
  expect(userErrors[0]).toMatchObject({ code: 'UNKNOWN_KEY_PACKAGE', path: ['welcome'] });
  expect(userErrors[0]!.refs).toHaveLength(1);
  expect(await groupOf(ada, one.conversationId)).toMatchObject({ epoch: 3, memberCount: 2 });
});

test('only an admin adds and removes people, and nobody lets in somebody who is not added', async () => {
  const [ada, ben, carl] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben], true);
  const theirs = await two!.group.commit({ add: await packagesOf(ben, carl.who) });
  const people = { addMemberIds: [carl.who.actorGlobalId] };
  const refused = await sendCommit(ben, one.conversationId, 1, theirs, people);
  expect(refused.userErrors[0]).toMatchObject({ code: 'FORBIDDEN', path: ['addMemberIds'] });
  expect((await sendCommit(ben, one.conversationId, 1, theirs)).userErrors[0]).toMatchObject({
    code: 'MLS_MISMATCH',
    path: ['welcome'],
  });
  const renewal = await two!.group.commit();
  const others = { removeDeviceIds: [ada.id] };
  expect(
    (await sendCommit(ben, one.conversationId, 1, renewal, others)).userErrors[0],
  ).toMatchObject({ code: 'FORBIDDEN' });
});

test('a device that lost its state comes back by itself, with the GroupInfo that is kept', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  const { groupInfo } = (await groupOf(ben, one.conversationId))!;
  const own = await makeOwnPackage(ben.uri, ben.key, world.clock.now());
  const back = await MlsGroup.joinByItself(Buffer.from(groupInfo!, 'base64'), own, true);
  const told = await sendCommit(ben, one.conversationId, 1, { commit: back.commit });
  expect(told.userErrors).toEqual([]);
  expect(told.conversation).toMatchObject({ epoch: 2, groupInfo: null });
  const letters = await lettersOf(ada);
  const { next } = await one.group.read(Buffer.from(letters.at(-1)!.ciphertext!, 'base64'));
  expect(next.authenticator).toBe(back.next.authenticator);
});

test('an admin begins the group anew, and the others come in by its first commit', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben]);
  const groupId = makeGroupId();
  const answer = await ada.who.graphql<{ resetConversation: { conversation: object } }>(
    `mutation ($input: ResetConversationInput!) { resetConversation(input: $input) {
       conversation { id epoch devices { id } } userErrors { code } } }`,
    {
      input: {
        conversationId: one.conversationId,
        deviceId: ada.id,
        mlsGroupId: groupId.toString('base64'),
      },
    },
  );
  expect(answer.data.resetConversation.conversation).toMatchObject({
    epoch: 0,
    devices: [{ id: ada.id }],
  });
  const { data } = await two!.group.write('In the old group');
  expect((await sendMls(ben, one.conversationId, data)).userErrors[0]).toMatchObject({
    code: 'MLS_MISMATCH',
  });
  const fresh = await MlsGroup.begin(groupId, ada.packages[0]!);
  const first = await fresh.commit({ add: await packagesOf(ada, ben.who) });
  expect((await sendCommit(ada, one.conversationId, 0, first)).userErrors).toEqual([]);
  const welcome = (await lettersOf(ben)).at(-1)!;
  expect((await joined(ben, welcome)).authenticator).toBe(first.next.authenticator);
});

test('whoever lost all devices is let in with a new one by any member, admin or not', async () => {
  const [ada, ben, cem] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [, bens] = await talk(ada, [ben, cem]);
  await revoke(cem.who, cem.id);
  await world.settle();
  const fresh = await equip(world, cem);
  const key = Buffer.from(cem.key.publicKey).toString('hex');
  const made = await bens!.group.commit({ add: await packagesOf(ben, cem.who), remove: [key] });
  const declared = { removeDeviceIds: [cem.id] };
  const told = await sendCommit(ben, bens!.conversationId, 1, made, declared);
  expect(told.userErrors).toEqual([]);
  const welcome = (await lettersOf(fresh)).at(-1)!;
  expect((await joined(fresh, welcome)).authenticator).toBe(made.next.authenticator);
});

test('whoever lost all devices comes back by themselves with the GroupInfo that is kept', async () => {
  const [ada, ben, cem] = (await devices(3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben, cem]);
  await revoke(cem.who, cem.id);
  await world.settle();
  const fresh = await equip(world, cem);
  const { groupInfo, isGroup } = (await groupOf(fresh, one.conversationId))!;
  expect(isGroup).toBe(true);
  const own = await makeOwnPackage(fresh.uri, fresh.key, world.clock.now());
  const back = await MlsGroup.joinByItself(Buffer.from(groupInfo!, 'base64'), own, false);
  const told = await sendCommit(fresh, one.conversationId, 1, { commit: back.commit });
  expect(told.userErrors).toEqual([]);
  const { devices: inIt, devicesToRemove } = (await groupOf(fresh, one.conversationId))!;
  expect(inIt.map(({ id }) => id)).toContain(fresh.id);
  expect(devicesToRemove).toEqual([{ id: cem.id }]);
});

test('a group that is begun anew twice at one place is begun anew', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  for (let time = 0; time < 3; time++) {
    const answer = await ada.who.graphql<object>(
      `mutation ($input: ResetConversationInput!) { resetConversation(input: $input) {
         conversation { epoch devices { id } } userErrors { code } } }`,
      {
        input: {
          conversationId: one.conversationId,
          deviceId: ada.id,
          mlsGroupId: makeGroupId().toString('base64'),
        },
      },
    );
    expect(answer.data).toEqual({
      resetConversation: { conversation: { epoch: 0, devices: [{ id: ada.id }] }, userErrors: [] },
    });
  }
});

test('E10 the largest message passes, and more than that from nobody who is not signed in', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one] = await talk(ada, [ben]);
  const { data, next } = await one.group.write('x'.repeat(250 * 1024));
  expect((await sendMls(ada, one.conversationId, data)).userErrors).toEqual([]);
  const longer = (await next.write('x'.repeat(256 * 1024))).data;
  expect((await sendMls(ada, one.conversationId, longer)).userErrors[0]).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['content', 'mls', 'data'],
  });
  const body = JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(300_000) } });
  const send = async (authorization: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization };
    return (await fetch(`${world.origin}/graphql`, { method: 'POST', headers, body })).status;
  };
  expect(await send(`Bearer ${ada.who.token}`)).toBe(200);
  expect(await send('Bearer nonsense')).toBe(413);
});

test('T22: turns to commit are given in the order of asking', async () => {
  const [ada, ben] = (await devices(2)) as [ChatDevice, ChatDevice];
  const [one, two] = await talk(ada, [ben]);
  const ask = async (device: ChatDevice): Promise<boolean> => {
    const { data } = await device.who.graphql<{
      requestCommitLease: { lease: { isHeld: boolean } };
    }>(
      `mutation ($input: RequestCommitLeaseInput!) { requestCommitLease(input: $input) { lease { isHeld until } userErrors { code } } }`,
      { input: { conversationId: one.conversationId, deviceId: device.id } },
    );
    return data.requestCommitLease.lease.isHeld;
  };
  expect(await ask(ada)).toBe(true);
  expect(await ask(ben)).toBe(false);
  const own = await one.group.commit();
  await sendCommit(ada, one.conversationId, 1, own);
  expect(await ask(ada)).toBe(false);
  expect(await ask(ben)).toBe(true);
  const { commit } = (await lettersOf(ben)).reduce(
    (_found, letter) => ({ commit: letter.ciphertext! }),
    { commit: '' },
  );
  const { next } = await two!.group.read(Buffer.from(commit, 'base64'));
  expect(next.epoch).toBe(2);
  world.clock.advance(2);
  expect(await ask(ada)).toBe(true);
});
