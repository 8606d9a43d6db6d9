// T16: what a server acknowledged is there once, in order and without gaps, however often it and its database are killed.
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import type { AccountId } from '../../src/accounts/account.entity.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import { plainOf } from '../../sdk/src/chat/sanitise.js';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { RefusedError } from '../../sdk/src/client/errors.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { chatter } from '../support/chat-devices.js';
import { PUBLIC_URL, startClusteredSite, type ClusteredSite } from '../support/clustered-site.js';
import {
  equip,
  hear,
  mailboxOf,
  sendMls,
  talk,
  type ChatDevice,
  type Entry,
  type Seat,
} from '../support/encrypted-chat.js';
import type { Person } from '../support/world.js';

// Each of many starts of a whole server takes seconds beside all other tests.
jest.setTimeout(900_000);

const PROCESSES = 2;
const KILLS_OF_PROCESSES = 20;
/** PostgreSQL is killed after each so many kills of processes: five times. */
const KILLS_BETWEEN = 4;
/** What each writes from one kill to the next: in the middle of it somebody dies. */
const IN_A_ROUND = 3;
/** So many write at once that messages are placed together. */
const WRITERS = ['ada', 'cat', 'dan', 'eve'];
const PASSWORD = 'orange kite over water';
const CLOCK = { clock: { now: () => new Date() } };

const REGISTER = `mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) {
  token actor { id } userErrors { code } } }`;

/** Somebody whose client asks one of the processes first. */
async function personAt(site: ClusteredSite, preferred: number, username: string): Promise<Person> {
  const email = `${username}@people.example`;
  const { registerAccount } = await site.graphql<{
    registerAccount: { token: string; actor: { id: string } };
  }>(preferred, REGISTER, {
    input: {
      username,
      email,
      password: PASSWORD,
      birthDate: '1990-05-01',
      agreedToRules: true,
    },
  });
  const { token, actor } = registerAccount;
  return {
    username,
    email,
    token,
    actorId: parseGlobalId(actor.id)!.id as ActorId,
    accountId: '' as AccountId,
    actorGlobalId: actor.id,
    graphql: async (query: string, variables: Record<string, unknown> = {}) => ({
      data: await site.graphql<never>(preferred, query, variables, token),
      status: 200,
      headers: new Headers(),
    }),
    context: () => Promise.reject(new Error('The server is another process')),
  };
}

/** How much may be written, and how much there is. */
interface Load {
  allowed: number;
  acknowledged: number;
  isOver: boolean;
}

/** Writes as much as is allowed, one after the other. */
async function write(load: Load, one: (number: number) => Promise<void>): Promise<void> {
  let number = 0;
  while (!load.isOver || number < load.allowed) {
    if (number >= load.allowed) {
      await delay(5);
      continue;
    }
    await one(number);
    load.acknowledged += 1;
    number += 1;
  }
}

/** A conversation, as its first device has it, and what was acknowledged in it: texts by their places. */
interface Kept {
  readonly seats: readonly [Seat, Seat];
  readonly texts: Map<string, string>;
}

/** Sends the same bytes until there is an answer. */
async function say(seat: Seat, texts: Map<string, string>, text: string): Promise<void> {
  const { data, next } = await seat.group.write(text);
  seat.group = next;
  const clientMessageId = randomUUID();
  for (;;) {
    const told = await sendMls(seat.device, seat.conversationId, data, clientMessageId).catch(
      () => null,
    );
    if (told?.message) return void texts.set(told.message.sequence, text);
    if (told) throw new Error(JSON.stringify(told.userErrors));
    await delay(20);
  }
}

/** Reads a mailbox on from where it stands, through all that happens, until it has so many entries. */
async function read(device: ChatDevice, wanted: () => number): Promise<Entry[]> {
  const all: Entry[] = [];
  while (all.length < wanted()) {
    const page = await mailboxOf(device, all.at(-1)?.position ?? '0', 40).catch(() => null);
    all.push(...(page?.entries ?? []));
    if (!page?.hasMore) await delay(100);
  }
  return all;
}

/** A device of the client package. */
async function clientAt(site: ClusteredSite, preferred: number, username: string): Promise<Chat> {
  await personAt(site, preferred, username);
  const client = new TriptychClient({ origin: PUBLIC_URL, fetch: site.fetchFrom(preferred) });
  await client.signIn(username, PASSWORD);
  const store = await Store.open(new MemoryStorage(), randomBytes(32));
  return Chat.open(client, store, { name: 'Telephone', platform: 'Node' });
}

/** Takes and sends what waits, through all that happens. */
async function exchange(chat: Chat): Promise<void> {
  for (;;) {
    try {
      return await chat.synchronise();
    } catch (fault) {
      if (fault instanceof RefusedError) throw fault;
      await delay(20);
    }
  }
}

/** Says something by the client package, which keeps what has no answer and sends it again. */
async function tell(chat: Chat, id: string, text: string): Promise<void> {
  try {
    await chat.sendText(id, text);
  } catch (fault) {
    if (fault instanceof RefusedError) throw fault;
    await exchange(chat);
  }
  expect(chat.isWaiting).toBe(false);
}

const wordsOf = (chat: Chat, id: string): string[] =>
  chat
    .messages(id)
    .map(({ content }) => (content?.kind === 'text' ? plainOf(content.html) : 'something else'));

/** Everybody writes to Ben in a conversation of their own; he writes in the first one. */
async function begin(site: ClusteredSite, ben: ChatDevice): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const [index, name] of WRITERS.entries()) {
    const device = await equip(CLOCK, await chatter(await personAt(site, index % PROCESSES, name)));
    const [one, two] = (await talk(device, [ben])) as [Seat, Seat];
    const texts = new Map<string, string>();
    kept.push({ seats: [one, { ...two }], texts });
    // Nobody has accepted what a stranger begins before its other side writes.
    await say(kept.at(-1)!.seats[1], texts, 'ben begins');
  }
  return kept;
}

test('T16: killed again and again under load, with its database too, a server keeps each acknowledged message once, in order', async () => {
  await using stack = new AsyncDisposableStack();
  const site = await startClusteredSite(stack, PROCESSES);
  const ben = await equip(CLOCK, await chatter(await personAt(site, 1, 'ben')), 1 + WRITERS.length);
  const kept = await begin(site, ben);
  const readers = kept.map(({ seats: [, two] }) => ({ ...two }));
  const [fay, gil] = [await clientAt(site, 0, 'fay'), await clientAt(site, 1, 'gil')];
  const id = await fay.openDirect('gil');
  await exchange(gil);
  await tell(gil, id, 'gil begins');
  await exchange(fay);

  const load: Load = { allowed: 0, acknowledged: 0, isOver: false };
  const [first] = kept as [Kept, ...Kept[]];
  const writers = [
    ...kept.map(({ seats: [one], texts }, index) =>
      write(load, (number) => say(one, texts, `${WRITERS[index]} ${number}`)),
    ),
    write(load, (number) => say(first.seats[1], first.texts, `ben ${number}`)),
    write(load, (number) => tell(fay, id, `fay ${number}`)),
    write(load, (number) => tell(gil, id, `gil ${number}`)),
  ];
  const writing = Promise.all(writers);
  // The Welcomes have places, too.
  const placed = () => kept.reduce((sum, { texts }) => sum + texts.size + 1, 0);
  let isWritten = false;
  const reading = read(ben, () => (isWritten ? placed() : Infinity));

  /** Lets all write, and does something as soon as a part of it has been acknowledged. */
  const amidst = async (harm: () => Promise<void>): Promise<void> => {
    load.allowed += IN_A_ROUND;
    const some = load.acknowledged + (writers.length * IN_A_ROUND) / 2;
    while (load.acknowledged < some) await Promise.race([delay(2), writing]);
    await harm();
  };
  for (let kill = 0; kill < KILLS_OF_PROCESSES; kill++) {
    await amidst(() => site.replace(kill % PROCESSES));
    if ((kill + 1) % KILLS_BETWEEN === 0) await amidst(() => site.replacePostgres());
  }
  load.allowed += IN_A_ROUND;
  load.isOver = true;
  await writing;
  isWritten = true;
  expect(site.cutRequests()).toBeGreaterThan(0);

  // The mailbox has all of it, each once, without gaps.
  const entries = await reading;
  expect(entries.map(({ position }) => position)).toEqual(
    entries.map((_entry, index) => String(index + 1)),
  );
  expect((await mailboxOf(ben, entries.at(-1)!.position, 40))!.entries).toEqual([]);
  for (const [index, { seats, texts }] of kept.entries()) {
    const [{ conversationId, device }] = seats;
    const letters = entries
      .map(({ message }) => message!)
      .filter((one) => one.conversationId === conversationId && one.kind !== 'WELCOME');
    expect(letters.map(({ sequence }) => sequence)).toEqual(
      letters.map((_letter, place) => String(place + 2)),
    );
    expect(letters.map(({ sequence }) => sequence).toSorted()).toEqual(
      [...texts.keys()].toSorted(),
    );
    const theirs = letters.filter(({ senderDeviceId }) => senderDeviceId === device.id);
    const heard = await hear(readers[index]!, theirs);
    expect(heard).toEqual(theirs.map(({ sequence }) => texts.get(sequence)));
    expect(heard).toEqual(
      Array.from({ length: load.allowed }, (_, number) => `${WRITERS[index]} ${number}`),
    );
  }

  // So have devices of the client package, in one order.
  for (const chat of [fay, gil]) await exchange(chat);
  const words = wordsOf(fay, id);
  expect(wordsOf(gil, id)).toEqual(words);
  for (const name of ['fay', 'gil'])
    expect(words.filter((word) => word.startsWith(`${name} `) && word !== 'gil begins')).toEqual(
      Array.from({ length: load.allowed }, (_, number) => `${name} ${number}`),
    );
  expect(words).toHaveLength(2 * load.allowed + 1);
  for (const chat of [fay, gil]) expect(chat.notices(id)).toEqual([]);
});
