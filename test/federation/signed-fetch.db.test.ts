// Who gets which document: by what their signature proves, and by nothing else.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setBlock } from '../../src/actors/set-block.js';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import {
  fetchActor,
  findRemoteActor,
  type RemoteActor,
} from '../../src/federation/resolve-actor.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import { ask, signedBy, type FetchedDocument } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
/** Follows Ada. */
let fay: PeerActor;
/** Is named in a post. */
let nina: PeerActor;
let stranger: PeerActor;
/** Stands for the peer itself. */
let application: PeerActor;
const paths: Record<'PUBLIC' | 'UNLISTED' | 'FOLLOWERS' | 'MENTIONED' | 'LOCAL', string> = {
  PUBLIC: '',
  UNLISTED: '',
  FOLLOWERS: '',
  MENTIONED: '',
  LOCAL: '',
};

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  ada = await world.local('ada');
  [fay, nina, stranger] = [peer.actor('fay'), peer.actor('nina'), peer.actor('stranger')];
  application = peer.actor('peer.test', { type: 'Application' });
  await follow(fay);
  for (const visibility of ['PUBLIC', 'UNLISTED', 'FOLLOWERS', 'LOCAL'] as const)
    paths[visibility] = `/posts/${innerId(await publish(world, ada, { visibility }))}`;
  const caption = 'For @nina@peer.test alone';
  await fetchActor(world.services, nina.uri);
  const named = await publish(world, ada, { visibility: 'MENTIONED', caption });
  paths.MENTIONED = `/posts/${innerId(named)}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;

async function follow(actor: PeerActor): Promise<void> {
  expect(await peer.send(world, actor, activityBy(actor, 'Follow', uriOf(ada)))).toBe(202);
  await world.settle();
}

const askAs = (actor: PeerActor, path: string): Promise<FetchedDocument> =>
  ask(world, path, signedBy(world, actor, path));

const missing = `/posts/${crypto.randomUUID()}`;

/** All of an answer by which one could be told from another. */
function traitsOf({ status, headers, body }: FetchedDocument): unknown {
  const { date: _date, 'x-request-id': _id, ...told } = headers;
  const errors = (body['errors'] as { message: string }[]).map(({ message }) => message);
  return { status, told: { ...told, 'content-length': undefined }, errors };
}

test('F45 what is for followers or for those who are named is given to them, and kept by no cache', async () => {
  for (const [actor, path] of [
    [fay, paths.FOLLOWERS],
    [nina, paths.MENTIONED],
  ] as const) {
    const { status, headers, body } = await askAs(actor, path);
    expect([status, body['id']]).toEqual([200, `https://a.example${path}`]);
    expect(headers['cache-control']).toBe('private, no-store');
    expect(headers['vary']).toMatch(/Accept.*Signature, Signature-Input/);
  }
});

test('F45 a comment is given to whoever sees its post', async () => {
  const id = toGlobalId('post', paths.FOLLOWERS.split('/').at(-1)!);
  const path = `/comments/${innerId(await comment(ada, id, 'Thanks.'))}`;
  expect((await askAs(fay, path)).body['content']).toBe('<p>Thanks.</p>');
  expect((await askAs(stranger, path)).status).toBe(404);
  expect((await ask(world, path)).status).toBe(404);
});

test('F45 whoever may not see something is told what they would be told if there were no such thing', async () => {
  const hidden = ['FOLLOWERS', 'MENTIONED', 'LOCAL'] as const;
  for (const asking of [stranger, application, null]) {
    const askFor = (path: string): Promise<FetchedDocument> =>
      asking ? askAs(asking, path) : ask(world, path);
    const absent = traitsOf(await askFor(missing));
    expect(absent).toMatchObject({ status: 404 });
    for (const visibility of hidden)
      expect(traitsOf(await askFor(paths[visibility]))).toEqual(absent);
  }
  expect((await askAs(fay, paths.LOCAL)).status).toBe(404);
  expect((await askAs(fay, paths.MENTIONED)).status).toBe(404);
});

test('F45 an unknown actor is asked who it is for what is hidden and for what does not exist alike', async () => {
  const askedFor = async (path: string): Promise<number> => {
    const before = peer.requests.length;
    await askAs(peer.actor(`unknown${peer.requests.length}`), path);
    return peer.requests.length - before;
  };
  expect(await askedFor(paths.FOLLOWERS)).toBeGreaterThan(0);
  expect(await askedFor(missing)).toBe(await askedFor(paths.FOLLOWERS));
  expect(await askedFor(paths.PUBLIC)).toBe(0);
});

test('what is for everybody is given to everybody, also to those whose signature is worth nothing', async () => {
  for (const path of [paths.PUBLIC, paths.UNLISTED]) {
    const forged = signedBy(world, { keyId: fay.keyId, key: stranger.key }, path);
    for (const headers of [{}, forged, signedBy(world, application, path)]) {
      const answer = await ask(world, path, headers);
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('public, max-age=180');
      expect(answer.headers['vary']).toContain('Signature');
    }
  }
});

test('F24 F25 F28 F45 a signature that proves nothing opens nothing', async () => {
  const path = paths.FOLLOWERS;
  const honest = signedBy(world, fay, path);
  const late = new Date(world.clock.now().getTime() - 61 * 60_000).toUTCString();
  const forged: Record<string, string>[] = [
    signedBy(world, { keyId: fay.keyId, key: stranger.key }, path),
    signedBy(world, fay, paths.PUBLIC),
    { ...honest, date: late },
    { ...honest, signature: honest['signature']!.replace(' host', '') },
    { ...honest, signature: 'nonsense' },
    signedBy(world, { keyId: `${uriOf(ada)}#main-key`, key: stranger.key }, path),
  ];
  for (const headers of forged) expect((await ask(world, path, headers)).status).toBe(404);
  expect((await ask(world, path, honest)).status).toBe(200);
});

test('F45 who is blocked gets nothing of whoever blocks but the key, and a suspended actor nothing of anybody', async () => {
  const troll = peer.actor('troll');
  await follow(troll);
  const whole = await askAs(troll, `/actors/${ada.actorId}`);
  expect(whole.body).toHaveProperty('followers');
  const { actorId } = await fetchActor(world.services, troll.uri);
  await setBlock(await ada.context(), { actorId, blocked: true });
  await world.settle();
  const ofAda = [paths.PUBLIC, paths.FOLLOWERS, `/actors/${ada.actorId}/followers`];
  const absent = traitsOf(await askAs(troll, missing));
  for (const path of ofAda) expect(traitsOf(await askAs(troll, path))).toEqual(absent);
  const { body } = await askAs(troll, `/actors/${ada.actorId}`);
  expect(Object.keys(body).toSorted()).toEqual(MINIMAL);

  const ben = await world.local('ben');
  const ofBen = `/posts/${innerId(await publish(world, ben))}`;
  expect((await askAs(troll, ofBen)).status).toBe(200);
  await world.services.database.transaction((tx) =>
    setActorSuspended(tx, actorId, true, world.clock.now()),
  );
  for (const path of [ofBen, missing, `/actors/${ben.actorId}/following`])
    expect([path, (await askAs(troll, path)).status]).toEqual([path, 403]);
  const ofBenNow = await askAs(troll, `/actors/${ben.actorId}`);
  expect([ofBenNow.status, Object.keys(ofBenNow.body).toSorted()]).toEqual([200, MINIMAL]);
});

const MINIMAL = [
  '@context',
  'assertionMethod',
  'endpoints',
  'id',
  'inbox',
  'preferredUsername',
  'publicKey',
  'type',
];

test('an entitlement ends when its reason ends', async () => {
  const former = peer.actor('former');
  await follow(former);
  expect((await askAs(former, paths.FOLLOWERS)).status).toBe(200);
  const undo = activityBy(former, 'Undo', {
    type: 'Follow',
    actor: former.uri,
    object: uriOf(ada),
  });
  expect(await peer.send(world, former, undo)).toBe(202);
  await world.settle();
  expect((await askAs(former, paths.FOLLOWERS)).status).toBe(404);
});

test('where signatures are required, unsigned questions get keys, discovery and pages, and nothing else', async () => {
  const strict = await network.join('strict.example', { SIGNED_FETCH: 'required' });
  const eve = await strict.local('eve');
  const path = `/posts/${innerId(await publish(strict, eve))}`;
  const eveUri = `/actors/${eve.actorId}`;
  for (const closed of [path, missing, `${eveUri}/followers`, `${eveUri}/following`])
    expect([closed, (await ask(strict, closed)).status]).toEqual([closed, 401]);
  for (const mine of [eveUri, '/@eve'])
    expect(Object.keys((await ask(strict, mine)).body).toSorted()).toEqual(MINIMAL);
  const open = [
    '/actor',
    '/.well-known/webfinger?resource=acct:eve@strict.example',
    '/.well-known/nodeinfo',
    '/nodeinfo/2.1',
  ];
  for (const path of open) expect([path, (await ask(strict, path)).status]).toEqual([path, 200]);
  const page = await ask(strict, '/@eve', { accept: 'text/html' });
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);

  const signed = async (asked: string): Promise<FetchedDocument> =>
    ask(strict, asked, signedBy(strict, application, asked));
  expect((await signed(path)).status).toBe(200);
  expect((await signed(missing)).status).toBe(404);
  expect((await signed(eveUri)).body).toHaveProperty('followers');
});

test('two servers that both require signatures find each other, and neither waits for the other', async () => {
  const [left, right] = [
    await network.join('left.example', { SIGNED_FETCH: 'required' }),
    await network.join('right.example', { SIGNED_FETCH: 'required' }),
  ];
  const [lea, rob] = [await left.local('lea'), await right.local('rob')];
  await meet(lea, 'rob@right.example');
  await meet(rob, 'lea@left.example');
  const known = (of: World, uri: string): Promise<RemoteActor | null> =>
    findRemoteActor(of.services.database, uri);
  expect(await known(left, `https://right.example/actors/${rob.actorId}`)).toMatchObject({
    followersUri: `https://right.example/actors/${rob.actorId}/followers`,
  });
  expect(await known(right, `https://left.example/actors/${lea.actorId}`)).toMatchObject({
    followersUri: `https://left.example/actors/${lea.actorId}/followers`,
  });
});
