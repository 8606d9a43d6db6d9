// Places with the real gazetteer, through the public API.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadPlaces } from '../../src/places/jobs/load-places.job.js';
import { statement } from '../../src/platform/db/database.js';
import { block, follow, publish, sendPost, readyPicture } from '../support/posts.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let mallory: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
  await load();
});

afterAll(() => world[Symbol.asyncDispose]());

const load = () => loadPlaces.run({ ...world.services, jobId: '1', attempt: 1 }, {});

const SEARCH = `query ($query: String!, $first: Int!) { searchPlaces(query: $query, first: $first) {
  id name country inFrench: country(language: "fr") countryCode regionCode latitude longitude population timezone } }`;

interface FoundPlace {
  readonly id: string;
  readonly name: string;
  readonly countryCode: string;
  readonly regionCode: string | null;
}

async function search(query: string, first = 10): Promise<FoundPlace[]> {
  const answer = await world.graphql<{ searchPlaces: FoundPlace[] }>(SEARCH, { query, first });
  expect(answer.errors).toBeUndefined();
  return answer.data.searchPlaces;
}

const COUNT = statement('test.places', 'select count(*)::int as count from places');

test('the whole gazetteer is loaded, and loading it again changes nothing', async () => {
  const before = await world.services.database.row<{ count: number }>(COUNT);
  expect(before!.count).toBeGreaterThan(190_000);
  await load();
  expect(await world.services.database.row(COUNT)).toEqual(before);
});

test('a place is found by the begin of its name in any language, without regard to case and accents', async () => {
  const [cologne] = await search('Köln');
  expect(cologne).toMatchObject({
    name: 'Köln',
    countryCode: 'DE',
    country: 'Germany',
    inFrench: 'Allemagne',
    timezone: 'Europe/Berlin',
  });
  for (const written of ['koln', 'KÖLN', 'Cologne', 'Кёльн', '科隆'])
    expect((await search(written)).map(({ id }) => id)).toContain(cologne!.id);
  const paris = await search('paris', 20);
  expect(paris[0]).toMatchObject({ name: 'Paris', countryCode: 'FR' });
  expect(paris).toContainEqual(expect.objectContaining({ countryCode: 'US', regionCode: 'TX' }));
  expect(await search('new yo')).toContainEqual(
    expect.objectContaining({ name: 'New York City', countryCode: 'US' }),
  );
});

test('signs that are wildcards in SQL find only themselves', async () => {
  expect(await search('%%')).toEqual([]);
  expect(await search('p_ris')).toEqual([]);
  expect(await search('\\\\')).toEqual([]);
});

test.each([
  ['a', 10, 'query'],
  ['x'.repeat(101), 10, 'query'],
  ['paris', 0, 'first'],
  ['paris', 21, 'first'],
])('a search for %p with first %p is refused', async (query, first, field) => {
  const { errors } = await world.graphql(SEARCH, { query, first });
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(errors?.[0]?.message).toMatch(field === 'query' ? /characters/ : /places/);
});

const POST = `query ($id: ID!) { node(id: $id) { ... on PhotoPost { place { name } revisions { nodes { caption } } } } }`;
const PLACE = `query ($id: ID!) { place(id: $id) { name postCount posts(first: 10) { nodes { id } } } }`;

test('a post says where it was made, and its place shows what the viewer may see', async () => {
  const [lyon] = await search('Lyon');
  const placeId = lyon!.id;
  const open = await publish(world, ada, { placeId });
  const close = await publish(world, ada, { placeId, visibility: 'FOLLOWERS' });
  expect((await ben.graphql(POST, { id: open })).data).toMatchObject({
    node: { place: { name: 'Lyon' } },
  });
  const seenBy = async (who: Person | null) =>
    (await (who ?? world).graphql(PLACE, { id: placeId })).data;
  expect(await seenBy(ben)).toEqual({
    place: { name: 'Lyon', postCount: 2, posts: { nodes: [{ id: close }, { id: open }] } },
  });
  expect(await seenBy(null)).toMatchObject({
    place: { postCount: 1, posts: { nodes: [{ id: open }] } },
  });
  expect(await seenBy(mallory)).toMatchObject({ place: { postCount: 0, posts: { nodes: [] } } });
});

test('the place of a post can be changed and taken away, without a revision', async () => {
  const [nice] = await search('Nice');
  const [nantes] = await search('Nantes');
  const id = await publish(world, ada, { placeId: nice!.id });
  const UPDATE = `mutation ($input: UpdatePostInput!) { updatePost(input: $input) {
    post { place { name } } userErrors { code path } } }`;
  const update = async (placeId: string | null) =>
    (await ada.graphql(UPDATE, { input: { postId: id, placeId } })).data['updatePost'];
  expect(await update(nantes!.id)).toEqual({ post: { place: { name: 'Nantes' } }, userErrors: [] });
  expect(await update(null)).toEqual({ post: { place: null }, userErrors: [] });
  const unknown = { post: null, userErrors: [{ code: 'NOT_FOUND', path: ['placeId'] }] };
  expect(await update('place_00000000000000000000000000')).toEqual(unknown);
  expect(await update(ada.actorGlobalId)).toEqual(unknown);
  expect((await ada.graphql(POST, { id })).data).toMatchObject({
    node: { place: null, revisions: { nodes: [] } },
  });
});

test('a post with an unknown place is refused as a whole', async () => {
  const mediaIds = [await readyPicture(world, ada)];
  const common = { placeId: 'place_00000000000000000000000000' };
  expect(await sendPost(ada, { mediaIds, common })).toEqual({
    post: null,
    postEdge: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['common', 'placeId'] }],
  });
});

test('the server says whose data the places are', async () => {
  const { data } = await world.graphql('{ instance { attributions { text license } } }');
  expect(data['instance']).toEqual({
    attributions: [{ text: 'Places: © GeoNames', license: 'CC-BY-4.0' }],
  });
});
