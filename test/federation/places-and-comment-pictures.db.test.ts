// Where posts of other servers were made, and the pictures in comments that come from there.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { PUBLIC, activityBy, answerBy, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { flatPng } from '../support/pictures.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const PLACES = statement(
  'test.add_places',
  `insert into places (id, name, names_folded, country_code, latitude, longitude, population, timezone)
   select id::uuid, name, chr(10) || lower(name) || chr(10), country, latitude, longitude, 1000, 'America/Los_Angeles'
   from json_to_recordset($1) as t(id text, name text, country text, latitude float8, longitude float8)`,
);
const GAZETTEER = [
  { name: 'Menlo Park', country: 'US', latitude: 37.45, longitude: -122.18 },
  { name: 'Menlo Park', country: 'US', latitude: 40.57, longitude: -74.34 },
  { name: 'Paris', country: 'FR', latitude: 48.85, longitude: 2.35 },
].map((place, index) => ({ ...place, id: `00000000-0000-5000-8000-00000000000${index}` }));
const MEDIA_LEFT = statement(
  'test.media_left',
  'select count(*)::int as count from media where remote_url = any($1::text[]) and deleted_at is null',
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let fay: PeerActor;
let pictures = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  fay = peer.actor('fay');
  ada = await world.local('ada');
  await world.services.database.transaction((tx) => tx.rows(PLACES, [JSON.stringify(GAZETTEER)]));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;

async function hear(type: string, object: unknown): Promise<void> {
  expect(await peer.send(world, fay, activityBy(fay, type, object))).toBe(202);
  await world.settle();
}

interface Placed {
  readonly place: { readonly name: string; readonly latitude: number } | null;
  readonly placeName: string | null;
}

async function placeOf(uri: string): Promise<Placed | null> {
  const asking =
    'query ($uri: URL!) { post(by: { url: $uri }) { place { name latitude } placeName } }';
  return (await ada.graphql<{ post: Placed | null }>(asking, { uri })).data.post;
}

async function placed(location: unknown): Promise<Placed | null> {
  const note = noteBy(fay, { cc: [adaUri()], location });
  await hear('Create', note);
  return placeOf(note.id);
}

test('a place is found in the gazetteer by its name and where it lies, and called as its author calls it', async () => {
  const pixelfed = { longitude: '-122.182190', latitude: '37.453830', country: 'USA' };
  expect(await placed({ type: 'Place', name: 'Menlo Park', ...pixelfed })).toEqual({
    place: { name: 'Menlo Park', latitude: 37.45 },
    placeName: 'Menlo Park, USA',
  });
  const far = { latitude: 10, longitude: 10 };
  for (const where of [{}, far, { latitude: '4_8.85', longitude: 2.35 }, { latitude: 91 }])
    expect(await placed({ type: 'Place', name: 'Paris', ...where })).toEqual({
      place: null,
      placeName: 'Paris',
    });
});

test('what is no place is none, and a name without end is cut', async () => {
  const none = { place: null, placeName: null };
  for (const odd of [null, [], 'Paris', { name: 'Paris' }, { type: 'Place', name: ' ' }, 7])
    expect(await placed(odd)).toEqual(none);
  const long = await placed({ type: 'Place', name: '%_\\'.repeat(5_000), country: 'x' });
  expect(long?.placeName).toHaveLength(200);
});

test('a place that its author takes back or changes is taken back and changed', async () => {
  const note = noteBy(fay, { cc: [adaUri()], location: { type: 'Place', name: 'Paris' } });
  await hear('Create', note);
  const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
  const moved = { type: 'Place', name: 'Paris', latitude: 48.86, longitude: 2.34 };
  await hear('Update', { ...note, location: moved, updated: at(1) });
  expect(await placeOf(note.id)).toMatchObject({ place: { latitude: 48.85 } });
  await hear('Update', { ...note, location: null, updated: at(2) });
  expect(await placeOf(note.id)).toEqual({ place: null, placeName: null });
});

test('a post of this server is called after its place', async () => {
  const postId = await publish(world, ada);
  const changing =
    'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { post { placeName } userErrors { code } } }';
  const found = await ada.graphql<{ searchPlaces: { id: string }[] }>(
    '{ searchPlaces(query: "Paris") { id } }',
  );
  const placeId = found.data.searchPlaces[0]!.id;
  const answer = await ada.graphql(changing, { input: { postId, placeId } });
  expect(answer.data).toEqual({ updatePost: { post: { placeName: 'Paris' }, userErrors: [] } });
});

interface ShownComment {
  readonly id: string;
  readonly isSensitive: boolean;
  readonly contentWarning: string | null;
  readonly media: readonly { id: string; url: string | null; altText: string | null }[];
}

async function commentsOf(postId: string, who: Person): Promise<readonly ShownComment[]> {
  const asking = `query ($id: ID!) { post(by: { id: $id }) {
    comments(sort: OLDEST) { nodes { id isSensitive contentWarning media { id url altText } } } } }`;
  type Answer = { post: { comments: { nodes: ShownComment[] } } | null };
  const answer = await who.graphql<Answer>(asking, { id: postId });
  return answer.data.post?.comments.nodes ?? [];
}

function pictured(postId: string, count: number, more: object = {}): Written {
  const inReplyTo = `https://a.example/posts/${innerId(postId)}`;
  const attachment = Array.from({ length: count }, () => {
    const path = `/c${(pictures += 1)}.png`;
    peer.serve(path, { type: 'image/png', body: flatPng(40, 30) });
    return { type: 'Document', mediaType: 'image/png', url: `${peer.origin}${path}`, name: 'A' };
  });
  return answerBy(fay, inReplyTo, { attachment, to: [PUBLIC], ...more });
}

const urlsOf = (note: Written): string[] =>
  (note['attachment'] as { url: string }[]).map(({ url }) => url);

async function countLeft(note: Written): Promise<number> {
  const row = await world.services.database.row<{ count: number }>(MEDIA_LEFT, [urlsOf(note)]);
  return row!.count;
}

test('pictures in comments are shown from here, at most four, with what hides them', async () => {
  const postId = await publish(world, ada);
  const note = pictured(postId, 6, { sensitive: true, summary: 'Spiders' });
  await hear('Create', note);
  const [comment] = await commentsOf(postId, ada);
  expect(comment).toMatchObject({ isSensitive: true, contentWarning: 'Spiders' });
  expect(comment!.media).toHaveLength(4);
  for (const { url, altText } of comment!.media) {
    expect(altText).toBe('A');
    expect(new URL(url!).origin).toBe('https://a.example');
    const { pathname, search } = new URL(url!);
    expect((await fetch(new URL(pathname + search, world.origin))).status).toBe(200);
    expect((await fetch(new URL(pathname, world.origin))).status).not.toBe(200);
  }
});

test('who does not see a comment does not see its pictures', async () => {
  const postId = await publish(world, ada);
  await hear('Create', pictured(postId, 1));
  const [comment] = await commentsOf(postId, ada);
  const bob = await world.local('bob');
  const asking = 'query ($id: ID!) { node(id: $id) { id } }';
  const see = async () =>
    (await bob.graphql<{ node: object | null }>(asking, { id: comment!.media[0]!.id })).data.node;
  expect(await see()).not.toBeNull();
  const hiding =
    'mutation ($id: ID!) { setCommentHidden(input: { commentId: $id, hidden: true }) { userErrors { code } } }';
  const hidden = await ada.graphql(hiding, { id: comment!.id });
  expect(hidden.data).toEqual({ setCommentHidden: { userErrors: [] } });
  expect(await see()).toBeNull();
});

test('pictures go with their comment, and when it is changed', async () => {
  const postId = await publish(world, ada);
  const note = pictured(postId, 2);
  await hear('Create', note);
  expect(await countLeft(note)).toBe(2);
  const changed = pictured(postId, 1, { id: note.id, updated: new Date(Date.now() + 1_000) });
  await hear('Update', changed);
  expect([await countLeft(note), await countLeft(changed)]).toEqual([0, 1]);
  await hear('Delete', note.id);
  expect(await countLeft(changed)).toBe(0);
  expect(await commentsOf(postId, ada)).toEqual([]);
});
