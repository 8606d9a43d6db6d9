// A stranger lets somebody into a group full of names: of people whom there are not, and of others with devices that are not theirs.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import {
  begin,
  equipped,
  equippedPeople,
  packagesOf,
  sendCommit,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { newKey } from '../support/key-packages.js';
import { makeGroupId, makeOwnPackage, MlsGroup } from '../support/mls.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

/** What a stranger has begun. */
interface Crowd {
  readonly stranger: ChatDevice;
  readonly conversationId: string;
  readonly group: MlsGroup;
}

/** Leaves with these names and keys of nobody. */
const leavesOf = (names: readonly string[]): Promise<Buffer[]> =>
  Promise.all(names.map(async (name) => (await makeOwnPackage(name, await newKey())).bytes));

const nobodies = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `https://a.example/actors/${from + at}`);

/** A stranger lets somebody into a group that has leaves with these names. */
async function crowdAround(username: string, names: readonly string[]): Promise<Crowd> {
  const stranger = await equipped(world, await world.local(`${username}s_stranger`));
  const them = await world.local(username);
  const groupId = makeGroupId();
  const { conversation } = await begin(stranger, groupId, [them]);
  const conversationId = conversation!.id;
  const group = await MlsGroup.begin(groupId, stranger.packages[0]!);
  const { commit, next } = await group.commit({ add: await leavesOf(names) });
  expect((await sendCommit(stranger, conversationId, 0, { commit })).userErrors).toEqual([]);
  const made = await next.commit({ add: await packagesOf(stranger, them) });
  expect((await sendCommit(stranger, conversationId, 1, made)).userErrors).toEqual([]);
  return { stranger, conversationId, group: made.next };
}

async function spentBy(username: string, work: () => Promise<void>): Promise<number> {
  const who = await world.local(username);
  const spent = async (): Promise<number> =>
    (await who.graphql<{ rateLimit: { used: number } }>('{ rateLimit { used } }')).data.rateLimit
      .used;
  const before = await spent();
  await work();
  return (await spent()) - before;
}

/** What is doubtful in the first conversation. */
const doubtsOf = (chat: Chat): readonly string[] =>
  chat.conversations()[0]!.doubts.map(({ reason }) => reason);

test('names in a request cost who gets it next to nothing, however many there are', async () => {
  const ada = await deviceOf(world, 'ada');
  const { stranger, conversationId, group } = await crowdAround('ada', nobodies(0, 120));
  expect(await spentBy('ada', () => ada.synchronise())).toBeLessThan(1000);
  expect(doubtsOf(ada)).toEqual(Array.from({ length: 120 }, () => 'unknown'));
  const { commit } = await group.commit({ add: await leavesOf(nobodies(120, 100)) });
  expect((await sendCommit(stranger, conversationId, 2, { commit })).userErrors).toEqual([]);
  expect(await spentBy('ada', () => ada.synchronise())).toBeLessThan(1000);
  expect(doubtsOf(ada)).toHaveLength(220);
  expect(await spentBy('ada', () => ada.maintain())).toBeLessThan(3000);
  await expect(ada.sendText(conversationId, 'hello')).rejects.toThrow('Not trusted');
});

test('T13: keys are watched all the same, be they those of nobody or ones that never fit', async () => {
  const ben = await deviceOf(world, 'ben');
  const people = await equippedPeople(world, 31, false);
  await crowdAround('ben', [...nobodies(0, 31), ...people.map(({ uri }) => uri)]);
  await ben.synchronise();
  const known = people.map(({ uri }) => uri);
  await ben.people.doubtsOf(
    known.map((identity, leaf) => ({ leaf, identity, signatureKey: new Uint8Array(32) })),
    null,
  );
  const cem = await deviceOf(world, 'cem');
  const id = await cem.openDirect('ben');
  await cem.sendText(id, 'hello');
  await ben.synchronise();
  expect(textsOf(ben, id)).toEqual(['cem: hello']);
  await ben.keyLog.check();
  const now = new Date();
  const looks = [0, 16].map((minutes) => new Date(now.getTime() + minutes * 60_000));
  for (const look of looks) await ben.peerLogs.check(look);
  expect(ben.peerLogs.standingOf(known[0]!)).toBe('suspect');
  expect(ben.peerLogs.standingOf(cem.self.actorUri)).toBe('logged');
});
