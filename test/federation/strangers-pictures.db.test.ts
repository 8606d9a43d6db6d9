// Pictures of people whom nobody here follows: fetched within a budget, and beyond it when somebody looks.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ASKED_PICTURES, STRANGER_PICTURES } from '../../src/media/stranger-budget.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { flatPng } from '../support/pictures.js';
import type { Person, World } from '../support/world.js';

const STATES = statement(
  'test.picture_states',
  'select state from media where remote_url = any($1::text[]) order by remote_url',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let mallory: PeerActor;
let friend: PeerActor;
let pictures = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  await start('wild.test');
  friend = peer.actor('friend');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function start(host: string): Promise<void> {
  peer = stack.use(await startFakePeer(network, host));
  mallory = peer.actor('mallory');
}

async function befriend(): Promise<void> {
  const id = await meet(ada, 'friend@wild.test');
  const following =
    'mutation ($id: ID!) { followActor(input: { actorId: $id }) { userErrors { code } } }';
  await ada.graphql(following, { id });
  await world.settle();
  const sent = peer.requests.findLast(({ body }) => body.includes('"Follow"'));
  const accept = activityBy(friend, 'Accept', JSON.parse(sent!.body));
  expect(await peer.send(world, friend, accept)).toBe(202);
  await world.settle();
}

/** A note with pictures that names Ada. */
function pictured(author: PeerActor, count = 2, more: object = {}) {
  const urls = Array.from({ length: count }, () => {
    const path = `/${(pictures += 1)}.png`;
    peer.serve(path, { type: 'image/png', body: flatPng(40, 30) });
    return `${peer.origin}${path}`;
  });
  const attachment = urls.map((url) => ({ type: 'Image', mediaType: 'image/png', url }));
  const cc = [`https://a.example/actors/${ada.actorId}`];
  const note = noteBy(author, { attachment, cc, ...more });
  peer.serve(new URL(note.id).pathname, { body: note });
  return { note, urls };
}

async function receive(author: PeerActor, made: ReturnType<typeof pictured>) {
  expect(await peer.send(world, author, activityBy(author, 'Create', made.note))).toBe(202);
  await world.settle();
  return made;
}

async function statesOf(urls: readonly string[]): Promise<string[]> {
  const rows = await world.services.database.rows<{ state: string }>(STATES, [urls]);
  return rows.map(({ state }) => state);
}

const fetches = (urls: readonly string[]): number =>
  peer.requests.filter(({ path }) => urls.some((url) => new URL(url).pathname === path)).length;

async function look(uri: string): Promise<void> {
  world.clock.advance(601);
  const looking =
    'query ($url: URL!) { post(by: { url: $url }) { ... on PhotoPost { comments { nodes { id } } } } }';
  const answer = await ada.graphql<{ post: object | null }>(looking, { url: uri });
  expect(answer.data?.post).toEqual({ comments: { nodes: [] } });
  await world.settle();
}

test('F62 what strangers show costs so many pictures in a day and no more, until somebody looks', async () => {
  const { rateLimiter } = world.services;
  await rateLimiter.charge(STRANGER_PICTURES, 'wild.test', STRANGER_PICTURES.points - 1);
  const { note, urls } = await receive(mallory, pictured(mallory));
  expect(await statesOf(urls)).toEqual(['READY', 'PROCESSING']);
  const changed = pictured(mallory, 20, { id: note.id, updated: new Date(Date.now() + 1) });
  await peer.send(world, mallory, activityBy(mallory, 'Update', changed.note));
  await world.settle();
  expect(fetches(changed.urls)).toBe(0);
  await look(note.id);
  expect(await statesOf(changed.urls)).toEqual(Array(20).fill('READY'));
});

test('F62 what is looked at is bounded as well', async () => {
  const { note, urls } = await receive(mallory, pictured(mallory));
  const { rateLimiter, clock } = world.services;
  await rateLimiter.charge(ASKED_PICTURES, 'wild.test', ASKED_PICTURES.points);
  await look(note.id);
  expect(fetches(urls)).toBe(0);
  await rateLimiter.reset(ASKED_PICTURES, 'wild.test');
  await look(note.id);
  expect(fetches(urls)).toBe(0);
  (clock as typeof world.clock).advance(24 * 3600);
  await look(note.id);
  expect(await statesOf(urls)).toEqual(['READY', 'READY']);
});

test('who is followed here, and whom they repost, are not counted', async () => {
  await befriend();
  const own = await receive(friend, pictured(friend));
  expect(await statesOf(own.urls)).toEqual(['READY', 'READY']);
  const made = pictured(mallory);
  const announce = activityBy(friend, 'Announce', made.note.id);
  expect(await peer.send(world, friend, announce)).toBe(202);
  await world.settle();
  expect(await statesOf(made.urls)).toEqual(['READY', 'READY']);
});

test('F62 the hosts of one domain share what strangers have fetched', async () => {
  await start('a1b2c3.wild.test');
  const { urls } = await receive(mallory, pictured(mallory));
  expect(await statesOf(urls)).toEqual(['PROCESSING', 'PROCESSING']);
});
