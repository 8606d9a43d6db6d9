// Stories past their end: the author's archive, and highlights on the profile.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { follow, innerId, readyPicture, type Answered } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { sendStory, startStoryWorld, tell } from '../support/stories.js';
import type { Person, World } from '../support/world.js';

const DAY = 86_400;

let world: World;
let ada: Person;
let ben: Person;
let carl: Person;
let mallory: Person;

beforeAll(async () => {
  ({ world, ada, ben, carl, mallory } = await startStoryWorld());
});

afterAll(() => world[Symbol.asyncDispose]());

const HIGHLIGHT = `id title storyCount cover { id } owner { username } stories(first: 10) { nodes { id } }`;
const SAVE = `mutation ($input: SaveHighlightInput!) { saveHighlight(input: $input) {
  highlight { ${HIGHLIGHT} } userErrors { code path } } }`;

interface SeenHighlight {
  readonly id: string;
  readonly title: string;
  readonly storyCount: number;
  readonly cover: { readonly id: string } | null;
  readonly stories: { readonly nodes: readonly { readonly id: string }[] };
}

type Saved = Answered<{ highlight: SeenHighlight | null }>;

async function save(who: Person, input: Record<string, unknown>): Promise<Saved> {
  const answer = await who.graphql<{ saveHighlight: Saved }>(SAVE, { input });
  expect(answer.errors).toBeUndefined();
  return answer.data.saveHighlight;
}

async function make(who: Person, storyIds: string[], title = 'Journey'): Promise<string> {
  const { highlight, userErrors } = await save(who, { title, storyIds });
  expect(userErrors).toEqual([]);
  return highlight!.id;
}

async function look(who: Person | null, id: string): Promise<SeenHighlight | null> {
  const answer = await (who ?? world).graphql<{ node: SeenHighlight | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Highlight { ${HIGHLIGHT} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function seesStory(who: Person | null, id: string): Promise<boolean> {
  const answer = await (who ?? world).graphql<{ node: object | null }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id },
  );
  return answer.data.node !== null;
}

async function archiveOf(who: Person, page = 'first: 50'): Promise<string[]> {
  const answer = await who.graphql<{ viewer: { storyArchive: { nodes: { id: string }[] } } }>(
    `{ viewer { storyArchive(${page}) { nodes { id } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.storyArchive.nodes.map(({ id }) => id);
}

async function expire(): Promise<void> {
  world.clock.advance(DAY + 1);
  await runScheduled(world, 'removeExpiredStories');
  await world.settle();
}

const storiesOf = (highlight: SeenHighlight | null) => highlight?.stories.nodes.map(({ id }) => id);

const IS_RELEASED = statement(
  'test.is_released',
  'select deleted_at is not null as "isReleased" from media where id = $1',
);

test('an ended story is kept in the archive of its author, unless the author did not want that', async () => {
  const eva = await world.local('eva');
  await follow(world, ben, eva);
  const [mediaOfKept, mediaOfGone] = [
    await readyPicture(world, eva, { purpose: 'STORY' }),
    await readyPicture(world, eva, { purpose: 'STORY' }),
  ];
  const { story: kept } = await sendStory(eva, { mediaId: mediaOfKept });
  const { story: gone } = await sendStory(eva, { mediaId: mediaOfGone, keepInArchive: false });
  const second = await tell(world, eva);
  expect(await archiveOf(eva)).toEqual([]);
  await expire();
  expect(await archiveOf(eva)).toEqual([second, kept!.id]);
  expect(await archiveOf(eva, 'last: 1')).toEqual([kept!.id]);
  expect(await seesStory(eva, kept!.id)).toBe(true);
  expect(await seesStory(ben, kept!.id)).toBe(false);
  expect(await seesStory(eva, gone!.id)).toBe(false);
  const released = async (mediaId: string) =>
    world.services.database.row(IS_RELEASED, [innerId(mediaId)]);
  expect(await released(mediaOfKept)).toEqual({ isReleased: false });
  expect(await released(mediaOfGone)).toEqual({ isReleased: true });
  await eva.graphql(
    'mutation ($id: ID!) { deleteStory(input: { storyId: $id }) { userErrors { code } } }',
    { id: kept!.id },
  );
  expect(await archiveOf(eva)).toEqual([second]);
  expect(await released(mediaOfKept)).toEqual({ isReleased: true });
});

test('a highlight keeps a story past its end, for those who might see it before', async () => {
  const open = await tell(world, ada, { visibility: 'PUBLIC', keepInArchive: false });
  const close = await tell(world, ada, { keepInArchive: false });
  const id = await make(ada, [close, open]);
  await expire();
  expect(storiesOf(await look(ada, id))).toEqual([close, open]);
  expect(storiesOf(await look(ben, id))).toEqual([close, open]);
  expect(await look(carl, id)).toMatchObject({ storyCount: 1, stories: { nodes: [{ id: open }] } });
  expect(storiesOf(await look(null, id))).toEqual([open]);
  expect(await look(mallory, id)).toBeNull();
  expect(await seesStory(mallory, open)).toBe(false);
  expect([await seesStory(carl, open), await seesStory(carl, close)]).toEqual([true, false]);
  // It is no story of today any more.
  const answer = await ben.graphql(
    'query ($id: ID!) { node(id: $id) { ... on Actor { stories { id } storyTray { id } } } }',
    { id: ada.actorGlobalId },
  );
  expect(answer.data).toEqual({ node: { stories: [], storyTray: null } });
  // Taken out, nothing keeps it any more.
  expect((await save(ada, { highlightId: id, storyIds: [open] })).userErrors).toEqual([]);
  expect(await seesStory(ben, close)).toBe(false);
  await expire();
  expect(await seesStory(ada, close)).toBe(false);
  expect(await seesStory(ben, open)).toBe(true);
});

test('whoever sees no story of a highlight does not see the highlight, and its owner always does', async () => {
  const close = await tell(world, ada);
  const id = await make(ada, [close]);
  const empty = await make(ada, []);
  expect([await look(carl, id), await look(null, id)]).toEqual([null, null]);
  expect(await look(ben, id)).not.toBeNull();
  expect(await look(ben, empty)).toBeNull();
  expect(await look(ada, empty)).toMatchObject({ storyCount: 0, cover: null });
});

test('the cover is the chosen story for those who see it, else the first', async () => {
  const pictureOf = async (visibility: string) => {
    const mediaId = await readyPicture(world, ada, { purpose: 'STORY' });
    const { story } = await sendStory(ada, { mediaId, visibility });
    return { mediaId, id: story!.id };
  };
  const [open, close] = [await pictureOf('PUBLIC'), await pictureOf('FOLLOWERS')];
  const id = await make(ada, [open.id, close.id]);
  expect(await look(ben, id)).toMatchObject({ cover: { id: open.mediaId } });
  await save(ada, { highlightId: id, coverStoryId: close.id });
  expect(await look(ben, id)).toMatchObject({ cover: { id: close.mediaId } });
  expect(await look(carl, id)).toMatchObject({ cover: { id: open.mediaId } });
  await save(ada, { highlightId: id, coverStoryId: null });
  expect(await look(ben, id)).toMatchObject({ cover: { id: open.mediaId } });
  const other = await tell(world, ada);
  expect((await save(ada, { highlightId: id, coverStoryId: other })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['coverStoryId'] },
  ]);
});

test('highlights stand on the profile in the order that their owner chose, page by page', async () => {
  const fay = await world.local('fay');
  const story = await tell(world, fay, { visibility: 'PUBLIC' });
  const [one, two, three] = [
    await make(fay, [story], 'One'),
    await make(fay, [story], 'Two'),
    await make(fay, [story], 'Three'),
  ];
  interface Profile {
    node: {
      highlights: {
        nodes: { title: string }[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      };
    };
  }
  const list = async (variables: Record<string, unknown> = {}) =>
    (
      await ben.graphql<Profile>(
        `query ($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Actor {
          highlights(first: $first, after: $after) { nodes { title } pageInfo { endCursor hasNextPage } } } } }`,
        { id: fay.actorGlobalId, ...variables },
      )
    ).data.node.highlights;
  const titles = async (variables?: Record<string, unknown>) =>
    (await list(variables)).nodes.map(({ title }) => title);
  expect(await titles()).toEqual(['One', 'Two', 'Three']);
  const order = async (who: Person, highlightIds: string[]) =>
    (
      await who.graphql<{ orderHighlights: Answered<object> }>(
        `mutation ($ids: [ID!]!) { orderHighlights(input: { highlightIds: $ids }) {
          highlights { title } userErrors { code path } } }`,
        { ids: highlightIds },
      )
    ).data.orderHighlights;
  expect(await order(fay, [three])).toEqual({ highlights: [{ title: 'Three' }], userErrors: [] });
  expect(await titles()).toEqual(['Three', 'One', 'Two']);
  const { pageInfo } = await list({ first: 2 });
  expect(pageInfo.hasNextPage).toBe(true);
  expect(await titles({ first: 2, after: pageInfo.endCursor })).toEqual(['Two']);
  expect(await order(ben, [one])).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND', path: ['highlightIds', '0'] }],
  });
  expect(await order(fay, [one, two, one])).toMatchObject({
    userErrors: [{ code: 'INVALID_INPUT', path: ['highlightIds', '2'] }],
  });
});

test('orders that come at once stand one after the other, and none fails', async () => {
  const gil = await world.local('gil');
  const ids: string[] = [];
  for (let number = 0; number < 6; number++)
    ids.push(await make(gil, [await tell(world, gil)], `Day ${number}`));
  const orders = Array.from({ length: 40 }, (_, turn) =>
    turn % 2 === 0 ? ids.toSpliced(0, turn % 5) : ids.toReversed(),
  );
  const answers = await Promise.all(
    orders.map((highlightIds) =>
      gil.graphql<{ orderHighlights: Answered<object> }>(
        'mutation ($ids: [ID!]!) { orderHighlights(input: { highlightIds: $ids }) { userErrors { code } } }',
        { ids: highlightIds },
      ),
    ),
  );
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  const { data } = await gil.graphql<{
    node: { highlights: { nodes: readonly { readonly id: string }[] } };
  }>('query ($id: ID!) { node(id: $id) { ... on Actor { highlights { nodes { id } } } } }', {
    id: gil.actorGlobalId,
  });
  expect(data.node.highlights.nodes.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
});

test('a highlight is changed and deleted by its owner alone', async () => {
  const story = await tell(world, ada, { visibility: 'PUBLIC' });
  const id = await make(ada, [story]);
  expect((await save(ben, { highlightId: id, title: 'Mine' })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['highlightId'] },
  ]);
  expect((await save(ben, { title: 'Mine', storyIds: [story] })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['storyIds', '0'] },
  ]);
  expect((await save(ada, { title: ' ' })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['title'] },
  ]);
  expect((await save(ada, { title: 'x'.repeat(51) })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['title'] },
  ]);
  expect((await save(ada, { title: 'x', storyIds: [story, story] })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['storyIds', '1'] },
  ]);
  const remove = async (who: Person) =>
    (
      await who.graphql(
        'mutation ($id: ID!) { deleteHighlight(input: { highlightId: $id }) { deletedHighlightId userErrors { code path } } }',
        { id },
      )
    ).data['deleteHighlight'];
  const refused = {
    deletedHighlightId: null,
    userErrors: [{ code: 'NOT_FOUND', path: ['highlightId'] }],
  };
  expect(await remove(ben)).toEqual(refused);
  expect(await remove(ada)).toEqual({ deletedHighlightId: id, userErrors: [] });
  expect(await remove(ada)).toEqual(refused);
  expect(await seesStory(ben, story)).toBe(true);
});

test('stories that end while they are put into a highlight are either in it or gone, never half', async () => {
  const gil = await world.local('gil');
  const ids = await Promise.all(
    Array.from({ length: 10 }, () =>
      tell(world, gil, { visibility: 'PUBLIC', keepInArchive: false }),
    ),
  );
  world.clock.advance(DAY + 1);
  const [saved] = await Promise.all([
    Promise.all(ids.map((story) => save(gil, { title: 'Late', storyIds: [story] }))),
    runScheduled(world, 'removeExpiredStories'),
    runScheduled(world, 'removeExpiredStories'),
  ]);
  await runScheduled(world, 'removeExpiredStories');
  for (const [index, { highlight, userErrors }] of saved.entries()) {
    expect(await seesStory(gil, ids[index]!)).toBe(highlight !== null);
    if (highlight) expect(storiesOf(await look(gil, highlight.id))).toEqual([ids[index]]);
    else expect(userErrors).toEqual([{ code: 'NOT_FOUND', path: ['storyIds', '0'] }]);
  }
});
