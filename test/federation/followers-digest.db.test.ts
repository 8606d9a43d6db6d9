// FEP-8fcf: two servers tell each other who follows whom between them, and mend what differs.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { digestHere } from '../../src/federation/followers-digest.js';
import { TAKEN_BACK } from '../../src/federation/jobs/compare-followers.job.js';
import { fetchActor, findRemoteActor } from '../../src/federation/resolve-actor.js';
import { activityBy, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { publish } from '../support/posts.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

const FOLLOWERS_HERE = statement(
  'test.followers_here',
  `select a.username, f.state from follows f join actors a on a.id = f.follower_id
   where f.followee_id = $1 order by a.username`,
);
const FORGET = statement(
  'test.forget_follow',
  'delete from follows where followee_id = $1 and follower_id = $2',
);

let stack: AsyncDisposableStack;
let network: FederatedNetwork;
let world: World;
let peer: FakePeer;
let ada: Person;
let ben: Person;
let zoe: Person;
let bob: PeerActor;
let bobHere: string;
let people = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  [ada, ben, zoe] = [await world.local('ada'), await world.local('ben'), await world.local('zoe')];
});

/** Ada and Ben follow somebody new. */
beforeEach(async () => {
  bob = peer.actor(`bob${(people += 1)}`);
  for (const who of [ada, ben]) await followBob(who);
  for (const who of [ada, ben]) await accept(who);
  bobHere = (await findRemoteActor(world.services.database, bob.uri))!.actorId;
  expect(await followers()).toEqual(['ada ACCEPTED', 'ben ACCEPTED']);
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const listUrl = (): string => `${bob.uri}/our-followers`;

async function followBob(who: Person): Promise<void> {
  const actorId = await meet(who, `bob${people}@peer.test`);
  const answer = await who.graphql<{ followActor: { userErrors: unknown[] } }>(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId } },
  );
  expect(answer.data.followActor.userErrors).toEqual([]);
  await world.settle();
}

async function accept(who: Person): Promise<void> {
  const follow = { type: 'Follow', actor: uriOf(who), object: bob.uri };
  expect(await peer.send(world, bob, activityBy(bob, 'Accept', follow))).toBe(202);
  await world.settle();
}

async function followers(): Promise<string[]> {
  const rows = await world.services.database.rows<{ username: string; state: string }>(
    FOLLOWERS_HERE,
    [bobHere],
  );
  return rows.map(({ username, state }) => `${username} ${state}`);
}

/** The digest as the FEP defines it, written in another way. */
function digestOf(uris: readonly string[]): string {
  const sum = Buffer.alloc(32);
  for (const uri of uris)
    for (const [index, byte] of createHash('sha256').update(uri).digest().entries())
      sum[index] = sum[index]! ^ byte;
  return sum.toString('hex');
}

function serveList(orderedItems: unknown[], more: object = {}): void {
  const body = { id: listUrl(), type: 'OrderedCollection', orderedItems, ...more };
  peer.serve(new URL(listUrl()).pathname, { body });
}

/** Sends something with the header; by default one that fits the list of these people. */
async function tell(
  uris: readonly string[],
  more: { collectionId?: string; url?: string; from?: PeerActor } = {},
): Promise<void> {
  const { collectionId = `${bob.uri}/followers`, url = listUrl(), from = bob } = more;
  const value = `collectionId="${collectionId}", url="${url}", digest="${digestOf(uris)}"`;
  const tamper = ({ headers }: { headers: Record<string, string> }): void => {
    headers['collection-synchronization'] = value;
  };
  const note = noteBy(from, { to: [`${from.uri}/followers`], cc: [] });
  expect(await peer.send(world, from, activityBy(from, 'Create', note), { tamper })).toBe(202);
  await world.settle();
}

const listRequests = (): number =>
  peer.requests.filter(({ path }) => path === new URL(listUrl()).pathname).length;

test('what is for followers alone is sent with the digest of those who are on the other server', async () => {
  const far = stack.use(await startFakePeer(network, 'far.test'));
  const author = await world.local('author');
  const [nell, ned, fred] = [peer.actor('nell'), peer.actor('ned'), far.actor('fred')];
  for (const one of [nell, ned])
    await peer.send(world, one, activityBy(one, 'Follow', uriOf(author)));
  await far.send(world, fred, activityBy(fred, 'Follow', uriOf(author)));
  await world.settle();
  for (const visibility of ['FOLLOWERS', 'PUBLIC']) {
    await publish(world, author, { visibility });
    // What follows from two posts is done side by side.
    await world.settle();
  }
  const sent = (to: FakePeer): Record<string, unknown>[] =>
    to.requests
      .filter(({ body }) => body.includes('"type":"Create"') && body.includes(author.actorId))
      .map(({ headers }) => headers);
  const url = `${uriOf(author)}/followers-synchronization`;
  const header = (uris: string[]): string =>
    `collectionId="${uriOf(author)}/followers", url="${url}", digest="${digestOf(uris)}"`;
  for (const [to, uris] of [
    [peer, [nell.uri, ned.uri]],
    [far, [fred.uri]],
  ] as const) {
    const headers = sent(to);
    expect(headers.map((one) => one['collection-synchronization'])).toEqual([
      header([...uris]),
      undefined,
    ]);
    expect(headers[0]!['signature']).toContain('collection-synchronization');
  }
  const path = new URL(url).pathname;
  const list = await ask(world, path, signedBy(world, nell, path));
  expect(list.body).toMatchObject({
    id: url,
    type: 'OrderedCollection',
    orderedItems: [ned.uri, nell.uri],
  });
  expect(list.headers['cache-control']).toContain('private');
  const far2 = far.actor('stranger');
  await fetchActor(world.services, far2.uri);
  const farList = await ask(world, path, signedBy(world, far2, path));
  expect(farList.body['orderedItems']).toEqual([fred.uri]);
});

test('F45 nobody reads who follows without saying which server asks', async () => {
  const path = `/actors/${ada.actorId}/followers-synchronization`;
  const missing = '/actors/01a00000-0000-7000-8000-000000000000/followers-synchronization';
  for (const one of [path, missing]) expect((await ask(world, one)).status).toBe(404);
  const other = { keyId: bob.keyId, key: peer.actor('someone').key };
  expect((await ask(world, path, signedBy(world, other, path))).status).toBe(404);
});

test('who is not known there any more does not follow here', async () => {
  serveList([uriOf(ada)]);
  await tell([uriOf(ada)]);
  expect(await followers()).toEqual(['ada ACCEPTED']);
  expect(await digestHere(world.services.database, bobHere as never)).toBe(digestOf([uriOf(ada)]));
});

test('who is known there and does not follow here takes the follow back', async () => {
  const all = [ada, ben, zoe].map((who) => uriOf(who));
  const nobody = 'https://a.example/actors/01a00000-0000-7000-8000-000000000000';
  serveList([...all, nobody, 'https://elsewhere.test/1', 7]);
  await tell(all);
  expect(await followers()).toEqual(['ada ACCEPTED', 'ben ACCEPTED']);
  const undone = peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as { type: string; actor: string; object: object })
    .filter(({ type, actor }) => type === 'Undo' && actor === uriOf(zoe));
  expect(undone).toEqual([
    expect.objectContaining({
      object: expect.objectContaining({ type: 'Follow', actor: uriOf(zoe), object: bob.uri }),
    }),
  ]);
});

test('F41 a request is accepted by the list only once everything before it has settled', async () => {
  await followBob(zoe);
  const all = [ada, ben, zoe].map((who) => uriOf(who));
  serveList(all);
  await tell(all);
  expect(await followers()).toContain('zoe REQUESTED');
  world.clock.advance(3_601);
  await tell(all);
  expect(await followers()).toContain('zoe ACCEPTED');
});

test('where both know the same nobody is asked, and one actor makes us ask once in ten minutes', async () => {
  const both = [uriOf(ada), uriOf(ben)];
  serveList(both);
  await tell(both);
  expect(listRequests()).toBe(0);
  for (let index = 0; index < 3; index++) await tell([uriOf(zoe)]);
  expect(listRequests()).toBe(1);
  world.clock.advance(601);
  await tell([uriOf(zoe)]);
  expect(listRequests()).toBe(2);
  expect(await followers()).toEqual(['ada ACCEPTED', 'ben ACCEPTED']);
});

test('F60 a list that is not whole, or is not there, changes nothing', async () => {
  const lists: (() => void)[] = [
    () => serveList([uriOf(ada)], { totalItems: 2 }),
    () => serveList([], { first: `${listUrl()}?page=1` }),
    () => serveList([], { type: 'OrderedCollectionPage' }),
    () => serveList([], { orderedItems: undefined }),
    () => serveList(Array.from({ length: 1_500 }, (_, index) => `https://x.test/${index}`)),
    () => peer.serve(new URL(listUrl()).pathname, { status: 404, body: {} }),
    () => peer.serve(new URL(listUrl()).pathname, { status: 503, body: {} }),
  ];
  for (const serve of lists) {
    serve();
    world.clock.advance(601);
    await tell([]);
    expect(await followers()).toEqual(['ada ACCEPTED', 'ben ACCEPTED']);
  }
  expect(listRequests()).toBeGreaterThanOrEqual(lists.length);
});

test('F08 nobody speaks of the followers of somebody else, or sends us elsewhere', async () => {
  const evil = stack.use(await startFakePeer(network, `evil${people}.test`));
  const eve = peer.actor('eve');
  serveList([]);
  const elsewhere = `${evil.origin}/list`;
  evil.serve('/list', { body: { id: elsewhere, type: 'OrderedCollection', orderedItems: [] } });
  await tell([], { from: eve });
  await tell([], { collectionId: `${eve.uri}/followers` });
  await tell([], { url: elsewhere });
  await tell([], { url: 'x' });
  expect(listRequests()).toBe(0);
  expect(evil.requests).toEqual([]);
  expect(await followers()).toEqual(['ada ACCEPTED', 'ben ACCEPTED']);
});

test('R26 two servers of ours mend what one of them forgot', async () => {
  const there = await network.join('b.example');
  const lea = await there.local('lea');
  const adaThere = await meet(lea, 'ada@a.example');
  await lea.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: adaThere } },
  );
  await network.settle();
  const known = (await findRemoteActor(there.services.database, uriOf(ada)))!;
  await there.services.database.rows(FORGET, [known.actorId, lea.actorId]);
  await publish(world, ada, { visibility: 'FOLLOWERS' });
  await network.settle();
  const after = await world.services.database.rows<{ username: string }>(FOLLOWERS_HERE, [
    ada.actorId,
  ]);
  expect(after.map(({ username }) => username)).not.toContain('lea');
});

test('F48 a list of people who do not follow is answered so often and no more', async () => {
  await world.services.rateLimiter.reset(TAKEN_BACK, 'peer.test');
  await world.services.rateLimiter.charge(TAKEN_BACK, 'peer.test', TAKEN_BACK.points - 1);
  const strangers = await Promise.all(['s1', 's2', 's3'].map((name) => world.local(name)));
  const listed = [ada, ben, ...strangers].map((who) => uriOf(who));
  serveList(listed);
  peer.requests.length = 0;
  await tell(listed);
  const undone = peer.requests.filter(({ body }) => body.includes('"Undo"'));
  expect(undone).toHaveLength(1);
});
