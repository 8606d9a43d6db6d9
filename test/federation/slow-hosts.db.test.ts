// Hosts that are slow, or mean to be: what is for the others does not wait for them.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { DeliveryRun } from '../../src/federation/internal/delivery-run.js';
import { SLICES, sliceOf } from '../../src/federation/delivery-slices.js';
import { deliverDue } from '../../src/federation/jobs/deliver-due.job.js';
import { statement } from '../../src/platform/db/database.js';
import { deliverNow, loseNothing } from '../support/deliveries.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

// Somebody on each of these hosts follows.
const FOLLOWERS = statement(
  'test.followers_on',
  `with made as (
     insert into actors (id, username, domain, uri, url, joined_at, updated_at)
     select gen_random_uuid(), 'peer', host, 'https://' || host || '/peer', 'https://' || host || '/peer', now(), now()
     from unnest($2::text[]) host returning id, domain),
   counted as (insert into actor_counts (actor_id) select id from made),
   reached as (
     insert into remote_actors (actor_id, host, inbox_url, shared_inbox_url, key_id, public_key_pem, fetched_at)
     select id, domain, 'https://' || domain || '/peer/inbox', 'https://' || domain || '/inbox', 'https://' || domain || '#key', '', now()
     from made returning actor_id, shared_inbox_url)
   insert into follows (follower_id, followee_id, id, state, requested_at, accepted_at, inbox_url)
   select actor_id, $1, gen_random_uuid(), 'ACCEPTED', now(), now(), shared_inbox_url from reached`,
);
const STATES = statement(
  'test.states_on',
  `select state, last_failure as failure, count(*)::int as n from deliveries where host = any($1::text[]) group by 1, 2 order by 1`,
);
const UNSETTLE = statement(
  'test.unsettle_on',
  `update deliveries set state = 'PENDING', attempts = 0 where host = $1`,
);
// The same goes to these hosts so many times more.
const AGAIN = statement(
  'test.again',
  `with said as (
     insert into sent_activities (id, uri, actor_id, body, created_at, is_lasting)
     select gen_random_uuid(), s.uri || '#' || gen_random_uuid(), s.actor_id, s.body, s.created_at, false
     from generate_series(1, $2::int), (select * from sent_activities where id =
       (select activity_id from deliveries where host = any($1::text[]) limit 1)) s returning id, position, created_at)
   insert into deliveries (activity_id, inbox_url, host, next_attempt_at, position)
   select said.id, 'https://' || host || '/inbox', host, said.created_at, said.position from said, unnest($1::text[]) host`,
);
const LEFT_ALONE = statement(
  'test.left_alone',
  'select next_attempt_at as until from unreachable_hosts where host = $1',
);

const DAY_SECONDS = 24 * 3600;

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let rounds = 0;
/** Names of hosts, in the order in which something came to them. */
let asked: string[] = [];
let held: ServerResponse[] = [];
let holds: (host: string) => boolean = () => false;
let answer: (host: string, response: ServerResponse) => void = accept;
let port = 0;

function accept(_host: string, response: ServerResponse): void {
  response.writeHead(202).end();
}

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  const server = createServer((request, response) => {
    const { host = '' } = request.headers;
    request.resume();
    request.on('end', () => {
      asked.push(host);
      if (holds(host)) held.push(response);
      else answer(host, response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  port = (server.address() as AddressInfo).port;
});

beforeEach(async () => {
  rounds += 1;
  [asked, held, holds, answer] = [[], [], () => false, accept];
  ada = await world.local(`ada${rounds}`);
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const context = () => ({ ...world.services, jobId: '0', attempt: 1 });
const times = (host: string): number => asked.filter((name) => name === host).length;
const states = (...hosts: string[]) => world.services.database.rows(STATES, [hosts]);

async function follow(hosts: readonly string[]): Promise<void> {
  for (const host of hosts) network.name(host, port);
  await world.services.database.rows(FOLLOWERS, [ada.actorId, hosts]);
}

function release(): void {
  holds = () => false;
  for (const response of held) response.writeHead(202).end();
  held = [];
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 5));
}

test('hosts of one domain that hang take only some of the places, however many they are', async () => {
  const evil = Array.from({ length: 40 }, (_, number) => `h${number}.evil.test`);
  await follow([...evil, 'zoe.test']);
  holds = (host) => host.endsWith('.evil.test');
  await publish(world, ada);
  const settled = world.settle();
  await until(() => times('zoe.test') === 1 && held.length >= 32);
  expect(held).toHaveLength(32);
  release();
  await settled;
  expect(await states(...evil, 'zoe.test')).toEqual([{ state: 'DELIVERED', failure: null, n: 41 }]);
  expect(asked).toHaveLength(41);
});

test('a run that goes on for long ends without a slow host, and what is new for others does not wait for its end', async () => {
  const [slow, quick] = [`slow${rounds}.test`, `quick${rounds}.test`];
  await follow([slow, quick]);
  await publish(world, ada);
  await publish(world, ada);
  await world.settle();
  expect([times(slow), times(quick)]).toEqual([2, 2]);
  const { database } = world.services;
  await database.rows(UNSETTLE, [slow]);
  holds = (host) => host === slow;
  await loseNothing(world.services);
  const bounds = { openMs: 0, slowMs: 0, longestMs: 2 ** 30 };
  const run = new DeliveryRun(context(), bounds, SLICES).work();
  await until(() => held.length === 1);
  await database.rows(UNSETTLE, [quick]);
  await loseNothing(world.services);
  await until(() => times(quick) > 2);
  release();
  await run;
  expect(times(slow)).toBe(3);
  await deliverNow(context());
  expect(await states(slow, quick)).toEqual([{ state: 'DELIVERED', failure: null, n: 4 }]);
});

test('R10 hosts that hang and hosts that fail take no place for long: all others get the post', async () => {
  const named = (kind: string, count: number): string[] =>
    Array.from({ length: count }, (_, number) => `${kind}${number}.n${number}-${rounds}.test`);
  const [hanging, failing, healthy] = [named('hang', 80), named('fail', 80), named('well', 20)];
  await follow([...hanging, ...failing, ...healthy]);
  holds = (host) => host.startsWith('hang');
  answer = (host, response) =>
    host.startsWith('fail') ? void response.writeHead(500).end() : accept(host, response);
  await publish(world, ada);
  const settled = world.settle();
  await until(() => healthy.every((host) => times(host) === 1));
  await until(() => failing.every((host) => times(host) === 1));
  release();
  await settled;
  expect(await states(...healthy)).toEqual([{ state: 'DELIVERED', failure: null, n: 20 }]);
  expect(await states(...failing)).toEqual([{ state: 'PENDING', failure: 'Status 500.', n: 80 }]);
  expect(asked).toHaveLength(180);
});

test('hosts for which much waits are asked side by side, however much that is', async () => {
  const hosts = Array.from({ length: 100 }, (_, number) => `h${number}.n${number}-${rounds}.test`);
  await follow(hosts);
  await publish(world, ada);
  await world.settle();
  await world.services.database.rows(AGAIN, [hosts, 8]);
  await loseNothing(world.services);
  asked = [];
  holds = () => true;
  const run = deliverNow(context());
  await until(() => held.length === 100);
  expect(new Set(asked).size).toBe(100);
  release();
  await run;
  expect(await states(...hosts)).toEqual([{ state: 'DELIVERED', failure: null, n: 100 * 9 }]);
  expect(asked).toHaveLength(100 * 8);
});

test('jobs for several slices of the hosts are one run in one process, and each slice is delivered to by one', async () => {
  const [one] = [`one${rounds}.test`];
  const other = Array.from({ length: 50 }, (_, number) => `other${number}-${rounds}.test`).find(
    (host) => sliceOf(host) !== sliceOf(one),
  )!;
  await follow([one, other]);
  await publish(world, ada);
  await world.settle();
  const { database } = world.services;
  for (const host of [one, other]) await database.rows(UNSETTLE, [host]);
  await loseNothing(world.services);
  asked = [];
  holds = () => true;
  const first = deliverDue.run(context(), { slice: sliceOf(one) });
  await until(() => held.length === 1);
  expect(asked).toEqual([one]);
  const second = deliverDue.run(context(), { slice: sliceOf(other) });
  await until(() => held.length === 2);
  release();
  await Promise.all([first, second]);
  expect(asked).toEqual([one, other]);
  expect(await states(one, other)).toEqual([{ state: 'DELIVERED', failure: null, n: 2 }]);
});

test('a worker that stops ends its run after what is on its way', async () => {
  const host = `stop${rounds}.test`;
  await follow([host]);
  await publish(world, ada);
  await publish(world, ada);
  await world.settle();
  await world.services.database.rows(UNSETTLE, [host]);
  await loseNothing(world.services);
  holds = () => true;
  const stopping = new AbortController();
  const slice = sliceOf(host);
  const run = deliverDue.run({ ...context(), stopping: stopping.signal }, { slice });
  await until(() => held.length === 1);
  stopping.abort();
  release();
  await run;
  expect(times(host)).toBe(3);
  await world.settle();
  expect(await states(host)).toEqual([{ state: 'DELIVERED', failure: null, n: 2 }]);
});

test.each([
  '9'.repeat(400),
  'Fri, 31 Dec 9999 23:59:59 GMT',
  '-5',
  'soon',
  'Mon, 01 Jan 1900 00:00:00 GMT',
])(
  'R15 a host that says 429 and Retry-After: %.20s is left alone for a minute at least and fifteen hours at most',
  async (retryAfter) => {
    const [busy, other] = [`busy${rounds}.test`, `other${rounds}.test`];
    await follow([busy, other]);
    answer = (host, response) =>
      host === busy
        ? void response.writeHead(429, { 'retry-after': retryAfter }).end()
        : accept(host, response);
    await publish(world, ada);
    const before = world.clock.now();
    await world.settle();
    expect([times(busy), times(other)]).toEqual([1, 1]);
    const row = await world.services.database.row<{ until: Date }>(LEFT_ALONE, [busy]);
    const after = world.clock.now();
    expect(row!.until.getTime() - before.getTime()).toBeGreaterThanOrEqual(60_000);
    expect(row!.until.getTime() - after.getTime()).toBeLessThanOrEqual(15 * 3_600_000);
    answer = accept;
    world.clock.advance(DAY_SECONDS);
    await deliverNow(context());
    expect(await states(busy)).toEqual([{ state: 'DELIVERED', failure: null, n: 1 }]);
  },
);

test('a host that leads elsewhere is not followed there', async () => {
  const [lost, elsewhere] = [`lost${rounds}.test`, `elsewhere${rounds}.test`];
  await follow([lost]);
  network.name(elsewhere, port);
  answer = (_host, response) =>
    void response.writeHead(307, { location: `https://${elsewhere}/inbox` }).end();
  await publish(world, ada);
  await world.settle();
  expect(asked).toEqual([lost]);
  expect(await states(lost)).toEqual([{ state: 'FAILED', failure: 'Status 307.', n: 1 }]);
});

test('an answer without end costs its host the connection, and counts as what its status says', async () => {
  const host = `chatty${rounds}.test`;
  await follow([host]);
  let ended = 0;
  answer = (_host, response) => {
    response.on('close', () => (ended += 1));
    response.on('drain', () => void response.write('x'.repeat(65_536)));
    response.writeHead(202).write('x'.repeat(4_000_000));
  };
  await publish(world, ada);
  await world.settle();
  expect(await states(host)).toEqual([{ state: 'DELIVERED', failure: null, n: 1 }]);
  await until(() => ended === 1);
});
