// Two servers of ours and an encrypted conversation between their people, over HTTP with signatures: one is the hub.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  begin,
  equipped,
  groupOf,
  hear,
  joined,
  lettersOf,
  packagesOf,
  say,
  sendCommit,
  type ChatDevice,
  type Seat,
} from '../support/encrypted-chat.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { makeGroupId, MlsGroup } from '../support/mls.js';
import { runScheduled } from '../support/scheduled.js';
import type { World } from '../support/world.js';

let network: FederatedNetwork;
let a: World;
let b: World;

beforeAll(async () => {
  network = openNetwork();
  a = await network.join('a.example');
  b = await network.join('b.example');
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

interface Pair {
  readonly ada: ChatDevice;
  readonly ben: ChatDevice;
  readonly adas: Seat;
  readonly bens: Seat;
}

/** Ada of a begins with ben of b, who comes in by his Welcome. */
async function pair(number: number): Promise<Pair> {
  const ada = await equipped(a, await a.local(`ada${number}`));
  const ben = await equipped(b, await b.local(`ben${number}`));
  const benHere = { ...ben.who, actorGlobalId: await meet(ada.who, `ben${number}@b.example`) };
  const groupId = makeGroupId();
  const { conversation, userErrors } = await begin(ada, groupId, [benHere]);
  expect(userErrors).toEqual([]);
  const group = await MlsGroup.begin(groupId, ada.packages[0]!);
  const made = await group.commit({ add: await packagesOf(ada, benHere) });
  const told = await sendCommit(ada, conversation!.id, 0, made);
  expect(told.userErrors).toEqual([]);
  await network.settle();
  const welcome = (await lettersOf(ben)).find(({ kind }) => kind === 'WELCOME');
  const bens = await joined(ben, welcome!);
  return {
    ada,
    ben,
    adas: { device: ada, conversationId: conversation!.id, group: made.next },
    bens: { device: ben, conversationId: welcome!.conversationId, group: bens },
  };
}

test('people of two servers talk: each message once, in the order of the hub, on both', async () => {
  const { ada, ben, adas, bens } = await pair(1);
  expect(await groupOf(ben, bens.conversationId)).toMatchObject({ epoch: 1, memberCount: 2 });
  await say(adas, 'Hello over there');
  await network.settle();
  const first = (await lettersOf(ben)).filter(({ kind }) => kind !== 'WELCOME');
  expect(await hear(bens, first)).toEqual(['Hello over there']);
  await say(bens, 'Hello back');
  await say(bens, 'And again');
  await network.settle();
  const letters = (await lettersOf(ada)).filter(({ kind }) => kind === 'APPLICATION');
  expect(letters.map(({ sequence }) => sequence)).toEqual(['2', '3', '4']);
  expect(await hear(adas, letters.slice(1))).toEqual(['Hello back', 'And again']);
  const own = (await lettersOf(ben)).filter(({ kind }) => kind === 'APPLICATION');
  expect(own.map(({ ciphertext }) => ciphertext)).toEqual(
    letters.map(({ ciphertext }) => ciphertext),
  );
});

test('two who commit at once on two servers: one wins, and both end in the same epoch', async () => {
  const { ada, ben, adas, bens } = await pair(2);
  const [here, there] = await Promise.all([adas.group.commit(), bens.group.commit()]);
  const [one, two] = await Promise.all([
    sendCommit(ada, adas.conversationId, 1, here),
    sendCommit(ben, bens.conversationId, 1, there),
  ]);
  const codes = [one, two].map(({ userErrors }) => userErrors[0]?.code ?? 'WON');
  expect(codes.toSorted()).toEqual(['STALE_EPOCH', 'WON']);
  await network.settle();
  const [won, lost] = codes[0] === 'WON' ? [adas, bens] : [bens, adas];
  won.group = (won === adas ? here : there).next;
  const commits = (await lettersOf(lost.device)).filter(({ kind }) => kind === 'COMMIT');
  await hear(lost, commits.slice(-1));
  expect(lost.group.authenticator).toBe(won.group.authenticator);
});

/** Begins the group of a conversation anew, or sets its term. */
function govern(device: ChatDevice, name: string, input: object): Promise<object> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return device.who.graphql(
    `mutation ($input: ${type}!) { ${name}(input: $input) { conversation { epoch disappearingSeconds } userErrors { code } } }`,
    { input },
  );
}

test('a group that somebody begins anew on the server that does not order it goes on on both', async () => {
  const { ada, ben, adas, bens } = await pair(3);
  const groupId = makeGroupId();
  const { conversationId } = bens;
  const mlsGroupId = groupId.toString('base64');
  expect(
    await govern(ben, 'resetConversation', { conversationId, deviceId: ben.id, mlsGroupId }),
  ).toMatchObject({ data: { resetConversation: { conversation: { epoch: 0 }, userErrors: [] } } });
  await network.settle();
  expect((await groupOf(ada, adas.conversationId))!.devices).toHaveLength(1);
  const adaThere = { ...ada.who, actorGlobalId: await meet(ben.who, 'ada3@a.example') };
  const fresh = await MlsGroup.begin(groupId, ben.packages[0]!);
  const made = await fresh.commit({ add: await packagesOf(ben, adaThere) });
  expect((await sendCommit(ben, conversationId, 0, made)).userErrors).toEqual([]);
  bens.group = made.next;
  await network.settle();
  adas.group = await joined(
    ada,
    (await lettersOf(ada)).findLast(({ kind }) => kind === 'WELCOME')!,
  );
  await say(bens, 'Anew');
  await network.settle();
  expect(await hear(adas, (await lettersOf(ada)).slice(-1))).toEqual(['Anew']);
  await say(adas, 'As before');
  await network.settle();
  expect(await hear(bens, (await lettersOf(ben)).slice(-1))).toEqual(['As before']);
});

test('T38: what is to disappear disappears from both servers', async () => {
  const { ada, ben, adas, bens } = await pair(4);
  const term = { conversationId: bens.conversationId, seconds: 60 };
  expect(await govern(ben, 'setDisappearingMessages', term)).toMatchObject({
    data: {
      setDisappearingMessages: { conversation: { disappearingSeconds: 60 }, userErrors: [] },
    },
  });
  await network.settle();
  expect(await groupOf(ada, adas.conversationId)).toMatchObject({ disappearingSeconds: 60 });
  await say(adas, 'Soon gone');
  await network.settle();
  await hear(bens, (await lettersOf(ben)).slice(-1));
  await say(bens, 'Soon gone, too');
  await network.settle();
  const kept = async (device: ChatDevice): Promise<string[]> =>
    (await lettersOf(device))
      .filter(({ kind }) => kind === 'APPLICATION')
      .map(({ expiresAt }) => typeof expiresAt);
  expect([await kept(ada), await kept(ben)]).toEqual([
    ['string', 'string'],
    ['string', 'string'],
  ]);
  for (const server of [a, b]) {
    server.clock.advance(61);
    await runScheduled(server, 'removeOldEnvelopes');
  }
  expect([await kept(ada), await kept(ben)]).toEqual([[], []]);
});
