// Servers that lie: each is a real server on the network, and what it sends is signed as it claims or not.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fetchActor, findRemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { innerId, publish } from '../support/posts.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { flatPng } from '../support/pictures.js';
import { declareUpload, sendBytes, uploadPicture } from '../support/upload.js';
import type { Person, World } from '../support/world.js';

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
const COUNTS = statement(
  'test.effects',
  `select (select count(*)::int from posts) as posts, (select count(*)::int from follows) as follows,
     (select count(*)::int from reactions) as reactions, (select count(*)::int from notifications) as notifications,
     (select count(*)::int from received_activities) as received`,
);
const LIKES = statement(
  'test.hostile_peer.likes',
  'select likes from post_counts where post_id = $1',
);
const POSTS = statement(
  'test.remote_posts',
  `select uri, content_html as html, deleted_at is not null as "isDeleted" from posts where not is_local order by uri`,
);
const FOLLOW_STATE = statement(
  'test.follow_state',
  'select state from follows where follower_id = $1 and followee_id = $2',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let victim: FakePeer;
let evil: FakePeer;
let alice: PeerActor;
let mallory: PeerActor;
let ada: Person;
let postUri: string;
let postId: string;
let numbers = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  victim = stack.use(await startFakePeer(network, 'victim.test'));
  evil = stack.use(await startFakePeer(network, 'evil.test'));
  [alice, mallory] = [victim.actor('alice'), evil.actor('mallory')];
  ada = await world.local('ada');
});

beforeEach(async () => {
  postId = innerId(await publish(world, ada));
  postUri = `https://a.example/posts/${postId}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const fresh = (origin: string): string => `${origin}/activities/${(numbers += 1)}`;

function like(actor: PeerActor, more: object = {}): Record<string, unknown> {
  const id = fresh(new URL(actor.uri).origin);
  return { id, type: 'Like', actor: actor.uri, object: postUri, to: [adaUri()], ...more };
}

const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;

function note(author: PeerActor, more: object = {}): Record<string, unknown> & { id: string } {
  return {
    id: fresh(new URL(author.uri).origin),
    type: 'Note',
    attributedTo: author.uri,
    content: '<p>Hello</p>',
    published: world.clock.now().toISOString(),
    to: [PUBLIC],
    cc: [adaUri()],
    tag: [{ type: 'Mention', href: adaUri(), name: '@ada@a.example' }],
    attachment: [{ type: 'Document', mediaType: 'image/jpeg', url: `${victim.origin}/p.jpg` }],
    ...more,
  };
}

const wrap = (type: string, actor: PeerActor, object: unknown): Record<string, unknown> => ({
  id: fresh(new URL(actor.uri).origin),
  type,
  actor: actor.uri,
  object,
  to: [PUBLIC],
});

/** Sends, and says whether anything at all came of it. */
async function effectOf(
  send: () => Promise<number>,
): Promise<{ status: number; hasEffect: boolean }> {
  const before = await world.services.database.row(COUNTS);
  const status = await send();
  await world.settle();
  const after = await world.services.database.row(COUNTS);
  return { status, hasEffect: JSON.stringify(before) !== JSON.stringify(after) };
}

const likes = async (): Promise<number> =>
  (await world.services.database.row<{ likes: number }>(LIKES, [postId]))!.likes;
const remotePosts = () =>
  world.services.database.rows<{ uri: string; html: string; isDeleted: boolean }>(POSTS);

test('an honest peer is heard', async () => {
  expect(await victim.send(world, alice, like(alice))).toBe(202);
  await world.settle();
  expect(await likes()).toBe(1);
});

test('F01 a key document on another server that names a victim as its owner proves nothing', async () => {
  evil.serve('/key', {
    body: {
      id: `${evil.origin}/key`,
      owner: alice.uri,
      publicKeyPem: (mallory.document['publicKey'] as { publicKeyPem: string }).publicKeyPem,
    },
  });
  const signing = { keyId: `${evil.origin}/key`, key: mallory.key };
  expect(await effectOf(() => evil.send(world, alice, like(alice), signing))).toEqual({
    status: 401,
    hasEffect: false,
  });
});

test('F02 the key of somebody else on the same server proves nothing', async () => {
  const neighbour = victim.actor('neighbour');
  const { keyId, key } = neighbour;
  expect(await effectOf(() => victim.send(world, alice, like(alice), { keyId, key }))).toEqual({
    status: 401,
    hasEffect: false,
  });
});

test('F03 an actor that answers with the document of another one proves nothing', async () => {
  const mask = victim.actor('mask');
  victim.serve('/users/shown', { body: mask.document });
  victim.serve('/users/moved', {
    status: 302,
    headers: { location: mask.uri },
    body: '',
  });
  for (const name of ['shown', 'moved']) {
    const uri = `${victim.origin}/users/${name}`;
    const claimed = { ...mask, uri, keyId: `${uri}#main-key` };
    expect(await effectOf(() => victim.send(world, claimed, like(claimed)))).toEqual({
      status: 401,
      hasEffect: false,
    });
  }
});

test('F04 an id on the server of the victim is refused, and the genuine activity of that id is heard later', async () => {
  const genuine = like(alice);
  const squat = { ...like(mallory), id: genuine['id'] };
  expect(await effectOf(() => evil.send(world, mallory, squat))).toEqual({
    status: 400,
    hasEffect: false,
  });
  expect(await victim.send(world, alice, genuine)).toBe(202);
  await world.settle();
  expect(await likes()).toBe(1);
});

test('F06 activities without an id are refused', async () => {
  const { id: _id, ...anonymous } = like(alice);
  expect((await effectOf(() => victim.send(world, alice, anonymous))).status).toBe(400);
});

test('F07 F08 F09 nobody but its author changes or deletes a post', async () => {
  const neighbour = victim.actor('jealous');
  const original = note(alice);
  expect(await victim.send(world, alice, wrap('Create', alice, original))).toBe(202);
  await world.settle();
  const forged = { ...original, content: '<p>Owned</p>', updated: world.clock.now().toISOString() };
  const attempts: [FakePeer, PeerActor, object][] = [
    [evil, mallory, wrap('Update', mallory, forged)],
    [evil, mallory, wrap('Update', mallory, { ...forged, attributedTo: mallory.uri })],
    [victim, neighbour, wrap('Update', neighbour, forged)],
    [victim, neighbour, wrap('Update', neighbour, { ...forged, attributedTo: neighbour.uri })],
    [evil, mallory, wrap('Delete', mallory, original.id)],
    [victim, neighbour, wrap('Delete', neighbour, { id: original.id, type: 'Tombstone' })],
  ];
  for (const [peer, actor, activity] of attempts) await peer.send(world, actor, activity);
  await world.settle();
  expect((await remotePosts()).find(({ uri }) => uri === original.id)).toEqual({
    uri: original.id,
    html: '<p>Hello</p>',
    isDeleted: false,
  });
  expect(await victim.send(world, alice, wrap('Delete', alice, original.id))).toBe(202);
  await world.settle();
  expect((await remotePosts()).find(({ uri }) => uri === original.id)?.isDeleted).toBe(true);
});

test('F11 the body that an Announce embeds is never stored', async () => {
  const invented = note(alice, { content: '<p>Never said</p>' });
  await evil.send(world, mallory, wrap('Announce', mallory, invented));
  await world.settle();
  expect((await remotePosts()).map(({ uri }) => uri)).not.toContain(invented.id);
});

test('F13 what is attributed to somebody of another server is not believed', async () => {
  const foreign = note(alice);
  await evil.send(world, mallory, wrap('Create', mallory, foreign));
  await evil.send(
    world,
    mallory,
    wrap('Create', mallory, note(mallory, { attributedTo: alice.uri })),
  );
  await world.settle();
  const kept = (await remotePosts()).map(({ uri }) => uri);
  expect(kept).not.toContain(foreign.id);
  expect(kept.filter((uri) => uri.startsWith(evil.origin))).toEqual([]);
});

test('F14 F17 F18 documents count where they stand and as what they are sent', async () => {
  const { document } = alice;
  evil.serve('/x', { body: { ...document, id: `${victim.origin}/users/nobody` } });
  await expect(fetchActor(world.services, `${evil.origin}/x`)).rejects.toThrow();
  for (const [index, type] of [
    'image/png',
    'text/plain',
    'application/json',
    'text/html',
  ].entries()) {
    const uri = `${evil.origin}/typed/${index}`;
    evil.serve(`/typed/${index}`, { type, body: { ...mallory.document, id: uri } });
    await expect(fetchActor(world.services, uri)).rejects.toThrow('Content type');
  }
});

test('F17 the inbox reads nothing that is not sent as ActivityStreams', async () => {
  for (const type of ['application/json', 'text/plain', 'text/html', 'image/png', ''])
    expect([
      type,
      await victim.send(world, alice, like(alice), {
        tamper: ({ headers }) => void (headers['content-type'] = type),
      }),
    ]).toEqual([type, 415]);
  const type = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';
  const tamper = ({ headers }: { headers: Record<string, string> }): void => {
    headers['content-type'] = type;
  };
  expect(await victim.send(world, alice, like(alice), { tamper })).toBe(202);
});

test('F20 what people upload is never served as a document', async () => {
  const disguised = Buffer.from(JSON.stringify({ ...mallory.document, type: 'Person' }));
  const { ticket } = await declareUpload(ada, disguised);
  await sendBytes(world, ticket!, disguised);
  const picture = await uploadPicture(world, ada, flatPng(40, 30));
  await world.settle();
  const answer = await ada.graphql<{ nodes: ({ state: string; url: string | null } | null)[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ImageMedia { state url } } }',
    { ids: [ticket!.media.id, picture] },
  );
  const [refused, shown] = answer.data.nodes;
  expect(refused).toMatchObject({ state: 'REJECTED', url: null });
  const headers = { accept: 'application/activity+json' };
  const response = await fetch(world.reach(shown!.url!), { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^image\//);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('F26 the same signed request twice, and fifty times at once, has one effect', async () => {
  const activity = like(alice);
  const all = await Promise.all(
    Array.from({ length: 50 }, () => victim.send(world, alice, activity)),
  );
  expect(new Set(all)).toEqual(new Set([202]));
  await world.settle();
  expect(await likes()).toBe(1);
});

test('F32 a new key is asked for once and then believed; F33 not because its owner says so in an Update', async () => {
  const rotating = victim.actor('rotating');
  expect(await victim.send(world, rotating, like(rotating))).toBe(202);
  const next = victim.actor('rotating-next');
  const document = {
    ...rotating.document,
    publicKey: {
      ...(next.document['publicKey'] as object),
      id: rotating.keyId,
      owner: rotating.uri,
    },
  };
  const update = wrap('Update', rotating, document);
  expect(await victim.send(world, rotating, update, { key: next.key })).toBe(401);
  victim.serve('/users/rotating', { body: document });
  await world.settle();
  world.clock.advance(6 * 60);
  expect(await victim.send(world, rotating, like(rotating), { key: next.key })).toBe(202);
  expect(await victim.send(world, rotating, like(rotating))).toBe(401);
});

test('F39 contexts are not asked for', async () => {
  const contexts = Array.from({ length: 20 }, (_, n) => `${evil.origin}/context/${n}`);
  await evil.send(world, mallory, { ...like(mallory), '@context': contexts });
  await world.settle();
  expect(evil.requests.filter(({ path }) => path.startsWith('/context'))).toEqual([]);
});

test('F40 F41 only who was asked accepts, and a follow exists only then', async () => {
  const [cleo, dora] = [await world.local('cleo'), await world.local('dora')];
  const remote = await fetchActor(world.services, alice.uri);
  await fetchActor(world.services, mallory.uri);
  const stateOf = async (who: Person): Promise<string | null> => {
    const values = [who.actorId, remote.actorId];
    const row = await world.services.database.row<{ state: string }>(FOLLOW_STATE, values);
    return row?.state ?? null;
  };
  const { followActor } = await import('../../src/actors/follow-actor.js');
  for (const who of [cleo, dora])
    await followActor(await who.context(), {
      actorId: remote.actorId,
      notifiesOnPost: false,
      showsReposts: true,
    });
  await network.settle();
  const asked = victim.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as { id: string; type: string; actor: string })
    .filter(({ type }) => type === 'Follow');
  const ofCleo = asked.find(({ actor }) => actor.endsWith(cleo.actorId))!;
  expect(await stateOf(cleo)).toBe('REQUESTED');
  await evil.send(world, mallory, wrap('Accept', mallory, ofCleo));
  await evil.send(world, mallory, wrap('Accept', mallory, ofCleo.id));
  await world.settle();
  expect(await stateOf(cleo)).toBe('REQUESTED');
  await victim.send(world, alice, wrap('Accept', alice, ofCleo));
  await world.settle();
  expect([await stateOf(cleo), await stateOf(dora)]).toEqual(['ACCEPTED', 'REQUESTED']);
  await victim.send(world, alice, wrap('Reject', alice, ofCleo));
  await world.settle();
  expect(await stateOf(cleo)).toBeNull();
});

test('F43 nobody undoes what somebody else did', async () => {
  const done = like(alice);
  await victim.send(world, alice, done);
  await world.settle();
  await evil.send(world, mallory, wrap('Undo', mallory, done));
  await evil.send(world, mallory, wrap('Undo', mallory, done['id']));
  await world.settle();
  expect(await likes()).toBe(1);
  await victim.send(world, alice, wrap('Undo', alice, done));
  await world.settle();
  expect(await likes()).toBe(0);
});

test('F43 what is undone or deleted before it comes is not done when it comes', async () => {
  const undone = like(alice);
  await victim.send(world, alice, wrap('Undo', alice, undone['id']));
  await world.settle();
  await victim.send(world, alice, undone);
  const deleted = note(alice);
  await victim.send(world, alice, wrap('Delete', alice, deleted.id));
  await world.settle();
  await victim.send(world, alice, wrap('Create', alice, deleted));
  await world.settle();
  expect(await likes()).toBe(0);
  expect((await remotePosts()).map(({ uri }) => uri)).not.toContain(deleted.id);
});

test('F47 who is blocked has no effect', async () => {
  const troll = evil.actor('troll');
  const remote = await fetchActor(world.services, troll.uri);
  const { setBlock } = await import('../../src/actors/set-block.js');
  await setBlock(await ada.context(), { actorId: remote.actorId, blocked: true });
  await network.settle();
  await evil.send(world, troll, like(troll));
  await evil.send(world, troll, wrap('Follow', troll, adaUri()));
  await world.settle();
  expect(await likes()).toBe(0);
  const values = [remote.actorId, ada.actorId];
  expect(await world.services.database.row(FOLLOW_STATE, values)).toBeNull();
});

test('F59 every text of another server is stored as it is', async () => {
  const strange = `x' or 1=1; drop table posts; -- % _ $.a ? {}`;
  const odd = evil.actor('odd', { name: strange, summary: '<script>alert(1)</script><p>hi</p>' });
  const remote = await fetchActor(world.services, odd.uri);
  const row = await world.services.database.row<{ name: string; bio: string }>(
    statement('test.odd', 'select display_name as name, bio_html as bio from actors where id = $1'),
    [remote.actorId],
  );
  expect(row).toEqual({ name: strange, bio: '<p>hi</p>' });
});

test('F62 thirty unknown keys of one server are asked for five times at most', async () => {
  const third = stack.use(await startFakePeer(network, 'third.test'));
  for (let index = 0; index < 30; index++) {
    const uri = `${third.origin}/users/ghost${index}`;
    const ghost = { ...mallory, uri, keyId: `${uri}#main-key` };
    expect(await third.send(world, ghost, like(ghost))).toBe(401);
  }
  expect(third.requests.length).toBeLessThanOrEqual(5);
});

test('F65 a handle that another server gives to an actor is not shown', async () => {
  const thief = evil.actor('thief');
  evil.serve(`/.well-known/webfinger?resource=${encodeURIComponent('acct:thief@evil.test')}`, {
    type: 'application/jrd+json',
    body: {
      subject: 'acct:alice@victim.test',
      links: [{ rel: 'self', type: 'application/activity+json', href: thief.uri }],
    },
  });
  await expect(fetchActor(world.services, thief.uri)).rejects.toThrow('belongs');
  expect(await findRemoteActor(world.services.database, thief.uri)).toBeNull();
});

test('F70 a hundred likes of one actor are one, and one Undo takes it back', async () => {
  const all = Array.from({ length: 100 }, () => like(alice));
  await Promise.all(all.map((activity) => victim.send(world, alice, activity)));
  await world.settle();
  expect(await likes()).toBe(1);
  await victim.send(world, alice, wrap('Undo', alice, all[50]));
  await world.settle();
  expect(await likes()).toBe(0);
});

test('F55 a body beyond the limit, and one of another type, are refused', async () => {
  const long = like(alice, { content: 'x'.repeat(1_100_000) });
  expect((await effectOf(() => victim.send(world, alice, long))).status).toBe(413);
  const tamper = ({ headers }: { headers: Record<string, string> }): void => {
    headers['content-type'] = 'text/plain';
  };
  expect((await effectOf(() => victim.send(world, alice, like(alice), { tamper }))).status).toBe(
    415,
  );
});
