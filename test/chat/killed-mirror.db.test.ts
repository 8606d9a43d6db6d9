// The server of somebody who writes through the hub of another one is killed between the hub's answer and its own write.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, jest, test } from '@jest/globals';
import { equip, joined, lettersOf, sendMls, type ChatDevice } from '../support/encrypted-chat.js';
import { chatter } from '../support/chat-devices.js';
import { join, startSites, untilRow, type Site } from '../support/federating-processes.js';
import { freePort } from '../support/free-port.js';
import { ScriptedHub } from '../support/scripted-hub.js';
import type { Person, World } from '../support/world.js';

jest.setTimeout(300_000);

const WAITS_FOR_PLACES = `select from pg_locks where relation = 'mirror_places'::regclass and not granted`;
const CLOCK = { now: () => new Date() };

/** A name of this machine for the hub, which the process knows before there is a hub. */
async function startScene(stack: AsyncDisposableStack): Promise<{ site: Site; hub: ScriptedHub }> {
  const port = await freePort();
  const [site] = await startSites(stack, ['b.example'], {
    elsewhere: { 'hub.example': port },
  });
  const hub = stack.use(await ScriptedHub.start({ name: () => undefined }, 'hub.example', port));
  return { site: site!, hub };
}

async function personOn(site: Site, username: string): Promise<Person> {
  const { token, actorId } = await join(site, username);
  const graphql = async (query: string, variables: object = {}): Promise<{ data: unknown }> => ({
    data: await site.process().graphql(query, { ...variables }, token),
  });
  return { username, token, actorId, graphql } as unknown as Person;
}

const worldOf = (site: Site): World =>
  ({
    origin: `http://127.0.0.1:${site.port}`,
    clock: CLOCK,
    services: { config: { publicUrl: new URL(`https://${site.host}`) } },
  }) as unknown as World;

test('T16: what the hub has taken is not lost, nor doubled, when the server is killed before it keeps it', async () => {
  await using stack = new AsyncDisposableStack();
  const { site, hub } = await startScene(stack);
  const bob: ChatDevice = await equip({ clock: CLOCK }, await chatter(await personOn(site, 'bob')));
  await hub.tell(worldOf(site), ...(await hub.welcome([bob], false)));
  await untilRow(site, `select from mailbox_entries`);
  const [welcome] = await lettersOf(bob);
  const { conversationId } = welcome!;
  const group = await joined(bob, welcome!);
  const { data, next } = await group.write('Kept');
  const [id, other] = [randomUUID(), randomUUID()];

  // The hub has answered, and the server gets as far as its own write.
  await site.connection.query('begin; lock table mirror_places in exclusive mode');
  const cut = sendMls(bob, conversationId, data, id).catch(() => null);
  while (hub.sequence < 2) await delay(20);
  await untilRow(site, WAITS_FOR_PLACES);
  await site.kill();
  await site.connection.query('rollback');
  await cut;
  await site.start();

  // The same again is the same message.
  const again = await sendMls(bob, conversationId, data, id);
  expect(again.message).toMatchObject({ sequence: '2' });
  expect(hub.sequence).toBe(2);

  // Nobody sends this one again: it comes with what the hub tells.
  await site.connection.query('begin; lock table mirror_places in exclusive mode');
  const lost = sendMls(bob, conversationId, (await next.write('Lost')).data, other).catch(
    () => null,
  );
  while (hub.sequence < 3) await delay(20);
  await untilRow(site, WAITS_FOR_PLACES);
  await site.kill();
  await site.connection.query('rollback');
  await lost;
  await site.start();
  expect(await hub.tell(worldOf(site), hub.log.at(-1)!)).toEqual([202]);
  let letters = await lettersOf(bob);
  while (letters.length < 3) {
    await delay(20);
    letters = await lettersOf(bob);
  }
  expect(letters.map(({ sequence, kind }) => `${sequence} ${kind}`)).toEqual([
    '1 WELCOME',
    '2 APPLICATION',
    '3 APPLICATION',
  ]);
  const faults = await site.connection.query('select from hub_faults');
  expect(faults.rows).toEqual([]);
});
