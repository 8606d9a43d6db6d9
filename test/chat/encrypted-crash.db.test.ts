// T16: what a server acknowledged is there once, in order and without gaps, however often it is killed meanwhile.
import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import type { AccountId } from '../../src/accounts/account.entity.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { chatter } from '../support/chat-devices.js';
import {
  equip,
  hear,
  mailboxOf,
  sendMls,
  talk,
  type Entry,
  type Seat,
} from '../support/encrypted-chat.js';
import { ask, join, startSites, type Site } from '../support/federating-processes.js';
import type { Person } from '../support/world.js';

// Each of several starts of a whole server takes seconds beside all other tests.
jest.setTimeout(300_000);

const KILLS = 4;
const BETWEEN_KILLS = 12;

async function personOn(site: Site, username: string): Promise<Person> {
  const { token, actorId } = await join(site, username);
  const who = { site, token, actorId, handle: username };
  const graphql = async (query: string, variables?: Record<string, unknown>) => ({
    data: await ask<never>(who, query, variables),
    status: 200,
    headers: new Headers(),
  });
  return {
    username,
    email: `${username}@people.example`,
    token,
    actorId: actorId as ActorId,
    accountId: '' as AccountId,
    actorGlobalId: toGlobalId('actor', actorId),
    graphql,
    context: () => Promise.reject(new Error('The server is another process')),
  };
}

/** Sends until told to stop: the same bytes again where no answer came. */
async function write(
  seat: Seat,
  acknowledged: Map<string, string>,
  isOver: () => boolean,
): Promise<void> {
  for (let number = 0; !isOver(); number++) {
    const text = `${seat.device.who.username} ${number}`;
    const { data, next } = await seat.group.write(text);
    seat.group = next;
    const clientMessageId = randomUUID();
    for (;;) {
      const told = await sendMls(seat.device, seat.conversationId, data, clientMessageId).catch(
        () => null,
      );
      if (told?.message) {
        acknowledged.set(told.message.sequence, text);
        break;
      }
      if (told) throw new Error(JSON.stringify(told.userErrors));
      await delay(20);
    }
  }
}

async function wholeMailbox(seat: Seat): Promise<Entry[]> {
  const all: Entry[] = [];
  for (;;) {
    const page = (await mailboxOf(seat.device, all.at(-1)?.position ?? '0', 40))!;
    all.push(...page.entries);
    if (!page.hasMore) return all;
  }
}

test('T16: killed again and again under load, a server keeps each acknowledged message once, in order', async () => {
  await using stack = new AsyncDisposableStack();
  const [site] = (await startSites(stack, ['a.example'])) as [Site];
  const clock = { clock: { now: () => new Date() } };
  const ada = await equip(clock, await chatter(await personOn(site, 'ada')));
  const ben = await equip(clock, await chatter(await personOn(site, 'ben')));
  const [one, two] = (await talk(ada, [ben])) as [Seat, Seat];
  const reader = two.group;
  const acknowledged = new Map<string, string>();
  let isOver = false;
  // Nobody has accepted what a stranger begins before its other side writes.
  const first = await two.group.write('ben begins');
  two.group = first.next;
  const began = await sendMls(ben, two.conversationId, first.data);
  acknowledged.set(began.message!.sequence, 'ben begins');
  const writing = [one, two].map((seat) => write(seat, acknowledged, () => isOver));
  for (let kill = 0; kill < KILLS; kill++) {
    const wanted = acknowledged.size + BETWEEN_KILLS;
    while (acknowledged.size < wanted) await delay(5);
    await site.kill();
    await site.start();
  }
  isOver = true;
  await Promise.all(writing);
  const entries = await wholeMailbox(two);
  expect(entries.map(({ position }) => position)).toEqual(
    entries.map((_entry, index) => String(index + 1)),
  );
  const letters = entries.map(({ message }) => message!).filter(({ kind }) => kind !== 'WELCOME');
  expect(letters.map(({ sequence }) => sequence)).toEqual(
    letters.map((_letter, index) => String(index + 2)),
  );
  expect(letters.map(({ sequence }) => sequence).sort()).toEqual([...acknowledged.keys()].sort());
  const theirs = letters.filter(({ senderDeviceId }) => senderDeviceId === ada.id);
  const texts = await hear({ ...two, group: reader }, theirs);
  expect(texts).toEqual(theirs.map(({ sequence }) => acknowledged.get(sequence)));
  expect(texts).toEqual(texts.map((_text, index) => `ada ${index}`));
});
