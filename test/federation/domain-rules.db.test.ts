// What holds for whole servers, at every door: security case T01, and F45, F47 and F66 where they are about domains.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { adoptFederationMode } from '../../src/actors/adopt-federation-mode.js';
import { followActor } from '../../src/actors/follow-actor.js';
import { fetchRemoteObject } from '../../src/federation/fetch-remote-object.js';
import { fetchActor, type RemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, noteBy, type Written } from '../support/activities.js';
import { deleteRule, saveRule } from '../support/domain-rules.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const FOLLOWS = statement(
  'test.domain_rules.follows_of',
  'select from follows where follower_id = $1 or followee_id = $1',
);
const POST = statement('test.post_by_uri', 'select id from posts where uri = $1');
const COUNTS = statement(
  'test.follow_counts',
  'select followers, following from actor_counts where actor_id = $1',
);
const PICTURES = statement(
  'test.pictures_of',
  `select state, deleted_at is not null as "isDropped" from media where owner_id = $1 order by id`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let mia: Person;
let bob: PeerActor;
let bobHere: RemoteActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  mia = await world.moderator();
});

/** A server of its own for each test, with somebody who follows Ada and is followed by her. */
beforeEach(async () => {
  rounds += 1;
  peer = stack.use(await startFakePeer(network, `peer${rounds}.test`));
  ada = await world.local(`ada${rounds}`);
  bob = peer.actor('bob');
  bobHere = await fetchActor(world.services, bob.uri);
  await becomeFriends(bob, bobHere);
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;

async function hear(from: PeerActor, activity: Written): Promise<void> {
  expect(await peer.send(world, from, activity)).toBe(202);
  await world.settle();
}

async function becomeFriends(actor: PeerActor, here: RemoteActor): Promise<void> {
  await hear(actor, activityBy(actor, 'Follow', uriOf(ada)));
  const choices = { notifiesOnPost: false, showsReposts: true };
  await followActor(await ada.context(), { actorId: here.actorId, ...choices });
  await world.settle();
  const follow = { type: 'Follow', actor: uriOf(ada), object: actor.uri };
  await hear(actor, activityBy(actor, 'Accept', follow));
}

/** A post of Bob that is known here. */
async function postOfBob(more: object = {}): Promise<string> {
  const note = noteBy(bob, more);
  await hear(bob, activityBy(bob, 'Create', note));
  const row = await world.services.database.row<{ id: string }>(POST, [note.id]);
  return toGlobalId('post', row!.id);
}

interface SeenList<One> {
  readonly nodes: readonly One[];
}

/** What the query of `sight` answers. */
interface SeenData {
  readonly byHandle: { status: string } | null;
  readonly byUrl: { username: string } | null;
  readonly byId: { username: string } | null;
  readonly post: object | null;
  readonly publicTimeline: SeenList<{ id: string }>;
  readonly search: { actors: SeenList<object> };
  readonly viewer: {
    homeTimeline: SeenList<object>;
    actor: { followers: SeenList<object>; following: SeenList<object> };
  };
}

interface Sight {
  readonly byHandle: string | null;
  readonly byUrl: string | null;
  readonly byId: string | null;
  readonly post: boolean;
  readonly home: number;
  readonly timeline: boolean;
  readonly found: number;
  readonly followers: number;
  readonly following: number;
}

/** What somebody sees of Bob and one of his posts, by every way there is. */
async function sight(who: Person, postId: string): Promise<Sight> {
  const answer = await who.graphql<SeenData>(
    `query ($handle: Handle!, $url: URL!, $id: ID!, $post: ID!, $query: String!) {
       byHandle: actor(by: { handle: $handle }) { username status }
       byUrl: actor(by: { url: $url }) { username }
       byId: node(id: $id) { ... on Actor { username } }
       post(by: { id: $post }) { id }
       publicTimeline(first: 100) { nodes { id } }
       search(query: $query) { actors(first: 5) { nodes { username } } }
       viewer { homeTimeline(first: 100) { nodes { id author { username } } }
         actor { followers(first: 5) { nodes { username } } following(first: 5) { nodes { username } } } } }`,
    {
      handle: `bob@${peer.host}`,
      url: bob.uri,
      id: toGlobalId('actor', bobHere.actorId),
      post: postId,
      query: `@bob@${peer.host}`,
    },
  );
  expect(answer.errors).toBeUndefined();
  const { byHandle, byUrl, byId, post, publicTimeline, search, viewer } = answer.data;
  return {
    byHandle: byHandle?.status ?? null,
    byUrl: byUrl?.username ?? null,
    byId: byId?.username ?? null,
    post: post !== null,
    home: viewer.homeTimeline.nodes.length,
    timeline: publicTimeline.nodes.some(({ id }) => id === postId),
    found: search.actors.nodes.length,
    followers: viewer.actor.followers.nodes.length,
    following: viewer.actor.following.nodes.length,
  };
}

const EVERYTHING: Sight = {
  byHandle: 'ACTIVE',
  byUrl: 'bob',
  byId: 'bob',
  post: true,
  home: 1,
  timeline: true,
  found: 1,
  followers: 1,
  following: 1,
};
const NOTHING: Sight = {
  byHandle: null,
  byUrl: null,
  byId: null,
  post: false,
  home: 0,
  timeline: false,
  found: 0,
  followers: 0,
  following: 0,
};

test('T01: of a suspended server nothing is there, for anybody, until the rule is lifted; follows do not come back', async () => {
  const post = await postOfBob();
  expect(await sight(ada, post)).toEqual(EVERYTHING);
  const { rule, severedRelationships } = await saveRule(mia, peer.host, 'SUSPEND');
  expect(severedRelationships).toBe(2);
  await world.settle();
  expect(await sight(ada, post)).toEqual(NOTHING);
  expect(await sight(mia, post)).toEqual({ ...NOTHING, home: 0 });
  expect(await world.services.database.rows(FOLLOWS, [bobHere.actorId])).toEqual([]);
  expect(await world.services.database.row(COUNTS, [ada.actorId])).toEqual({
    followers: 0,
    following: 0,
  });
  await deleteRule(mia, rule!.id);
  await world.settle();
  expect(await sight(ada, post)).toEqual({ ...EVERYTHING, followers: 0, following: 0, home: 0 });
});

test('T01, F47: nothing of a suspended server comes in, from the moment of the rule', async () => {
  await saveRule(mia, peer.host, 'SUSPEND');
  peer.requests.length = 0;
  const note = noteBy(bob);
  for (const type of ['Create', 'Update', 'Delete'])
    expect(await peer.send(world, bob, activityBy(bob, type, note))).toBe(403);
  expect(await peer.send(world, bob, activityBy(bob, 'Like', uriOf(ada)))).toBe(403);
  const stranger = peer.actor('stranger');
  expect(await peer.send(world, stranger, activityBy(stranger, 'Follow', uriOf(ada)))).toBe(403);
  await world.settle();
  expect(await world.services.database.row(POST, [note.id])).toBeNull();
  expect(peer.requests).toEqual([]);
});

test('T01: what was taken before the rule, and not carried out yet, is not heard', async () => {
  const note = noteBy(bob);
  expect(await peer.send(world, bob, activityBy(bob, 'Create', note))).toBe(202);
  await saveRule(mia, peer.host, 'SUSPEND');
  await world.settle();
  await world.settle();
  const row = await world.services.database.row<{ id: string }>(POST, [note.id]);
  if (row) expect((await sight(ada, toGlobalId('post', row.id))).post).toBe(false);
});

test('T01: nothing goes out to a suspended server: no post, no Undo, no question', async () => {
  await saveRule(mia, peer.host, 'SUSPEND');
  await publish(world, ada);
  peer.requests.length = 0;
  await world.settle();
  const context = await ada.context();
  for (const locator of [{ handle: `nobody@${peer.host}` }, { url: `${peer.origin}/users/else` }])
    await expect(fetchRemoteObject(context, locator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(fetchRemoteObject(context, { handle: `bob@${peer.host}` })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(peer.requests).toEqual([]);
});

test('T01: a redirect, a port, a subdomain and another spelling lead past no rule', async () => {
  await saveRule(mia, peer.host.toUpperCase(), 'SUSPEND');
  const names = [`sub.${peer.host}`, `deep.sub.${peer.host}`, `${peer.host}.`, `${peer.host}:444`];
  const other = stack.use(await startFakePeer(network, `other${rounds}.test`));
  for (const host of names) network.name(host, 1);
  const { http } = world.services;
  const limits = { maxBytes: 1000, timeoutMs: 60_000, maxRedirects: 3, contentTypes: [] };
  for (const host of names)
    await expect(http.get(`https://${host}/x`, limits)).rejects.toMatchObject({
      failure: host.includes(':') ? /FORBIDDEN/ : 'FORBIDDEN_HOST',
    });
  other.serve('/x', { status: 302, headers: { location: `${peer.origin}/y` }, body: '' });
  await expect(http.get(`${other.origin}/x`, limits)).rejects.toMatchObject({
    failure: 'FORBIDDEN_HOST',
  });
  await expect(
    http.deliver(`https://sub.${peer.host}/inbox`, { body: '', timeoutMs: 60_000 }),
  ).rejects.toMatchObject({ failure: 'FORBIDDEN_HOST' });
  expect(peer.requests.filter(({ path }) => path === '/y')).toEqual([]);
});

test('T01: of several rules the one for the longest name holds', async () => {
  const sub = stack.use(await startFakePeer(network, `sub.${peer.host}`));
  const sue = sub.actor('sue');
  await saveRule(mia, sub.host, 'NONE');
  await saveRule(mia, peer.host, 'SUSPEND');
  expect(await sub.send(world, sue, activityBy(sue, 'Follow', uriOf(ada)))).toBe(202);
  expect(await peer.send(world, bob, activityBy(bob, 'Like', uriOf(ada)))).toBe(403);
});

test('F66, T01: a domain in Unicode is the one in ASCII', async () => {
  const idn = stack.use(await startFakePeer(network, `xn--mller-kva${rounds}.test`));
  const una = idn.actor('una');
  const { rule } = await saveRule(mia, idn.host, 'NONE');
  expect(rule!.domain).toBe(idn.host);
  const { rule: same } = await saveRule(mia, 'BÜCHER.test', 'SUSPEND');
  expect(same!.domain).toBe('xn--bcher-kva.test');
  expect(await idn.send(world, una, activityBy(una, 'Follow', uriOf(ada)))).toBe(202);
  const books = stack.use(await startFakePeer(network, 'xn--bcher-kva.test'));
  const reader = books.actor('reader');
  expect(await books.send(world, reader, activityBy(reader, 'Follow', uriOf(ada)))).toBe(403);
});

test('T01: whoever is known by a suspended name, and served by another host, is barred, too', async () => {
  const cover = stack.use(await startFakePeer(network, `cover${rounds}.test`));
  const resource = (host: string) =>
    `/.well-known/webfinger?resource=${encodeURIComponent(`acct:bob@${host}`)}`;
  const jrd = {
    subject: `acct:bob@${cover.host}`,
    links: [{ rel: 'self', type: 'application/activity+json', href: bob.uri }],
  };
  for (const [at, host] of [
    [peer, peer.host],
    [cover, cover.host],
    [cover, peer.host],
  ] as const)
    at.serve(resource(host), { type: 'application/jrd+json', body: jrd });
  const known = await fetchActor(world.services, bob.uri);
  expect(known.isBarred).toBe(false);
  await saveRule(mia, cover.host, 'SUSPEND');
  await world.settle();
  expect(await peer.send(world, bob, activityBy(bob, 'Like', uriOf(ada)))).toBe(403);
});

test('T01: what others repeat of a suspended server is not shown', async () => {
  const post = await postOfBob();
  const other = stack.use(await startFakePeer(network, `fan${rounds}.test`));
  const fan = other.actor('fan');
  const fanHere = await fetchActor(world.services, fan.uri);
  await becomeFriends(fan, fanHere);
  await saveRule(mia, peer.host, 'SUSPEND');
  await world.settle();
  const uri = (await world.services.database.row<{ uri: string }>(
    statement('test.uri_of_post', 'select uri from posts where id = $1'),
    [innerId(post)],
  ))!.uri;
  expect(await other.send(world, fan, activityBy(fan, 'Announce', uri))).toBe(202);
  await world.settle();
  expect((await sight(ada, post)).home).toBe(0);
});

test('T01: a limited server is seen by those who follow or look, and waits in the notifications of strangers', async () => {
  const post = await postOfBob();
  await saveRule(mia, peer.host, 'LIMIT');
  await world.settle();
  expect(await sight(ada, post)).toEqual({ ...EVERYTHING, byHandle: 'LIMITED' });
  expect(await sight(mia, post)).toMatchObject({
    byHandle: 'LIMITED',
    post: true,
    timeline: false,
  });
  const eve = await world.local(`eve${rounds}`);
  const hers = await publish(world, eve);
  await hear(bob, activityBy(bob, 'Like', `https://a.example/posts/${innerId(hers)}`));
  const told = await eve.graphql<{ viewer: Record<string, SeenList<unknown>> }>(
    '{ viewer { notifications(first: 5) { nodes { id } } notificationRequests(first: 5) { nodes { actor { username } } } } }',
  );
  expect(told.data.viewer['notifications']!.nodes).toEqual([]);
  expect(told.data.viewer['notificationRequests']!.nodes).toEqual([{ actor: { username: 'bob' } }]);
});

test('T01: whoever is met after the rule is limited from the start', async () => {
  await saveRule(mia, peer.host, 'LIMIT');
  expect((await fetchActor(world.services, peer.actor('late').uri)).status).toBe('LIMITED');
});

test('T01: pictures of a server are not taken, and those that were go', async () => {
  await postOfBob();
  await saveRule(mia, peer.host, 'NONE', { rejectMedia: true });
  await world.settle();
  const pictures = () => world.services.database.rows(PICTURES, [bobHere.actorId]);
  expect(await pictures()).toMatchObject([{ isDropped: true }]);
  peer.requests.length = 0;
  const post = await postOfBob();
  expect(peer.requests.filter(({ path }) => path === '/p.jpg')).toEqual([]);
  expect(await pictures()).toMatchObject([{ isDropped: true }, { state: 'FAILED' }]);
  expect((await sight(ada, post)).post).toBe(true);
});

test('what a moderator decided about one person outlasts the rule about the server', async () => {
  const act = (kind: string) =>
    mia.graphql(
      `mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { userErrors { code } } }`,
      { input: { targetId: toGlobalId('actor', bobHere.actorId), kind, reason: 'So.' } },
    );
  const post = await postOfBob();
  await act('SUSPEND');
  expect(await sight(ada, post)).toMatchObject({ byHandle: 'SUSPENDED', post: false, home: 0 });
  const { rule } = await saveRule(mia, peer.host, 'SUSPEND');
  await world.settle();
  expect((await sight(ada, post)).byHandle).toBeNull();
  await deleteRule(mia, rule!.id);
  await world.settle();
  expect((await sight(ada, post)).byHandle).toBe('SUSPENDED');
  await act('LIMIT');
  await act('UNSUSPEND');
  expect(await sight(ada, post)).toMatchObject({ byHandle: 'LIMITED', post: true });
  await act('UNLIMIT');
  expect((await sight(ada, post)).byHandle).toBe('ACTIVE');
});

test('to somebody who is suspended here nothing is sent, and the follow is there again afterwards', async () => {
  const act = (kind: string) =>
    mia.graphql(
      `mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { userErrors { code } } }`,
      { input: { targetId: toGlobalId('actor', bobHere.actorId), kind, reason: 'So.' } },
    );
  const sent = () => peer.requests.filter(({ method }) => method === 'POST').length;
  await act('SUSPEND');
  const before = sent();
  await publish(world, ada);
  await world.settle();
  expect(sent()).toBe(before);
  await act('UNSUSPEND');
  await publish(world, ada);
  await world.settle();
  expect(sent()).toBe(before + 1);
});

test('T02: a rule about the own domain, one above it, a whole top-level domain or no domain is refused', async () => {
  for (const domain of ['a.example', 'example', 'com', '*.com', '', 'no domain', 'A.EXAMPLE.'])
    expect((await saveRule(mia, domain, 'SUSPEND')).userErrors).toEqual([
      { code: 'INVALID_INPUT', path: ['domain'] },
    ]);
});

test('T01: in allow-list mode only listed servers are let in, and those that are not listed any more are gone', async () => {
  const closed = await network.join(`closed${rounds}.example`, { FEDERATION_MODE: 'allow-list' });
  const moderator = await closed.moderator();
  const eve = await closed.local('eve');
  const context = await eve.context();
  const handle = `bob@${peer.host}`;
  const followsEve = () =>
    activityBy(bob, 'Follow', `https://closed${rounds}.example/actors/${eve.actorId}`);
  expect(await peer.send(closed, bob, followsEve())).toBe(403);
  await expect(fetchRemoteObject(context, { handle })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { rule } = await saveRule(moderator, peer.host, 'NONE');
  expect(await peer.send(closed, bob, followsEve())).toBe(202);
  await closed.settle();
  expect(await fetchRemoteObject(context, { handle })).toMatchObject({ kind: 'actor' });
  await deleteRule(moderator, rule!.id);
  await closed.settle();
  const [{ followers }] = (await closed.services.database.rows<{ followers: number }>(COUNTS, [
    eve.actorId,
  ])) as [{ followers: number }];
  expect(followers).toBe(0);
  await adoptFederationMode(closed.services.database, 'open');
  await closed.settle();
  expect(await fetchRemoteObject(context, { handle })).toMatchObject({ kind: 'actor' });
});

test('T01: an operator who turns to the allow-list loses sight of everybody who is not listed', async () => {
  const post = await postOfBob();
  await adoptFederationMode(world.services.database, 'allow-list');
  await world.settle();
  expect(await sight(ada, post)).toEqual(NOTHING);
  await adoptFederationMode(world.services.database, 'open');
  await world.settle();
  expect(await sight(ada, post)).toMatchObject({ byHandle: 'ACTIVE', post: true });
});

test('everybody reads what holds, with names and notes as the staff wants them shown', async () => {
  const more = { publicComment: 'Spam.', privateComment: 'Ask Joe.', obfuscate: true };
  await saveRule(mia, `hidden${rounds}.test`, 'LIMIT', more);
  await saveRule(mia, `quiet${rounds}.test`, 'NONE', { rejectReports: true });
  const rules = async (who: Person, list: string): Promise<Record<string, unknown>[]> => {
    const answer = await who.graphql<{
      instance?: { moderatedDomains: SeenList<Record<string, unknown>> };
      admin?: { domainRules: SeenList<Record<string, unknown>> };
    }>(list);
    expect(answer.errors).toBeUndefined();
    const { instance, admin } = answer.data;
    return (instance?.moderatedDomains ?? admin!.domainRules).nodes.slice(0, 2);
  };
  const fields = '{ nodes { domain severity publicComment } }';
  const [shown] = await rules(ada, `{ instance { moderatedDomains(first: 2) ${fields} } }`);
  expect(shown).toMatchObject({ severity: 'LIMIT', publicComment: 'Spam.' });
  expect(shown!['domain']).toMatch(/^hidd\*+\.test$/);
  const staff = '{ nodes { domain severity privateComment } }';
  expect(await rules(mia, `{ admin { domainRules(first: 2) ${staff} } }`)).toEqual([
    { domain: `quiet${rounds}.test`, severity: 'NONE', privateComment: null },
    { domain: `hidden${rounds}.test`, severity: 'LIMIT', privateComment: 'Ask Joe.' },
  ]);
});
