// What many write at once is placed together: each has its own answer, and nobody waits for, or fails with, another one.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseGlobalId } from '../../src/platform/ids.js';
import {
  equip,
  equippedPeople,
  groupOf,
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

/** One begins a conversation with each of the others. */
async function conversations(count: number): Promise<readonly (readonly [Seat, Seat])[]> {
  const [one, ...others] = (await equippedPeople(world, count + 1)) as [
    ChatDevice,
    ...ChatDevice[],
  ];
  const pairs: (readonly [Seat, Seat])[] = [];
  for (const other of others)
    pairs.push((await talk(one, [other])) as readonly Seat[] as readonly [Seat, Seat]);
  return pairs;
}

async function written(seat: Seat, text: string): Promise<Buffer> {
  const { data, next } = await seat.group.write(text);
  seat.group = next;
  return data;
}

test('of many that come at once each is placed or refused for itself, and mailboxes have no gaps', async () => {
  const pairs = await conversations(4);
  const [[ada, ben], [, cat], [, dan]] = pairs as [[Seat, Seat], [Seat, Seat], [Seat, Seat]];
  const first = await Promise.all(pairs.map(([seat]) => written(seat, 'One')));
  const second = await Promise.all(pairs.map(([seat]) => written(seat, 'Two')));
  const shared = randomUUID();
  const before = await mailboxOf(ada.device);
  const answers = await Promise.all([
    ...pairs.map(([{ device, conversationId }], index) =>
      sendMls(device, conversationId, first[index]!),
    ),
    ...pairs.map(([{ device, conversationId }], index) =>
      sendMls(device, conversationId, second[index]!, index < 2 ? shared : randomUUID()),
    ),
    sendMls(ben.device, ben.conversationId, await written(cat, 'Elsewhere')),
    sendMls({ ...cat.device, id: dan.device.id }, cat.conversationId, await written(cat, 'Not me')),
    sendMls(dan.device, ben.conversationId, await written(dan, 'Not mine')),
  ]);
  const codes = answers.map(({ userErrors }) => userErrors[0]?.code ?? null);
  expect(codes.slice(0, 4)).toEqual([null, null, null, null]);
  expect(codes.slice(4, 6).toSorted()).toEqual(['IDEMPOTENCY_KEY_REUSED', null]);
  expect(codes.slice(6)).toEqual([null, null, 'MLS_MISMATCH', 'NOT_FOUND', 'NOT_FOUND']);
  const { entries, headPosition } = (await mailboxOf(ada.device, before!.headPosition))!;
  const from = Number(before!.headPosition);
  expect(entries.map(({ position }) => Number(position))).toEqual(
    Array.from({ length: 7 }, (_, index) => from + 1 + index),
  );
  expect(headPosition).toBe(String(from + 7));
  for (const { message } of answers.slice(0, 8)) {
    if (!message) continue;
    const kept = entries.find((entry) => entry.message?.id === message.id)!;
    expect(kept.message).toEqual(message);
  }
});

test('many of one conversation have places one after the other, for every device', async () => {
  const [[ada, ben]] = (await conversations(1)) as [[Seat, Seat]];
  const tablet = await equip(world, ada.device);
  const texts = Array.from({ length: 12 }, (_, index) => `No. ${index}`);
  const sealed: Buffer[] = [];
  for (const text of texts) sealed.push(await written(ada, text));
  const answers = await Promise.all(
    sealed.map((data) => sendMls(ada.device, ada.conversationId, data)),
  );
  const places = answers.map(({ message }) => Number(message!.sequence));
  expect(places.toSorted((a, b) => a - b)).toEqual(sealed.map((_, index) => index + 2));
  const letters = (await lettersOf(ben.device)).filter(({ kind }) => kind === 'APPLICATION');
  expect(letters.map(({ sequence }) => Number(sequence))).toEqual(places.toSorted((a, b) => a - b));
  expect(await lettersOf(tablet)).toEqual([]);
});

test('whoever writes where somebody changes something waits, and all others do not', async () => {
  const [[ada], [other]] = (await conversations(2)) as [[Seat, Seat], [Seat, Seat]];
  const client = await world.services.database.pool.connect();
  try {
    await client.query('begin');
    await client.query('select from conversations where id = $1 for update', [
      innerId(ada.conversationId),
    ]);
    let isAnswered = false;
    const data = await written(ada, 'Waits');
    const waiting = sendMls(ada.device, ada.conversationId, data).finally(() => {
      isAnswered = true;
    });
    await say(other, 'Does not');
    await say(other, 'Does not either');
    expect(isAnswered).toBe(false);
    await client.query('update conversations set epoch = epoch + 3 where id = $1', [
      innerId(ada.conversationId),
    ]);
    await client.query('commit');
    expect((await waiting).userErrors).toMatchObject([{ code: 'EPOCH_TOO_OLD' }]);
    expect((await groupOf(ada.device, ada.conversationId))!.epoch).toBe(4);
  } finally {
    client.release();
  }
});

test('what makes the statement of many fail fails it for nobody else', async () => {
  const [[ada, ben], [other]] = (await conversations(2)) as [[Seat, Seat], [Seat, Seat]];
  const clientId = randomUUID();
  const client = await world.services.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into chat_messages (id, conversation_id, sequence, sender_id, uri, content_html, client_message_id, sent_at, kind)
       values ($1::uuid, $2, 99, $3, $1::text, '', $4, now(), 'APPLICATION')`,
      [
        randomUUID(),
        innerId(other.conversationId),
        innerId(ada.device.who.actorGlobalId),
        clientId,
      ],
    );
    const mine = await written(ada, 'Used');
    const theirs = await written(ben, 'Fine');
    const used = sendMls(ada.device, ada.conversationId, mine, clientId);
    const fine = sendMls(ben.device, ben.conversationId, theirs);
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%chat_place_messages%'`;
    while ((await world.services.database.pool.query(waits)).rowCount === 0);
    await client.query('commit');
    expect((await used).userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect((await fine).userErrors).toEqual([]);
  } finally {
    client.release();
  }
});
