// Encrypted groups at their largest: whoever would be one too many is refused, and nothing of that try stays.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { newId, parseGlobalId, toGlobalId } from '../../src/platform/ids.js';
import { statement } from '../../src/platform/db/database.js';
import {
  begin,
  equip,
  equippedPeople,
  groupOf,
  packagesOf,
  sendCommit,
  talk,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { makeGroupId } from '../support/mls.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const FILL = statement(
  'test.fill_group',
  `insert into conversation_devices (conversation_id, device_id, actor_id, joined_sequence, joined_epoch)
   select $1, gen_random_uuid(), $2, 1, 1 from generate_series(1, $3::int)`,
);
const COUNT = statement(
  'test.count_group',
  `select count(*)::int as devices from conversation_devices where conversation_id = $1 and removed_epoch is null`,
);
const MEMBERSHIPS = statement(
  'test.memberships',
  'select count(*)::int as count from conversation_members where actor_id = $1',
);
const JOIN_MANY = statement(
  'test.join_many',
  `insert into conversation_members (conversation_id, actor_id, joined_at, is_request, has_begun, position)
   select $1, unnest($2::uuid[]), now(), false, false, gen_random_uuid()`,
);
const LEAVE = statement(
  'test.largest_groups.leave',
  'delete from conversation_members where conversation_id = $1 and actor_id = $2',
);

/** People who are known here by their rows alone: as many as nobody registers one by one. */
async function strangers(count: number): Promise<ActorId[]> {
  const ids = Array.from({ length: count }, () => newId<'actor'>(world.clock.now()));
  await world.services.database.rows(
    statement(
      'test.strangers',
      `insert into actors (id, username, uri, url, joined_at, updated_at)
       select id, 'many_' || n, 'https://many.example/' || n, 'https://many.example/@' || n, now(), now()
       from unnest($1::uuid[]) with ordinality as one(id, n)`,
    ),
    [ids],
  );
  return ids;
}

const membershipsOf = async ({ actorId }: Person): Promise<number> =>
  (await world.services.database.row<{ count: number }>(MEMBERSHIPS, [actorId]))!.count;

const devicesIn = async (id: string): Promise<number> =>
  (await world.services.database.row<{ devices: number }>(COUNT, [id]))!.devices;

test('E10 a group has 1,000 devices at most: with the 1,001st nobody of the same commit comes in', async () => {
  const [ada, ben, carl] = (await equippedPeople(world, 3)) as [ChatDevice, ChatDevice, ChatDevice];
  await equip(world, carl);
  const [one] = await talk(ada, [ben], true);
  const { id } = parseGlobalId(one.conversationId)!;
  await world.services.database.rows(FILL, [id, ben.who.actorId, 997]);
  expect(await devicesIn(id)).toBe(999);

  const [first, second] = (await packagesOf(ada, carl.who)) as [Buffer, Buffer];
  const people = { addMemberIds: [carl.who.actorGlobalId] };
  const both = await one.group.commit({ add: [first, second] });
  expect((await sendCommit(ada, one.conversationId, 1, both, people)).userErrors).toEqual([
    expect.objectContaining({ code: 'LIMIT_EXCEEDED', path: ['welcome'] }),
  ]);
  expect(await groupOf(ada, one.conversationId)).toMatchObject({ epoch: 1, memberCount: 2 });
  expect(await devicesIn(id)).toBe(999);

  // The key package that the refused commit named is still good for one that fits.
  const fitting = await one.group.commit({ add: [first] });
  expect((await sendCommit(ada, one.conversationId, 1, fitting, people)).userErrors).toEqual([]);
  expect(await devicesIn(id)).toBe(1000);
  const further = await fitting.next.commit({ add: [second] });
  expect((await sendCommit(ada, one.conversationId, 2, further)).userErrors[0]).toMatchObject({
    code: 'LIMIT_EXCEEDED',
  });
  expect(await groupOf(ada, one.conversationId)).toMatchObject({ epoch: 2, memberCount: 3 });
});

test('E10 nobody begins a group of 251 people, adds the 251st, or is even heard with 1,001', async () => {
  const [ada, ben, carl] = (await equippedPeople(world, 3)) as [ChatDevice, ChatDevice, ChatDevice];
  const many = await strangers(250);
  const named = many.map((id) => ({ actorGlobalId: toGlobalId('actor', id) }) as Person);
  expect(await begin(ada, makeGroupId(), named, true)).toMatchObject({
    conversation: null,
    userErrors: [
      { code: 'INVALID_INPUT', path: ['memberIds'], constraint: 'MAX_ITEMS', limit: '249' },
    ],
  });
  const thousand = [named, named, named, named].flat();
  await expect(begin(ada, makeGroupId(), thousand, true)).rejects.toThrow('maxListItems');
  expect(await membershipsOf(ada.who)).toBe(0);

  const [one] = await talk(ada, [ben], true);
  const { id } = parseGlobalId(one.conversationId)!;
  await world.services.database.rows(JOIN_MANY, [id, many.slice(0, 248)]);
  const made = await one.group.commit({ add: await packagesOf(ada, carl.who) });
  const people = { addMemberIds: [carl.who.actorGlobalId] };
  expect((await sendCommit(ada, one.conversationId, 1, made, people)).userErrors).toEqual([
    expect.objectContaining({ code: 'LIMIT_EXCEEDED', path: ['addMemberIds'] }),
  ]);
  expect(await membershipsOf(carl.who)).toBe(0);
  await world.services.database.rows(LEAVE, [id, many[0]]);
  expect((await sendCommit(ada, one.conversationId, 1, made, people)).userErrors).toEqual([]);
  expect(await membershipsOf(carl.who)).toBe(1);
});
