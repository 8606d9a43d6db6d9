// For whom what is written is: kept beside the conversation, and never older than the group is.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PLACING } from '../../src/chat/internal/placing-routine.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { arrange } from '../support/chat.js';
import {
  equippedPeople,
  hear,
  invite,
  lettersOf,
  mailboxOf,
  say,
  sendMls,
  talk,
  type ChatDevice,
  type Seat,
} from '../support/encrypted-chat.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const innerId = (id: string): string => parseGlobalId(id)!.id;

async function ask<Row>(text: string, ...values: readonly unknown[]): Promise<Row[]> {
  return (await world.services.database.pool.query(text, [...values])).rows as Row[];
}

/** Devices that are known to be there; null = it would have to be found out. */
async function knownOf({ conversationId }: Seat): Promise<string[] | null> {
  const [row] = await ask<{ ids: string[] }>(
    'select device_ids as ids from conversation_audiences where conversation_id = $1',
    innerId(conversationId),
  );
  return row?.ids.toSorted() ?? null;
}

const idsOf = (...devices: readonly ChatDevice[]): string[] =>
  devices.map(({ id }) => innerId(id)).toSorted();

/** Texts that came for a device in a conversation. */
async function heard(seat: Seat): Promise<(string | null)[]> {
  const letters = await lettersOf(seat.device);
  return hear(
    seat,
    letters.filter(
      ({ conversationId, epoch }) =>
        conversationId === seat.conversationId && epoch === seat.group.epoch,
    ),
  );
}

test('whoever comes gets what is written from then on, and whoever has left nothing more', async () => {
  const [ada, ben, cat, dan] = (await equippedPeople(world, 4)) as [
    ChatDevice,
    ChatDevice,
    ChatDevice,
    ChatDevice,
  ];
  const [seat, bens] = (await talk(ada, [ben, cat])) as [Seat, Seat];
  await say(seat, 'One');
  expect(await knownOf(seat)).toEqual(idsOf(ada, ben, cat));
  expect(await heard(bens)).toEqual(['One']);
  const [dans] = (await invite(seat, [dan], [dan.who.actorGlobalId])) as [Seat];
  expect(await knownOf(seat)).toBeNull();
  await say(seat, 'Two');
  expect(await knownOf(seat)).toEqual(idsOf(ada, ben, cat, dan));
  expect(await heard(dans)).toEqual(['Two']);
  const { headPosition } = (await mailboxOf(cat))!;
  await cat.who.graphql(
    'mutation ($id: ID!) { leaveConversation(input: { conversationId: $id }) { userErrors { code } } }',
    { id: seat.conversationId },
  );
  expect(await knownOf(seat)).toBeNull();
  const three = await say(seat, 'Three');
  expect(await knownOf(seat)).toEqual(idsOf(ada, ben, dan));
  expect((await mailboxOf(cat))!.headPosition).toBe(headPosition);
  expect((await lettersOf(dan)).at(-1)).toEqual(three);
});

test('what was lost is found out by who misses it, also among others', async () => {
  const [ada, ben, cat] = (await equippedPeople(world, 3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one, bens] = (await talk(ada, [ben])) as [Seat, Seat];
  const [other] = await talk(ada, [cat]);
  await say(one, 'Here');
  await say(other, 'There');
  await ask(
    'delete from conversation_audiences where conversation_id = $1',
    innerId(one.conversationId),
  );
  await Promise.all([say(one, 'Here again'), say(other, 'There again')]);
  expect(await knownOf(one)).toEqual(idsOf(ada, ben));
  expect(await heard(bens)).toEqual(['Here', 'Here again']);
});

test('nobody is refused when the routine has gone: another version has come meanwhile', async () => {
  const [ada, ben, cat] = (await equippedPeople(world, 3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one, bens] = (await talk(ada, [ben])) as [Seat, Seat];
  const [other] = await talk(ada, [cat]);
  await say(one, 'Before');
  await ask(`drop function ${PLACING.name}`);
  const sealed = await one.group.write('After');
  const answers = await Promise.all([
    sendMls(ada, one.conversationId, sealed.data),
    say(other, 'And here'),
  ]);
  expect(answers[0].userErrors).toEqual([]);
  expect(await heard(bens)).toEqual(['Before', 'After']);
});

test('what is written brings back what others have put away, and moves what stood far behind', async () => {
  const [ada, ben, cat] = (await equippedPeople(world, 3)) as [ChatDevice, ChatDevice, ChatDevice];
  const [one] = (await talk(ada, [ben])) as [Seat, Seat];
  const [two] = await talk(ada, [cat]);
  await say(one, 'One');
  await say(two, 'Two');
  await arrange(ben.who, one.conversationId, { archived: true });
  const long = '01800000-0000-7000-8000-000000000000';
  await ask(
    'update conversations set position = $2 where id = $1',
    innerId(two.conversationId),
    long,
  );
  await ask(
    'update conversation_members set position = $2 where conversation_id = $1',
    innerId(two.conversationId),
    long,
  );
  const [, last] = await Promise.all([say(one, 'Back'), say(two, 'At last')]);
  const stands = (seat: Seat): Promise<object[]> =>
    ask(
      `select is_archived as "isArchived", position from conversation_members where conversation_id = $1 and actor_id <> $2`,
      innerId(seat.conversationId),
      innerId(ada.who.actorGlobalId),
    );
  expect(await stands(one)).toMatchObject([{ isArchived: false }]);
  expect(await stands(two)).toEqual([{ isArchived: false, position: innerId(last.id) }]);
  await arrange(ben.who, one.conversationId, { archived: true, muted: true });
  await say(one, 'Unheard');
  expect(await stands(one)).toMatchObject([{ isArchived: true }]);
});
