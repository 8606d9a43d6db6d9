// The lists of an archive, taken in by another account: the same people, posts and hashtags, with the same choices.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { archiveOf } from '../support/exports.js';
import { block, follow, mute, publish } from '../support/posts.js';
import { followHashtag, makeList } from '../support/timelines.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
});

afterAll(() => world[Symbol.asyncDispose]());

const SOURCES = {
  'following_accounts.csv': 'CSV_FOLLOWING',
  'blocked_accounts.csv': 'CSV_BLOCKS',
  'muted_accounts.csv': 'CSV_MUTES',
  'blocked_domains.csv': 'CSV_DOMAINS',
  'bookmarks.csv': 'CSV_BOOKMARKS',
  'lists.csv': 'CSV_LISTS',
  'followed_hashtags.csv': 'CSV_HASHTAGS',
} as const;

/** Lines of the lists, in no order: an import goes from the top down, so what was newest comes first. */
function linesOf(files: ReadonlyMap<string, Buffer>): Record<string, string[]> {
  const names = Object.keys(SOURCES);
  return Object.fromEntries(
    names.map((name) => [name, files.get(name)!.toString().trimEnd().split('\n').toSorted()]),
  );
}

/** Somebody with much of everything: posts, people in each kind of list, odd titles. */
async function collector(): Promise<Person> {
  const ada = await world.local('ada');
  const people: Person[] = [];
  for (const name of ['ben', 'cal', 'dot', 'eve', 'fox', 'gus', 'hal', 'ivy'])
    people.push(await world.local(name));
  const [ben, cal, dot, eve, fox, gus, hal, ivy] = people as [
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
  ];
  for (const followee of [ben, cal]) await follow(world, ada, followee);
  await ada.graphql(
    'mutation ($id: ID!) { followActor(input: { actorId: $id, notify: true, showReposts: false }) { userErrors { code } } }',
    { id: dot.actorGlobalId },
  );
  await block(world, ada, eve);
  await mute(ada, fox);
  for (const domain of ['b.test', 'xn--bcher-kva.test', 'c.b.test'])
    await ada.graphql(
      'mutation ($domain: String!) { setDomainBlock(input: { domain: $domain, blocked: true }) { userErrors { code } } }',
      { domain },
    );
  await ada.graphql(
    'mutation ($id: ID!) { setMute(input: { actorId: $id, muted: true, notifications: false }) { userErrors { code } } }',
    { id: gus.actorGlobalId },
  );
  for (let made = 0; made < 12; made++) {
    await publish(world, ada, { caption: `Mine ${made}` });
    const postId = await publish(world, ben, { caption: `Ben’s ${made}` });
    await ada.graphql(
      'mutation ($id: ID!) { setBookmark(input: { postId: $id, bookmarked: true }) { userErrors { code } } }',
      { id: postId },
    );
  }
  await makeList(ada, [hal, ivy], { title: 'A, "quoted"\u00a0list' });
  await makeList(ada, [hal], { title: 'Ünïcode 🪁' });
  for (const name of ['Kites', 'Ærø', '日本']) await followHashtag(ada, name);
  await world.settle();
  return ada;
}

test('everything that the lists of one account say, another account takes in', async () => {
  const ada = await collector();
  const zoe = await world.local('zoe');
  const files = await archiveOf(world, ada);
  for (const [name, source] of Object.entries(SOURCES)) {
    const answer = await zoe.graphql<{ startImport: { import: { id: string } | null } }>(
      'mutation ($input: StartImportInput!) { startImport(input: $input) { import { id } userErrors { code path } } }',
      { input: { source, csv: files.get(name)!.toString() } },
    );
    expect(answer.data.startImport).toEqual({ import: { id: expect.any(String) }, userErrors: [] });
    await world.settle();
  }
  const report = await zoe.graphql<{ viewer: { imports: object[] } }>(
    '{ viewer { imports { state waiting pending failed unchanged } } }',
  );
  const taken = { state: 'SUCCEEDED', waiting: 0, pending: 0, failed: 0, unchanged: 0 };
  expect(report.data.viewer.imports).toEqual(Object.keys(SOURCES).map(() => taken));
  const lines = linesOf(files);
  expect(lines['bookmarks.csv']).toHaveLength(12);
  expect(linesOf(await archiveOf(world, zoe, { format: 'CSV_LISTS' }))).toEqual(lines);
});
