// What other servers say that they run: asked politely, believed only of themselves, shown to everybody.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askInstances } from '../../src/federation/jobs/ask-instances.job.js';
import { fetchActor } from '../../src/federation/resolve-actor.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { saveRule } from '../support/domain-rules.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

const WEEK = 7 * 24 * 3600;
const SCHEMA = 'http://nodeinfo.diaspora.software/ns/schema/';

interface Seen {
  readonly host: string;
  readonly software: string | null;
  readonly version: string | null;
  readonly isReachable: boolean;
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let hosts = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const askAll = () => askInstances.run({ ...world.services, jobId: '0', attempt: 1 }, {});

/** A server of which somebody is known here. */
async function known(): Promise<FakePeer> {
  const peer = stack.use(await startFakePeer(network, `peer${(hosts += 1)}.test`));
  await fetchActor(world.services, peer.actor('nell').uri);
  peer.requests.length = 0;
  return peer;
}

function tell(peer: FakePeer, software: unknown, href = `${peer.origin}/nodeinfo/2.1`): void {
  const type = 'application/json';
  const links = [
    { rel: `${SCHEMA}2.0`, href: `${peer.origin}/nodeinfo/2.0` },
    { rel: `${SCHEMA}2.1`, href },
  ];
  peer.serve('/.well-known/nodeinfo', { type, body: { links } });
  peer.serve('/nodeinfo/2.1', { type, body: { version: '2.1', software } });
}

async function peers(): Promise<Seen[]> {
  const answer = await ada.graphql<{ instance: { peers: { nodes: Seen[] } } }>(
    '{ instance { peers(first: 50) { nodes { host software version isReachable } } } }',
  );
  return answer.data.instance.peers.nodes;
}

const seen = async ({ host }: FakePeer) => (await peers()).find((one) => one.host === host);

test('a server is asked once in a week what it runs', async () => {
  const peer = await known();
  tell(peer, { name: 'mastodon', version: '4.5.0' });
  expect(await seen(peer)).toMatchObject({ software: null, version: null, isReachable: true });
  await askAll();
  expect(await seen(peer)).toMatchObject({ software: 'mastodon', version: '4.5.0' });
  const asked = peer.requests.length;
  await askAll();
  expect([asked, peer.requests.length]).toEqual([2, 2]);
  tell(peer, { name: 'mastodon', version: '4.6.0' });
  world.clock.advance(WEEK + 1);
  await askAll();
  expect(await seen(peer)).toMatchObject({ version: '4.6.0' });
  const answer = await ada.graphql<{ actor: { instance: Seen } }>(
    `{ actor(by: { handle: "@nell@${peer.host}" }) { instance { host software version } } }`,
  );
  expect(answer.data.actor.instance).toEqual({
    host: peer.host,
    software: 'mastodon',
    version: '4.6.0',
  });
});

test('actors of this server have no other one', async () => {
  const answer = await ada.graphql<{ viewer: { actor: { instance: Seen | null } } }>(
    '{ viewer { actor { instance { host } } } }',
  );
  expect(answer.data.viewer.actor.instance).toBeNull();
});

test('what a server says of another one, and what is no name, is not believed', async () => {
  const [one, other] = [await known(), await known()];
  tell(other, { name: 'loops', version: '1' });
  tell(one, { name: 'x' }, `${other.origin}/nodeinfo/2.1`);
  await askAll();
  expect(await seen(one)).toMatchObject({ software: null });
  for (const software of [null, 'mastodon', { name: '' }, { name: ['a'] }, { name: 7 }]) {
    const peer = await known();
    tell(peer, software);
    await askAll();
    expect(await seen(peer)).toMatchObject({ software: null, version: null });
  }
});

test('a suspended server is not asked, and is none of the peers', async () => {
  const peer = await known();
  tell(peer, { name: 'mastodon', version: '4' });
  await saveRule(await world.moderator(), peer.host, 'SUSPEND');
  await world.settle();
  await askAll();
  expect([await seen(peer), peer.requests]).toEqual([undefined, []]);
});
