// Playlists through the public API, to other servers and in a browser: what sets them apart from collections.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getDocument, walkCollection } from '../support/documents.js';
import { block, follow, publish, type Answered } from '../support/posts.js';
import { publishVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mallory: Person;
let open: string;
let close: string;
let photo: string;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
  open = (await publishVideo(world, ada)).postId;
  close = (await publishVideo(world, ada, { visibility: 'FOLLOWERS' })).postId;
  photo = await publish(world, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

const FIELDS = `id uri title description visibility videoCount owner { username }
  videos(first: 10) { nodes { id } }`;

interface SeenPlaylist {
  readonly id: string;
  readonly uri: string;
  readonly videos: { readonly nodes: readonly { readonly id: string }[] };
}

type Changed = Answered<{ playlist: SeenPlaylist | null; deletedPlaylistId?: string | null }>;

async function change(
  who: Person,
  name: 'savePlaylist' | 'setInPlaylist',
  input: Record<string, unknown>,
): Promise<Changed> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await who.graphql<Record<string, Changed>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { playlist { ${FIELDS} } userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

async function make(who: Person, input: Record<string, unknown> = {}): Promise<SeenPlaylist> {
  const { playlist, userErrors } = await change(who, 'savePlaylist', {
    title: 'Flights',
    ...input,
  });
  expect(userErrors).toEqual([]);
  return playlist!;
}

async function see(who: Person | null, id: string): Promise<SeenPlaylist | null> {
  const answer = await (who ?? world).graphql<{ node: SeenPlaylist | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Playlist { ${FIELDS} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

const videosOf = (playlist: SeenPlaylist | null) => playlist?.videos.nodes.map(({ id }) => id);

test('a playlist is made, put in another order, filled, emptied and deleted by its owner', async () => {
  const made = await make(ada, { description: 'All *mine*', postIds: [close, open] });
  expect(made).toMatchObject({
    title: 'Flights',
    description: '<p>All <em>mine</em></p>',
    visibility: 'PUBLIC',
    videoCount: 2,
    owner: { username: 'ada' },
  });
  const playlistId = made.id;
  const moved = await change(ada, 'savePlaylist', { playlistId, postIds: [open, close] });
  expect(videosOf(moved.playlist)).toEqual([open, close]);
  const set = async (included: boolean) =>
    videosOf((await change(ada, 'setInPlaylist', { playlistId, postId: open, included })).playlist);
  expect(await set(false)).toEqual([close]);
  expect(await set(false)).toEqual([close]);
  expect(await set(true)).toEqual([close, open]);
  expect(await set(true)).toEqual([close, open]);
  const remove = async (who: Person) =>
    (
      await who.graphql(
        `mutation ($input: DeletePlaylistInput!) { deletePlaylist(input: $input) {
          deletedPlaylistId userErrors { code path } } }`,
        { input: { playlistId } },
      )
    ).data['deletePlaylist'];
  const refused = {
    deletedPlaylistId: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['playlistId'] }],
  };
  expect(await remove(ben)).toEqual(refused);
  expect(await remove(ada)).toEqual({ deletedPlaylistId: playlistId, userErrors: [] });
  expect(await remove(ada)).toEqual(refused);
});

test('only own videos have a place in it', async () => {
  const { id: playlistId } = await make(ada, { postIds: [open] });
  const foreign = (await publishVideo(world, ben)).postId;
  for (const postId of [photo, foreign]) {
    expect(await change(ada, 'savePlaylist', { playlistId, postIds: [open, postId] })).toEqual({
      playlist: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['postIds', '1'] }],
    });
    expect(
      await change(ada, 'setInPlaylist', { playlistId, postId, included: true }),
    ).toMatchObject({ userErrors: [{ code: 'NOT_FOUND', path: ['postId'] }] });
  }
  expect(videosOf(await see(ada, playlistId))).toEqual([open]);
});

test('everybody sees what they may see of it, and of a private one nothing', async () => {
  const { id } = await make(ada, { postIds: [close, open] });
  expect(videosOf(await see(ben, id))).toEqual([close, open]);
  expect(await see(null, id)).toMatchObject({ videoCount: 1, videos: { nodes: [{ id: open }] } });
  expect(await see(mallory, id)).toBeNull();
  const hidden = await make(ada, { visibility: 'MENTIONED', postIds: [open] });
  for (const who of [ben, mallory, null]) expect(await see(who, hidden.id)).toBeNull();
});

test('playlists and collections do not take each other’s ids', async () => {
  const { id } = await make(ada, { postIds: [open] });
  const asCollection = id.replace('playlist_', 'collection_');
  const answer = await ada.graphql<{ saveCollection: Answered<object> }>(
    `mutation ($id: ID!) { saveCollection(input: { collectionId: $id, postIds: [] }) { userErrors { code path } } }`,
    { id: asCollection },
  );
  expect(answer.data.saveCollection.userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['collectionId'] },
  ]);
  const made = await ada.graphql<{ saveCollection: { collection: { id: string } } }>(
    'mutation { saveCollection(input: { title: "Journey" }) { collection { id } } }',
  );
  const { id: collectionId } = made.data.saveCollection.collection;
  const playlistId = collectionId.replace('collection_', 'playlist_');
  expect(await see(ada, playlistId)).toBeNull();
  expect(await change(ada, 'savePlaylist', { playlistId, title: 'x' })).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND', path: ['playlistId'] }],
  });
  const read = await ada.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: asCollection });
  expect(read.data['node']).toBeNull();
  expect(videosOf(await see(ada, id))).toEqual([open]);
});

test('a profile and a video list their playlists apart from collections, unlisted ones to the owner only', async () => {
  const eva = await world.local('eva');
  const video = (await publishVideo(world, eva)).postId;
  for (const visibility of ['PUBLIC', 'UNLISTED']) {
    world.clock.advance(1);
    await make(eva, { title: visibility, visibility, postIds: [video] });
  }
  await eva.graphql(
    'mutation ($ids: [ID!]) { saveCollection(input: { title: "Both", postIds: $ids }) { collection { id } } }',
    { ids: [video] },
  );
  interface Lists {
    readonly playlists: { readonly nodes: readonly { readonly title: string }[] };
    readonly collections: { readonly nodes: readonly { readonly title: string }[] };
  }
  const lists = async (who: Person | null) => {
    const { data } = await (who ?? world).graphql<{ actor: Lists; node: Lists }>(
      `query ($id: ID!) { actor(by: { handle: "eva" }) { playlists { nodes { title } } collections { nodes { title } } }
         node(id: $id) { ... on VideoPost { playlists { nodes { title } } collections { nodes { title } } } } }`,
      { id: video },
    );
    expect(data.node).toEqual(data.actor);
    for (const { collections } of [data.actor, data.node])
      expect(collections.nodes).toEqual([{ title: 'Both' }]);
    return data.actor.playlists.nodes.map(({ title }) => title);
  };
  expect(await lists(eva)).toEqual(['UNLISTED', 'PUBLIC']);
  expect(await lists(ben)).toEqual(['PUBLIC']);
  expect(await lists(null)).toEqual(['PUBLIC']);
});

test('other servers and browsers find it at its address and among what its owner put in order', async () => {
  const { uri } = await make(ada, { title: 'Abroad', postIds: [close, open] });
  const { body } = await getDocument(world, uri);
  expect(body).toMatchObject({ type: 'OrderedCollection', name: 'Abroad', totalItems: 1 });
  const { items } = await walkCollection(world, `${uri}?page=true`, 'next');
  expect(items).toHaveLength(1);
  const owner = await world.graphql<{ actor: { uri: string } }>(
    '{ actor(by: { handle: "ada" }) { uri } }',
  );
  const streams = await getDocument(world, `${owner.data.actor.uri}/collections`);
  expect((streams.body as { orderedItems: string[] }).orderedItems).toContain(uri);
  const hidden = await make(ada, { visibility: 'MENTIONED' });
  expect((await getDocument(world, hidden.uri)).status).toBe(404);
  const page = await fetch(world.origin + new URL(uri).pathname, {
    headers: { accept: 'text/html', 'accept-language': 'fr' },
  });
  expect(await page.text()).toContain('Une liste de lecture de ');
});

test('refusals are said in French to whoever reads French', async () => {
  const answer = await world.graphql<{ savePlaylist: { userErrors: unknown[] } }>(
    'mutation { savePlaylist(input: { title: " " }) { userErrors { code message path } } }',
    {},
    ada.token,
    { 'accept-language': 'fr' },
  );
  expect(answer.data.savePlaylist.userErrors).toEqual([
    { code: 'INVALID_INPUT', message: 'Cette information est obligatoire.', path: ['title'] },
  ]);
});

test('the number of playlists is limited apart from that of collections', async () => {
  const fay = await world.local('fay');
  for (let count = 0; count < 100; count++) await make(fay);
  expect((await change(fay, 'savePlaylist', { title: 'One more' })).userErrors).toMatchObject([
    { code: 'LIMIT_EXCEEDED' },
  ]);
  const made = await fay.graphql<{ saveCollection: Answered<object> }>(
    'mutation { saveCollection(input: { title: "Journey" }) { userErrors { code } } }',
  );
  expect(made.data.saveCollection.userErrors).toEqual([]);
});
