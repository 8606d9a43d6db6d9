// Actors of other servers and their names, keys, floods and ends.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { inboxRoutes } from '../../src/federation/http/inbox.routes.js';
import { fetchActor, findRemoteActor } from '../../src/federation/resolve-actor.js';
import { SenderMemory, TooBusy, TooMany } from '../../src/federation/internal/sender-memory.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const ACTOR = statement(
  'test.actor',
  `select username, domain, status, display_name as "displayName" from actors where uri = $1`,
);
const LEFT = statement(
  'test.peers.left',
  `select (select count(*)::int from posts where author_id = $1 and (deleted_at is null or content_html <> '')) as posts,
     (select count(*)::int from reactions where actor_id = $1) as reactions,
     (select count(*)::int from follows where follower_id = $1 or followee_id = $1) as follows,
     (select count(*)::int from notification_actors where actor_id = $1) as notifications,
     (select count(*)::int from remote_actors where actor_id = $1) as keys,
     (select count(*)::int from media where owner_id = $1 and deleted_at is null) as media,
     (select count(*)::int from received_activities where actor_uri = (select uri from actors where id = $1)) as received`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let postUri: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  ada = await world.local('ada');
  postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;
const actorRow = (uri: string) =>
  world.services.database.row<{ username: string; domain: string; status: string }>(ACTOR, [uri]);
const webFinger = (name: string, host: string): string =>
  `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@${host}`)}`;

async function hear(actor: PeerActor, activity: object): Promise<void> {
  expect(await peer.send(world, actor, activity)).toBe(202);
  await world.settle();
}

test('P03 an actor that its server deleted is erased; one that is still there is not', async () => {
  const cara = peer.actor('cara');
  const note = noteBy(cara, { cc: [adaUri()] });
  await hear(cara, activityBy(cara, 'Create', note));
  await hear(cara, activityBy(cara, 'Create', answerBy(cara, postUri)));
  await hear(cara, activityBy(cara, 'Like', postUri));
  await hear(cara, activityBy(cara, 'Follow', adaUri()));
  const { actorId } = (await findRemoteActor(world.services.database, cara.uri))!;
  await hear(cara, activityBy(cara, 'Delete', cara.uri));
  expect(await actorRow(cara.uri)).toMatchObject({ status: 'ACTIVE' });
  peer.serve('/users/cara', { status: 503, body: {} });
  await hear(cara, activityBy(cara, 'Delete', cara.uri));
  expect(await actorRow(cara.uri)).toMatchObject({ status: 'ACTIVE' });
  peer.serve('/users/cara', { status: 410, body: {} });
  world.clock.advance(25 * 3600);
  await hear(cara, activityBy(cara, 'Delete', { id: cara.uri, type: 'Person' }));
  expect(await actorRow(cara.uri)).toMatchObject({ status: 'DELETED', displayName: '' });
  const nothing = { posts: 0, reactions: 0, follows: 0, notifications: 0, keys: 0, media: 0 };
  expect(await world.services.database.row(LEFT, [actorId])).toMatchObject(nothing);
  peer.serve('/users/cara', { body: { ...cara.document, name: 'Back' } });
  await fetchActor(world.services, cara.uri);
  expect(await actorRow(cara.uri)).toMatchObject({ status: 'DELETED', displayName: '' });
});

test.each([
  ['is answered with a Tombstone', { type: 'Tombstone' }],
  ['only says that they are not to be seen, as with Pixelfed', { suspended: true, name: '' }],
])('an actor that its server deleted and whose document %s is erased', async (_how, more) => {
  const dee = peer.actor(`dee${Object.keys(more).length}`);
  await hear(dee, activityBy(dee, 'Create', noteBy(dee, { cc: [adaUri()] })));
  expect(await actorRow(dee.uri)).toMatchObject({ status: 'ACTIVE' });
  peer.serve(new URL(dee.uri).pathname, { body: { ...dee.document, ...more } });
  await hear(dee, activityBy(dee, 'Delete', { id: dee.uri, type: 'Person' }));
  expect(await actorRow(dee.uri)).toMatchObject({ status: 'DELETED' });
});

test('nobody deletes somebody else, and the end of a stranger is not asked about', async () => {
  const [dan, eve] = [peer.actor('dan'), peer.actor('eve')];
  await fetchActor(world.services, dan.uri);
  await hear(eve, activityBy(eve, 'Delete', dan.uri));
  expect(await actorRow(dan.uri)).toMatchObject({ status: 'ACTIVE' });
  const asked = peer.requests.length;
  for (let index = 0; index < 30; index++) {
    const uri = `${peer.origin}/users/gone${index}`;
    const gone = { ...eve, uri, keyId: `${uri}#main-key` };
    expect(await peer.send(world, gone, activityBy(gone, 'Delete', uri))).toBe(202);
  }
  expect(peer.requests.length).toBe(asked);
  const newcomer = peer.actor('newcomer');
  expect(await peer.send(world, newcomer, activityBy(newcomer, 'Like', postUri))).toBe(202);
});

test('nobody buries what somebody else has yet to send', async () => {
  const evil = stack.use(await startFakePeer(network, 'grave.test'));
  const [digger, fay] = [evil.actor('digger'), peer.actor('fay')];
  const note = noteBy(fay, { cc: [adaUri()] });
  const like = activityBy(fay, 'Like', postUri);
  for (const object of [note.id, like.id, `${evil.origin}/${'x'.repeat(5_000)}`])
    for (const type of ['Undo', 'Delete'])
      expect(await evil.send(world, digger, activityBy(digger, type, object))).toBe(202);
  const neighbour = peer.actor('neighbour');
  for (const type of ['Undo', 'Delete'])
    await hear(neighbour, activityBy(neighbour, type, note.id));
  await hear(fay, activityBy(fay, 'Delete', note.id));
  await hear(fay, activityBy(fay, 'Create', note));
  const posts = await world.services.database.rows(
    statement('test.buried', 'select from posts where uri = $1'),
    [note.id],
  );
  expect(posts).toEqual([]);
});

test('F66 hosts are kept in lower case ASCII, whichever way they are written', async () => {
  const idn = stack.use(await startFakePeer(network, 'xn--bcher-kva.test'));
  const gil = idn.actor('gil');
  const handles = ['gil@bücher.test', '@gil@BÜCHER.test', 'gil@xn--bcher-kva.test'];
  const { fetchRemoteObject } = await import('../../src/federation/fetch-remote-object.js');
  const zoe = await world.local('zoe');
  for (const handle of handles) await fetchRemoteObject(await zoe.context(), { handle });
  expect(await actorRow(gil.uri)).toMatchObject({ username: 'gil', domain: 'xn--bcher-kva.test' });
  const found = { kind: 'actor', id: ada.actorId };
  expect(await fetchRemoteObject(await zoe.context(), { handle: 'ADA@A.Example' })).toEqual(found);
});

test('F66 a handle has nothing in it that changes how it looks', async () => {
  for (const [index, name] of ['\u202Eadmin', 'a\u200Bda', 'a:b'].entries()) {
    const odd = peer.actor(`odd${index}`);
    peer.serve(webFinger(`odd${index}`, 'peer.test'), {
      type: 'application/jrd+json',
      body: {
        subject: `acct:${name}@peer.test`,
        links: [{ rel: 'self', type: 'application/activity+json', href: odd.uri }],
      },
    });
    await expect(fetchActor(world.services, odd.uri)).rejects.toThrow();
  }
});

test('F68 of two actors with one handle the one that was proven last has it', async () => {
  const [hal, twin] = [peer.actor('hal'), peer.actor('hal2')];
  await fetchActor(world.services, hal.uri);
  peer.serve('/users/hal2', { body: { ...twin.document, preferredUsername: 'Hal' } });
  peer.serve(webFinger('Hal', 'peer.test'), {
    type: 'application/jrd+json',
    body: {
      subject: 'acct:Hal@peer.test',
      links: [{ rel: 'self', type: 'application/activity+json', href: twin.uri }],
    },
  });
  await fetchActor(world.services, twin.uri);
  expect(await actorRow(twin.uri)).toMatchObject({ username: 'Hal' });
  expect((await actorRow(hal.uri))!.username).not.toMatch(/^hal$/i);
});

test('on a server of many nobody takes the key of a neighbour', async () => {
  const [ida, thief] = [peer.actor('ida'), peer.actor('thief')];
  await fetchActor(world.services, ida.uri);
  const key = { ...(thief.document['publicKey'] as object), id: ida.keyId };
  peer.serve('/users/thief', { body: { ...thief.document, publicKey: key } });
  await expect(fetchActor(world.services, thief.uri)).rejects.toThrow('key');
  await hear(ida, activityBy(ida, 'Like', postUri));
});

test('F24 a request that was made for another server is refused', async () => {
  const jan = peer.actor('jan');
  const tamper = ({ headers }: { headers: Record<string, string> }): void => {
    headers['host'] = 'b.example';
  };
  expect(await peer.send(world, jan, activityBy(jan, 'Like', postUri), { tamper })).toBe(401);
});

test('F64 documents are asked for through three redirects at most, and never where it is closed', async () => {
  const hop = (from: string, location: string): void =>
    peer.serve(from, { status: 302, headers: { location }, body: '' });
  for (let index = 0; index < 21; index++) hop(`/hop/${index}`, `${peer.origin}/hop/${index + 1}`);
  hop('/loop', `${peer.origin}/loop`);
  hop('/plain', 'http://peer.test/users/ida');
  hop('/port', 'https://peer.test:8443/users/ida');
  hop('/loopback', 'https://[::1]/users/ida');
  hop('/private', 'https://10.0.0.1/users/ida');
  for (const path of ['hop/0', 'loop', 'plain', 'port', 'loopback', 'private']) {
    const before = peer.requests.length;
    await expect(fetchActor(world.services, `${peer.origin}/${path}`)).rejects.toThrow();
    expect(peer.requests.length - before).toBeLessThanOrEqual(4);
  }
});

test('F63 who floods is told when to come back, and nobody else is', () => {
  const memory = new SenderMemory();
  const flood = (): void => {
    for (let index = 0; index < 3_001; index++) memory.countHost('flood.test');
  };
  expect(flood).toThrow(TooMany);
  expect(() => memory.countHost('quiet.test')).not.toThrow();
  expect(() => {
    for (let index = 0; index < 61; index++) memory.countOdd('odd.test');
  }).toThrow(TooMany);
  expect(() => {
    for (let index = 0; index < 6_001; index++) memory.countAddress('192.0.2.1');
  }).toThrow(TooMany);
  for (let index = 0; index < 64; index++) memory.enter(`https://${index >> 2}.test`);
  expect(() => memory.enter('https://one-more.test')).toThrow(TooBusy);
  memory.leave('https://0.test');
  expect(() => memory.enter('https://one-more.test')).not.toThrow();
});

test('F63 a flood is answered over HTTP with 429 and Retry-After', async () => {
  const memory = new SenderMemory();
  for (let index = 0; index < 6_000; index++) memory.countAddress('::ffff:127.0.0.1');
  const app = express().use(inboxRoutes(world.services, memory));
  const server = app.listen(0);
  stack.defer(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { 'content-type': 'application/activity+json' };
  const url = `http://127.0.0.1:${port}/inbox`;
  const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }],
  });
});
