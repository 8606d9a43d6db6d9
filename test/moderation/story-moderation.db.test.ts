// Stories before the staff: reported with what they said, removed, and brought back.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { block, follow, publish, type Answered } from '../support/posts.js';
import { tell } from '../support/stories.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let carl: Person;
let mod: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, carl, mod] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('carl'),
    await world.moderator(),
  ];
  await follow(world, ben, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

interface Reported {
  readonly report: { readonly subjects: readonly object[] } | null;
}

async function report(who: Person, ...subjectIds: string[]): Promise<Answered<Reported>> {
  const answer = await who.graphql<{ report: Answered<Reported> }>(
    `mutation ($input: ReportInput!) { report(input: $input) {
      report { subjects { subjectId url content contentWarning } } userErrors { code path } } }`,
    { input: { actorId: ada.actorGlobalId, category: 'SPAM', subjectIds } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.report;
}

async function act(kind: string, ...subjectIds: string[]): Promise<object[]> {
  const answer = await mod.graphql<{ takeModerationAction: Answered<object> }>(
    'mutation ($input: TakeModerationActionInput!) { takeModerationAction(input: $input) { userErrors { code path } } }',
    { input: { targetId: ada.actorGlobalId, kind, subjectIds, reason: 'Be kind.' } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.takeModerationAction.userErrors;
}

const sees = async (who: Person, id: string): Promise<boolean> =>
  (await who.graphql('query ($id: ID!) { node(id: $id) { id } }', { id })).data['node'] !== null;

async function storiesOf(who: Person): Promise<string[]> {
  const answer = await who.graphql<{ node: { stories: { id: string }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { stories { id } } } }',
    { id: ada.actorGlobalId },
  );
  return answer.data.node.stories.map(({ id }) => id);
}

test('a story is reported with what it said, beside a post, by those who see it', async () => {
  const [storyId, postId] = [
    await tell(world, ada, { caption: 'Buy *now*' }),
    await publish(world, ada, { caption: 'Buy later' }),
  ];
  const { report: made } = await report(ben, storyId, postId);
  expect(made!.subjects).toHaveLength(2);
  expect(made!.subjects).toContainEqual({
    subjectId: storyId,
    url: expect.stringContaining('ada'),
    content: '<p>Buy <em>now</em></p>',
    contentWarning: null,
  });
  const unseen = { report: null, userErrors: [{ code: 'NOT_FOUND', path: ['subjectIds', '1'] }] };
  const open = await tell(world, ada, { visibility: 'PUBLIC' });
  expect(await report(carl, open, storyId)).toEqual(unseen);
  expect(await report(ben, storyId, await tell(world, carl, { visibility: 'PUBLIC' }))).toEqual(
    unseen,
  );
  const dan = await world.local('dan');
  await block(world, ada, dan);
  expect((await report(dan, open)).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['subjectIds', '0'] },
  ]);
});

test('a removed story is there for nobody, its author included, until it is restored', async () => {
  const id = await tell(world, ada);
  expect(await act('REMOVE_CONTENT', id)).toEqual([]);
  expect([await sees(ada, id), await sees(ben, id)]).toEqual([false, false]);
  expect([await storiesOf(ada), await storiesOf(ben)].flat()).not.toContain(id);
  const refused = [{ code: 'NOT_FOUND', path: ['storyId'] }];
  const run = async (who: Person, name: string, input: string) =>
    (
      await who.graphql<Record<string, Answered<object>>>(
        `mutation { ${name}(input: ${input}) { userErrors { code path } } }`,
      )
    ).data[name]!.userErrors;
  expect(await run(ada, 'deleteStory', `{ storyId: "${id}" }`)).toEqual(refused);
  expect(await run(ben, 'setStoryReaction', `{ storyId: "${id}", content: "🎉" }`)).toEqual(
    refused,
  );
  expect(await run(ada, 'saveHighlight', `{ title: "x", storyIds: ["${id}"] }`)).toEqual([
    { code: 'NOT_FOUND', path: ['storyIds', '0'] },
  ]);
  expect(await act('REMOVE_CONTENT', id)).toEqual([
    { code: 'NOT_FOUND', path: ['subjectIds', '0'] },
  ]);
  expect(await act('RESTORE_CONTENT', id)).toEqual([]);
  expect([await sees(ada, id), await sees(ben, id)]).toEqual([true, true]);
  expect(await storiesOf(ben)).toContain(id);
});

test('a removed story is not in the archive either', async () => {
  const [kept, removed] = [await tell(world, ada), await tell(world, ada)];
  expect(await act('REMOVE_CONTENT', removed)).toEqual([]);
  world.clock.advance(86_401);
  const answer = await ada.graphql<{ viewer: { storyArchive: { nodes: { id: string }[] } } }>(
    '{ viewer { storyArchive(first: 50) { nodes { id } } } }',
  );
  const archived = answer.data.viewer.storyArchive.nodes.map(({ id }) => id);
  expect(archived).toContain(kept);
  expect(archived).not.toContain(removed);
});

test('stories and posts are removed together, and no story is marked as sensitive', async () => {
  const [storyId, postId] = [
    await tell(world, ada, { visibility: 'PUBLIC' }),
    await publish(world, ada),
  ];
  expect(await act('MARK_SENSITIVE', postId, storyId)).toEqual([
    { code: 'NOT_FOUND', path: ['subjectIds', '1'] },
  ]);
  expect(await act('REMOVE_CONTENT', storyId, postId)).toEqual([]);
  expect([await sees(carl, storyId), await sees(carl, postId)]).toEqual([false, false]);
});
