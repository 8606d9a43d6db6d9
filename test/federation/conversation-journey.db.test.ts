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
