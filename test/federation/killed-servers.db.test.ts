// Servers that are killed while they federate, as processes of their own: what was promised is done, and done once.
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { toGlobalId } from '../../src/platform/ids.js';
import {
  ask,
  count,
  followAcross,
  join,
  post,
  startSites,
  untilRow,
  type Site,
  type SitePerson,
} from '../support/federating-processes.js';

jest.setTimeout(300_000);

const CREATES = `received_activities where body->>'type' = 'Create'`;
const POSTS = 'posts where uri = $1';
const IN_TIMELINES = 'home_timeline_entries e join posts p on p.id = e.post_id where p.uri = $1';
const NOTHING_WAITS = `select from sent_activities s where s.body::jsonb->>'type' = 'Create'
  and not exists (select from deliveries d where d.activity_id = s.id and d.state <> 'DELIVERED')`;

/** In front of a server: hands everything on, and keeps the answers to activities for itself while it is told to. */
async function startProxy(stack: AsyncDisposableStack) {
  let target = 0;
  let isHolding = false;
  let held = 0;
  const forward = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { method, url, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port: target, method, path: url, headers });
    outgoing.on('error', () => response.destroy());
    outgoing.on('response', (answer) => {
      if (isHolding && method === 'POST' && url?.endsWith('inbox') === true) held += 1;
      else {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume();
    });
    incoming.pipe(outgoing);
  };
  const server = createServer(forward).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    leadTo: (port: number) => void (target = port),
    hold: (value: boolean) => void (isHolding = value),
    held: () => held,
  };
}

test('R01 a server that is killed in the middle of its fan-out goes on with it, and nobody gets the post twice', async () => {
  await using stack = new AsyncDisposableStack();
  const proxy = await startProxy(stack);
  const sites = await startSites(stack, ['a.example', 'b.example', 'c.example'], {
    elsewhere: { 'b.example': proxy.port },
  });
  const [a, b, c] = sites as [Site, Site, Site];
  proxy.leadTo(b.port);
  const ada = await join(a, 'ada');
  for (const [site, name] of [
    [b, 'ben'],
    [c, 'cleo'],
  ] as const)
    await followAcross(await join(site, name), ada.handle);

  proxy.hold(true);
  const uri = await post(ada, 'Twice?');
  // b has taken it and a does not know; c has it.
  while (proxy.held() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await untilRow(c, `select from ${POSTS}`, [uri]);
  await a.kill();
  proxy.hold(false);
  await a.start();
  await untilRow(a, NOTHING_WAITS);
  for (const site of [b, c]) {
    await untilRow(site, `select from ${IN_TIMELINES}`, [uri]);
    expect([
      site.host,
      await count(site, CREATES),
      await count(site, POSTS, [uri]),
      await count(site, IN_TIMELINES, [uri]),
    ]).toEqual([site.host, 1, 1, 1]);
  }
});

test('R02 what was taken with 202 takes effect after the server that took it was killed', async () => {
  await using stack = new AsyncDisposableStack();
  const [a, b] = (await startSites(stack, ['a.example', 'b.example'])) as [Site, Site];
  const ada = await join(a, 'ada');
  await followAcross(await join(b, 'ben'), ada.handle);

  // b's worker gets as far as the post and waits there.
  await b.connection.query('begin; lock table posts in exclusive mode');
  const uri = await post(ada, 'Promised');
  await untilRow(a, NOTHING_WAITS);
  await untilRow(
    b,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  await b.kill();
  await b.connection.query('rollback');
  expect(await count(b, POSTS, [uri])).toBe(0);
  expect(await count(b, `${CREATES} and handled_at is null`)).toBe(1);
  await b.start();
  await untilRow(b, `select from ${IN_TIMELINES}`, [uri]);
  await untilRow(b, `select from ${CREATES} and handled_at is not null`);
  expect([await count(b, CREATES), await count(b, POSTS, [uri])]).toEqual([1, 1]);
});

test('R03 what was taken while a job was underway takes effect after that job was killed', async () => {
  await using stack = new AsyncDisposableStack();
  const [a, b] = (await startSites(stack, ['a.example', 'b.example'])) as [Site, Site];
  const ada = await join(a, 'ada');
  const people = [await join(b, 'ben'), await join(b, 'bea')];
  for (const one of people) await followAcross(one, ada.handle);
  const uri = await post(ada, 'Liked');
  await untilRow(b, `select from ${IN_TIMELINES}`, [uri]);

  const likes = `received_activities where body->>'type' = 'Like'`;
  await a.connection.query('begin; lock table reactions in exclusive mode');
  const [ben, bea] = people as [SitePerson, SitePerson];
  await like(ben, uri);
  await untilRow(
    a,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  const asked = await count(a, `events where name = 'activitiesReceived'`);
  await like(bea, uri);
  while ((await count(a, likes)) < 2);
  // Whoever is at work was to do it.
  expect(await count(a, `events where name = 'activitiesReceived'`)).toBe(asked);
  await a.kill();
  await a.connection.query('rollback');
  await a.start();
  await untilRow(a, `select from reactions having count(*) = 2`);
  expect(await count(a, `${likes} and handled_at is null`)).toBe(0);
});

async function like(who: SitePerson, uri: string): Promise<void> {
  const { rows } = await who.site.connection.query<{ id: string }>(
    'select id from posts where uri = $1',
    [uri],
  );
  const { setReaction } = await ask<{ setReaction: { userErrors: unknown[] } }>(
    who,
    'mutation ($input: SetReactionInput!) { setReaction(input: $input) { userErrors { code } } }',
    { input: { subjectId: toGlobalId('post', rows[0]!.id), content: '❤' } },
  );
  expect(setReaction.userErrors).toEqual([]);
}
