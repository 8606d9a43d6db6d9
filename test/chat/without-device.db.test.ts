// Beginning an encrypted conversation takes people who have a device that could be let in.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, parseGlobalId, toGlobalId } from '../../src/platform/ids.js';
import { addDevice, chatter, revoke } from '../support/chat-devices.js';
import { begin, equip, equipped, talk, type ChatDevice } from '../support/encrypted-chat.js';
import { makeGroupId } from '../support/mls.js';
import { block } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: ChatDevice;

beforeAll(async () => {
  world = await startWorld();
  ada = await equipped(world, await world.local('ada'));
});

afterAll(() => world[Symbol.asyncDispose]());

/** What beginning with these people says; they need not be there. */
async function beginWith(...others: readonly Pick<Person, 'actorGlobalId'>[]) {
  const told = await begin(ada, makeGroupId(), others as readonly Person[], true);
  return told.conversation ? 'BEGUN' : told.userErrors.map(({ code, path }) => ({ code, path }));
}

const without = (index: number) => [{ code: 'NO_CHAT_DEVICE', path: ['memberIds', String(index)] }];

test('whoever has no device, or none with a key package, is named, and nothing is begun', async () => {
  const [ben, cleo] = [await world.local('ben'), await world.local('cleo')];
  const friend = await equipped(world, await world.local('friend'));
  expect(await beginWith(ben)).toEqual(without(0));
  expect(await beginWith(friend.who, ben)).toEqual(without(1));
  const own = await chatter(cleo);
  const device = await addDevice(own, world.clock.now());
  expect(await beginWith(cleo)).toEqual(without(0));
  await revoke(cleo, device.id);
  await equip(world, own, 1);
  expect(await beginWith(friend.who, cleo)).toBe('BEGUN');
  const begun = await ada.who.graphql<{
    viewer: { chat: { conversations: { nodes: readonly { memberCount: number }[] } } };
  }>('{ viewer { chat { conversations(first: 9) { nodes { memberCount } } } } }');
  expect(begun.data.viewer.chat.conversations.nodes).toEqual([{ memberCount: 3 }]);
});

const OUTLIVE = statement(
  'test.outlive_last_resort',
  `update chat_key_packages set expires_at = $2 where device_id = $1 and is_last_resort`,
);

test('who begins needs no key package, and a device that has one but no last resort is one', async () => {
  const own = await chatter(await world.local('kim'));
  const kims = await addDevice(own, world.clock.now());
  const kim = { ...ada, who: own.who, id: kims.id };
  const friend = await equipped(world, await world.local('lou'));
  await world.services.database.rows(OUTLIVE, [parseGlobalId(friend.id)!.id, new Date(0)]);
  const told = await begin(kim, makeGroupId(), [friend.who, own.who], true);
  expect(told.userErrors).toEqual([]);
});

test('whoever has sent all devices away is nobody to begin with, and a conversation with them is found', async () => {
  const [dan, eve] = [
    await equipped(world, await world.local('dan')),
    await equipped(world, await world.local('eve')),
  ];
  const [{ conversationId }] = await talk(ada, [dan]);
  for (const { who, id } of [dan, eve]) await revoke(who, id);
  expect(await beginWith(eve.who)).toEqual(without(0));
  const again = await begin(ada, makeGroupId(), [dan.who]);
  expect(again.userErrors).toMatchObject([{ code: 'ALREADY_EXISTS', conversationId }]);
});

test('of whom a block hides nobody learns whether they chat', async () => {
  const [fay, gus] = [await equipped(world, await world.local('fay')), await world.local('gus')];
  for (const who of [fay.who, gus]) await block(world, who, ada.who);
  const blocked = [{ code: 'BLOCKED', path: ['memberIds', '0'] }];
  for (const who of [fay.who, gus]) expect(await beginWith(who)).toEqual(blocked);
  const nobody = toGlobalId('actor', newId(world.clock.now()));
  expect(await beginWith({ actorGlobalId: nobody })).toEqual([
    { code: 'NOT_FOUND', path: ['memberIds', '0'] },
  ]);
});

const KNOW = statement(
  'test.know_remote',
  `insert into remote_actors (actor_id, host, inbox_url, key_id, public_key_pem, fetched_at, key_packages_uri)
   values ($1, 'b.example', 'https://b.example/inbox', $3, '', now(), $2)`,
);
const ASKED = statement(
  'test.asked_remote',
  'insert into remote_key_lists (actor_id, tried_at, asked_at) values ($1, now(), now())',
);

/** Somebody of another server. */
async function remote(username: string, keyPackages: string | null): Promise<string> {
  const now = world.clock.now();
  const id = newId<'actor'>(now);
  const uri = `https://b.example/users/${username}`;
  await world.services.database.transaction(async (tx) => {
    const known = { username, domain: 'b.example', uri, url: uri };
    tx.em.create(Actor, { id, ...known, joinedAt: now, updatedAt: now });
  });
  await world.services.database.rows(KNOW, [id, keyPackages, `${uri}#key`]);
  return toGlobalId('actor', id);
}

test('of people of other servers as far as these have said: that they know no keys, or showed none', async () => {
  const mastodon = await remote('hal', null);
  expect(await beginWith({ actorGlobalId: mastodon })).toEqual(without(0));
  const ida = await remote('ida', 'https://b.example/users/ida/keys');
  expect(await beginWith({ actorGlobalId: ida })).toBe('BEGUN');
  await world.services.database.rows(ASKED, [parseGlobalId(ida)!.id]);
  expect(await beginWith({ actorGlobalId: ida })).toEqual(without(0));
});
