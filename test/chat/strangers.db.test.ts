// How many strangers somebody of this server may write to in a day, encrypted or not.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { STRANGERS_A_DAY } from '../../src/chat/internal/require-few-strangers.js';
import { converse } from '../support/chat.js';
import {
  begin,
  equipped,
  invite,
  packagesOf,
  sendCommit,
  talk,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { makeGroupId } from '../support/mls.js';
import { follow } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let [ben, cleo, friend]: Person[] = [];

beforeAll(async () => {
  world = await startWorld();
});

let round = 0;

/** Somebody who has one stranger left for today. */
beforeEach(async () => {
  round += 1;
  ada = await world.local(`ada${round}`);
  [ben, cleo, friend] = await Promise.all(
    ['ben', 'cleo', 'friend'].map((name) => world.local(`${name}${round}`)),
  );
  await follow(world, friend!, ada);
  await world.services.rateLimiter.charge(STRANGERS_A_DAY, ada.accountId, 59);
});

afterAll(() => world[Symbol.asyncDispose]());

const TOO_MANY = [expect.objectContaining({ code: 'RATE_LIMITED' })];
const device = (who: Person): Promise<ChatDevice> => equipped(world, who);
const talkTo = async (...others: readonly (Person | undefined)[]) =>
  (await converse(ada, ...others.map((other) => other!.actorGlobalId))).userErrors;

test('E11 conversations: each stranger counts once, and whoever follows or has begun does not count', async () => {
  expect(await talkTo(ben, friend)).toEqual([]);
  expect(await talkTo(ben)).toEqual([]);
  expect(await talkTo(cleo)).toEqual(TOO_MANY);
  expect(await talkTo(friend, cleo)).toEqual(TOO_MANY);
  expect(await talkTo(friend)).toEqual([]);
  expect((await converse(cleo!, ada.actorGlobalId)).userErrors).toEqual([]);
  expect(await talkTo(cleo)).toEqual([]);
});

test('E11 encrypted ones, with which they count together, and whom a commit lets in', async () => {
  const [own, of] = [await device(ada), await Promise.all([ben!, cleo!, friend!].map(device))];
  const [seat] = await talk(own, [of[2]!], true);
  await invite(seat, [of[0]!], [ben!.actorGlobalId]);
  const { userErrors } = await begin(own, makeGroupId(), [cleo!]);
  expect(userErrors).toEqual(TOO_MANY);
  expect(await talkTo(cleo)).toEqual(TOO_MANY);
  const made = await seat.group.commit({ add: await packagesOf(own, cleo!) });
  const told = await sendCommit(own, seat.conversationId, seat.group.epoch, made, {
    addMemberIds: [cleo!.actorGlobalId],
  });
  expect(told.userErrors).toEqual(TOO_MANY);
});
