// Three servers of ours: what one publishes reaches the others once, whatever the third one does.
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const RUN_NOW = statement(
  'test.run_all_now',
  'update graphile_worker._private_jobs set run_at = now() where run_at > now() and attempts = 0',
);
const CREATES = statement(
  'test.received_creates',
  `select coalesce(body->'object'->>'id', body->>'object') as uri from received_activities where body->>'type' = 'Create' order by received_at, id`,
);
const POSTS = statement('test.posts_by_uri', 'select from posts where uri = $1');
const SENT = statement(
  'test.deliveries_of',
  `select d.host, d.state from deliveries d join sent_activities s on s.id = d.activity_id
   where s.body::jsonb->'object'->>'id' = $1 or s.body = '{}' order by d.host`,
);

let network: FederatedNetwork;
let worlds: [a: World, b: World, c: World];
let ada: Person;

beforeAll(async () => {
  network = openNetwork();
  const [a, b, c] = [
    await network.join('a.example'),
    await network.join('b.example'),
    await network.join('c.example'),
  ];
  worlds = [a, b, c];
  ada = await a.local('ada');
  // Two of them share a server.
  for (const [world, name] of [
    [b, 'ben'],
    [b, 'bea'],
    [c, 'cleo'],
  ] as const)
    await follow(await world.local(name), await meet(await world.local(name), 'ada@a.example'));
  await network.settle();
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

async function follow(who: Person, actorId: string): Promise<void> {
  await who.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId } },
  );
}

async function publishFrom(world: World): Promise<string> {
  const id = await publish(world, ada);
  const answer = await ada.graphql<{ post: { uri: string } }>(
    'query ($id: ID!) { post(by: { id: $id }) { uri } }',
    { id },
  );
  return answer.data.post.uri;
}

async function received(world: World): Promise<string[]> {
  const rows = await world.services.database.rows<{ uri: string }>(CREATES);
  return rows.map(({ uri }) => uri);
}

const has = async (world: World, uri: string): Promise<boolean> =>
  (await world.services.database.row(POSTS, [uri])) !== null;

/** Lets time pass everywhere, and what waits for its time be tried. */
async function later(seconds: number): Promise<void> {
  for (const world of worlds) {
    world.clock.advance(seconds);
    await world.services.database.rows(RUN_NOW);
  }
  await network.settle();
}

test('a post comes to each server once, however many there follow its author', async () => {
  const [a, b, c] = worlds;
  const uri = await publishFrom(a);
  await network.settle();
  for (const world of [b, c]) {
    expect((await received(world)).filter((one) => one === uri)).toHaveLength(1);
    expect(await has(world, uri)).toBe(true);
  }
  expect(await a.services.database.rows(SENT, [uri])).toEqual([
    { host: 'b.example', state: 'DELIVERED' },
    { host: 'c.example', state: 'DELIVERED' },
  ]);
});

test('a host that never answers does not keep a post from the others', async () => {
  const [a, b, c] = worlds;
  const open = new Set<Socket>();
  const hanging = createServer((socket) => void open.add(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => hanging.once('listening', resolve));
  const port = Number(new URL(c.origin).port);
  network.name('c.example', (hanging.address() as AddressInfo).port);
  try {
    const uri = await publishFrom(a);
    const settling = a.settle();
    while ((await received(b)).at(-1) !== uri) await new Promise((done) => setTimeout(done, 10));
    while (open.size === 0) await new Promise((done) => setTimeout(done, 10));
    const states = await a.services.database.rows(SENT, [uri]);
    expect(states).toContainEqual({ host: 'c.example', state: 'PENDING' });
    for (const socket of open) socket.destroy();
    await settling;
  } finally {
    network.name('c.example', port);
    hanging.close();
  }
  await later(120);
});

test('R16 after days a host gets in order what was less than three days old at the last try, and nothing else', async () => {
  const [a, b, c] = worlds;
  const port = Number(new URL(c.origin).port);
  network.cut('c.example');
  const days: string[] = [];
  for (let day = 0; day < 5; day++) {
    days.push(await publishFrom(a));
    await network.settle();
    await later(23 * 3600);
  }
  const missed = await received(c);
  expect(days.filter((uri) => missed.includes(uri))).toEqual([]);
  expect((await received(b)).slice(-5)).toEqual(days);
  network.name('c.example', port);
  await later(13 * 3600);
  const now = (await received(c)).filter((uri) => days.includes(uri));
  // 128 hours after the first one; the third one, 82 hours old, was not yet given up at the last try.
  expect(now).toEqual(days.slice(2));
  for (const uri of days.slice(2)) expect(await has(c, uri)).toBe(true);
  const first = await a.services.database.rows(SENT, [days[0]]);
  expect(first).toContainEqual({ host: 'c.example', state: 'FAILED' });
});
