// R16: a host that fails on seven days is parked; nothing is tried there until it is heard of, or answers a probe.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pruneFederation } from '../../src/federation/jobs/prune-federation.job.js';
import { probeParkedHosts } from '../../src/federation/jobs/probe-parked-hosts.job.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy } from '../support/activities.js';
import { deliverNow } from '../support/deliveries.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const STATES = statement(
  'test.states_of_host',
  `select d.state, count(*)::int as n from deliveries d where d.host = $1 group by d.state order by d.state`,
);
const PARKED = statement(
  'test.parked',
  `select parked_at is not null as "isParked", failing_days as days from unreachable_hosts where host = $1`,
);

const FAILED_ONCE = statement(
  'test.failed_once',
  `insert into unreachable_hosts (id, host, attempts, next_attempt_at, since)
   select gen_random_uuid(), 'fake' || n || '.fakes.test', 1, $2, $2 from generate_series(1, $1::int) n`,
);
const FAILING = statement(
  'test.fakes',
  `select count(*)::int as count from unreachable_hosts where host like '%.fakes.test'`,
);

const DAY = 24 * 3600;

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let nell: PeerActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  world.clock.toMorning();
});

afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  rounds += 1;
  peer = stack.use(await startFakePeer(network, `peer${rounds}.test`));
  ada = await world.local(`ada${rounds}`);
  nell = peer.actor('nell');
  await hear();
});

const context = () => ({ ...world.services, jobId: '0', attempt: 1 });
const states = () => world.services.database.rows(STATES, [peer.host]);
const posts = (): number => peer.requests.filter(({ method }) => method === 'POST').length;
const probe = () => probeParkedHosts.run(context(), {}).then(() => world.settle());

async function hear(): Promise<void> {
  const follow = activityBy(nell, 'Follow', `https://a.example/actors/${ada.actorId}`);
  expect(await peer.send(world, nell, follow)).toBe(202);
  await world.settle();
}

/** Somebody publishes every day, and the host fails each time. */
async function fail(days: number): Promise<void> {
  peer.serve('/inbox', { status: 503, body: {} });
  for (let day = 0; day < days; day++) {
    world.clock.advance(DAY);
    await publish(world, ada);
    await world.settle();
    await deliverNow(context());
  }
}

test('R16 six failing days are borne, on the seventh the host is parked and left alone', async () => {
  await fail(6);
  expect(await world.services.database.row(PARKED, [peer.host])).toEqual({
    isParked: false,
    days: 6,
  });
  await fail(1);
  expect(await world.services.database.row(PARKED, [peer.host])).toEqual({
    isParked: true,
    days: 7,
  });
  const before = posts();
  await publish(world, ada);
  await world.settle();
  world.clock.advance(3 * DAY);
  await deliverNow(context());
  expect(posts()).toBe(before);
  expect(await states()).not.toContainEqual(expect.objectContaining({ state: 'PENDING' }));
});

test('R16 a parked host that is heard of gets what is not too old', async () => {
  await fail(7);
  peer.serve('/inbox', { status: 202, body: '' });
  await publish(world, ada, { caption: 'Missed' });
  await world.settle();
  const before = posts();
  await hear();
  expect(posts()).toBeGreaterThan(before);
  expect(peer.requests.some(({ body }) => body.includes('Missed'))).toBe(true);
  const left = (await states()) as { state: string }[];
  expect(left.map(({ state }) => state)).not.toContain('PARKED');
  expect(await world.services.database.row(PARKED, [peer.host])).toBeNull();
});

test('R16 a probe brings a host back that answers anything of its own, once a day', async () => {
  await fail(7);
  peer.serve('/.well-known/nodeinfo', { status: 502, body: {} });
  const asked = (): number => peer.requests.filter(({ path }) => path.includes('nodeinfo')).length;
  await probe();
  expect(asked()).toBe(0);
  world.clock.advance(1.3 * DAY);
  await probe();
  await probe();
  expect(asked()).toBe(1);
  expect(await world.services.database.row(PARKED, [peer.host])).toMatchObject({ isParked: true });
  peer.serve('/.well-known/nodeinfo', { status: 404, body: {} });
  peer.serve('/inbox', { status: 202, body: '' });
  world.clock.advance(1.3 * DAY);
  await publish(world, ada, { caption: 'After all' });
  await world.settle();
  await probe();
  expect(await world.services.database.row(PARKED, [peer.host])).toBeNull();
  expect(peer.requests.some(({ body }) => body.includes('After all'))).toBe(true);
});

interface Federation {
  readonly delivered: number;
  readonly pending: number;
  readonly failed: number;
  readonly parked: number;
  readonly lastFailure: string | null;
  readonly hosts: { readonly nodes: { readonly host: string; readonly state: string }[] };
}

async function federation(who: Person, id: string): Promise<Federation | null> {
  const answer = await who.graphql<{ node: { federation: Federation | null } }>(
    `query ($id: ID!) { node(id: $id) { ... on Post { federation {
       delivered pending failed parked lastFailure hosts(first: 5) { nodes { host state } } } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node.federation;
}

test('R17 of hosts that fail without end none stays in mind for which nothing waits', async () => {
  await world.services.database.rows(FAILED_ONCE, [10_000, world.clock.now()]);
  world.clock.advance(40 * DAY);
  await pruneFederation.run(context(), {});
  expect(await world.services.database.row(FAILING)).toEqual({ count: 0 });
});

test('an author, and nobody else, learns where a post has arrived, and what went wrong', async () => {
  const there = await publish(world, ada);
  await world.settle();
  expect(await federation(ada, there)).toEqual({
    delivered: 1,
    pending: 0,
    failed: 0,
    parked: 0,
    lastFailure: null,
    hosts: { nodes: [{ host: peer.host, state: 'DELIVERED' }] },
  });
  expect(await federation(await world.local('ben'), there)).toBeNull();
  expect(await federation(ada, await publish(world, ada, { visibility: 'LOCAL' }))).toBeNull();
  peer.serve('/inbox', { status: 503, body: {} });
  const waiting = await publish(world, ada);
  await world.settle();
  expect(await federation(ada, waiting)).toMatchObject({
    pending: 1,
    lastFailure: 'Status 503.',
    hosts: { nodes: [{ host: peer.host, state: 'PENDING' }] },
  });
});

test('the staff sees since when a host does not answer, and how much waits for it', async () => {
  await fail(7);
  const moderator = await world.moderator();
  const answer = await moderator.graphql<{ admin: { unreachableHosts: { nodes: object[] } } }>(
    `{ admin { unreachableHosts(first: 100) { nodes {
       host since failingDays lastFailure parkedAt waitingDeliveries } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data.admin.unreachableHosts.nodes).toContainEqual({
    host: peer.host,
    since: expect.any(String),
    failingDays: 7,
    lastFailure: 'Status 503.',
    parkedAt: expect.any(String),
    waitingDeliveries: expect.any(Number),
  });
  const refused = await ada.graphql('{ admin { unreachableHosts(first: 1) { nodes { host } } } }');
  expect(refused.errors).toBeDefined();
});
