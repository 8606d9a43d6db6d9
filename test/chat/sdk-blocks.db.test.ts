// Groups in which a block stands between two: they read on, and know whose devices are in there.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block } from '../support/posts.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const KEYS = `query ($id: ID!, $uri: String!) { node(id: $id) { ... on Conversation {
  memberKeys(actorUri: $uri) { identityVersion devices { signatureKey attestation } } } } }`;

test('T31: a block between two of a group breaks nothing, and makes nobody doubtful', async () => {
  const [eva, fay, gil] = [
    await deviceOf(world, 'eva'),
    await deviceOf(world, 'fay'),
    await deviceOf(world, 'gil'),
  ];
  await block(world, await world.local('gil'), await world.local('fay'));
  const id = await eva.createGroup(['fay', 'gil'], 'Kites');
  for (const chat of [fay, gil]) await chat.synchronise();
  for (const chat of [fay, gil]) expect(chat.conversations()[0]!.doubts).toEqual([]);
  await fay.sendText(id, 'from fay');
  await gil.synchronise();
  await gil.renewKeys(id);
  await gil.sendText(id, 'from gil');
  for (const chat of [eva, fay, gil]) {
    await chat.synchronise();
    expect(textsOf(chat, id)).toEqual(['fay: from fay', 'gil: from gil']);
  }
  expect(new Set([eva, fay, gil].map((chat) => chat.groupCode(id))).size).toBe(1);
});

test('keys of a member are told to members alone, and of members alone', async () => {
  const [hal, ida, joe] = [
    await deviceOf(world, 'hal'),
    await deviceOf(world, 'ida'),
    await deviceOf(world, 'joe'),
  ];
  const id = await hal.openDirect('ida');
  const keysOf = async (username: string, uri: string): Promise<object | null> => {
    const person = await world.local(username);
    const { data } = await person.graphql<{ node: { memberKeys: object | null } | null }>(KEYS, {
      id,
      uri,
    });
    return data.node?.memberKeys ?? null;
  };
  expect(await keysOf('ida', hal.self.actorUri)).toMatchObject({ devices: [{}] });
  expect(await keysOf('ida', joe.self.actorUri)).toBeNull();
  expect(await keysOf('ida', 'nobody at all')).toBeNull();
  expect(await keysOf('joe', hal.self.actorUri)).toBeNull();
  expect(ida.conversations()).toEqual([]);
});
