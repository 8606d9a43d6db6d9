// T16: what a server acknowledged is there once, in order and without gaps, however often it and its database are killed.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import type { AccountId } from '../../src/accounts/account.entity.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { chatter } from '../support/chat-devices.js';
import { startClusteredSite, type ClusteredSite } from '../support/clustered-site.js';
import {
  equip,
  hear,
  mailboxOf,
  sendMls,
  talk,
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
const IN_A_ROUND = 4;

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
      password: 'orange kite over water',
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

/** What has been written, and how much may be. */
interface Load {
  readonly acknowledged: Map<string, string>;
  allowed: number;
  isOver: boolean;
}

/** Writes as much as is allowed: the same bytes again where no answer came. */
async function write(seat: Seat, load: Load): Promise<void> {
  let number = 0;
  while (!load.isOver || number < load.allowed) {
    if (number >= load.allowed) {
      await delay(5);
      continue;
    }
    const text = `${seat.device.who.username} ${number}`;
    const { data, next } = await seat.group.write(text);
    seat.group = next;
    load.acknowledged.set(await sent(seat, data), text);
    number += 1;
  }
}

async function sent(seat: Seat, data: Buffer): Promise<string> {
  const clientMessageId = randomUUID();
  for (;;) {
    const told = await sendMls(seat.device, seat.conversationId, data, clientMessageId).catch(
      () => null,
    );
    if (told?.message) return told.message.sequence;
    if (told) throw new Error(JSON.stringify(told.userErrors));
    await delay(20);
  }
}

/** Reads a mailbox on from where it stands, through all that happens, until it has so many entries. */
async function read(seat: Seat, wanted: () => number): Promise<Entry[]> {
  const all: Entry[] = [];
  while (all.length < wanted()) {
    const page = await mailboxOf(seat.device, all.at(-1)?.position ?? '0', 40).catch(() => null);
    all.push(...(page?.entries ?? []));
    if (!page?.hasMore) await delay(100);
  }
  return all;
}

test('T16: killed again and again under load, with its database too, a server keeps each acknowledged message once, in order', async () => {
  await using stack = new AsyncDisposableStack();
  const site = await startClusteredSite(stack, PROCESSES);
  const clock = { clock: { now: () => new Date() } };
  const ada = await equip(clock, await chatter(await personAt(site, 0, 'ada')));
  const ben = await equip(clock, await chatter(await personAt(site, 1, 'ben')));
  const [one, two] = (await talk(ada, [ben])) as [Seat, Seat];
  const reader = two.group;
  const load: Load = { acknowledged: new Map(), allowed: 0, isOver: false };
  // Nobody has accepted what a stranger begins before its other side writes.
  const first = await two.group.write('ben begins');
  two.group = first.next;
  load.acknowledged.set(await sent(two, first.data), 'ben begins');
  const writing = Promise.all([one, two].map((seat) => write(seat, load)));
  // The Welcome has a place, too.
  const reading = read(two, () => (load.isOver ? load.acknowledged.size + 1 : Infinity));

  /** Lets both write, and does something as soon as a part of it has been acknowledged. */
  const amidst = async (harm: () => Promise<void>): Promise<void> => {
    load.allowed += IN_A_ROUND;
    const some = load.acknowledged.size + IN_A_ROUND / 2;
    while (load.acknowledged.size < some) await Promise.race([delay(2), writing]);
    await harm();
  };
  for (let kill = 0; kill < KILLS_OF_PROCESSES; kill++) {
    await amidst(() => site.replace(kill % PROCESSES));
    if ((kill + 1) % KILLS_BETWEEN === 0) await amidst(() => site.replacePostgres());
  }
  load.allowed += IN_A_ROUND;
  load.isOver = true;
  await writing;
  const entries = await reading;
  expect(entries.map(({ position }) => position)).toEqual(
    entries.map((_entry, index) => String(index + 1)),
  );
  expect((await mailboxOf(ben, entries.at(-1)!.position, 40))!.entries).toEqual([]);
  const letters = entries.map(({ message }) => message!).filter(({ kind }) => kind !== 'WELCOME');
  expect(letters.map(({ sequence }) => sequence)).toEqual(
    letters.map((_letter, index) => String(index + 2)),
  );
  expect(letters.map(({ sequence }) => sequence).toSorted()).toEqual(
    [...load.acknowledged.keys()].toSorted(),
  );
  const theirs = letters.filter(({ senderDeviceId }) => senderDeviceId === ada.id);
  const texts = await hear({ ...two, group: reader }, theirs);
  expect(texts).toEqual(theirs.map(({ sequence }) => load.acknowledged.get(sequence)));
  expect(texts).toEqual(texts.map((_text, index) => `ada ${index}`));
  expect(texts).toHaveLength(load.allowed);
});
