// Imports: lists of other servers, line by line.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import { block, follow, publish, type Answered } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

interface SeenImport {
  readonly id: string;
  readonly lines: { readonly nodes: readonly Record<string, unknown>[] };
}

const FIELDS = `id state total waiting imported unchanged pending failed removed
  lines(first: 100) { nodes { line text outcome reason } }`;

async function start(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ import: SeenImport | null }>> {
  const answer = await who.graphql<{ startImport: Answered<{ import: SeenImport | null }> }>(
    `mutation ($input: StartImportInput!) { startImport(input: $input) { import { ${FIELDS} } userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.startImport;
}

async function latest(who: Person): Promise<SeenImport> {
  const listed = await who.graphql<{ viewer: { imports: { id: string }[] } }>(
    '{ viewer { imports { id } } }',
  );
  const { id } = listed.data.viewer.imports[0]!;
  const answer = await who.graphql<{ node: SeenImport }>(
    `query ($id: ID!) { node(id: $id) { ... on DataImport { ${FIELDS} } } }`,
    { id },
  );
  return answer.data.node;
}

async function take(who: Person, input: Record<string, unknown>): Promise<SeenImport> {
  expect((await start(who, input)).userErrors).toEqual([]);
  await world.settle();
  return latest(who);
}

const outcomes = (seen: SeenImport): unknown[] =>
  seen.lines.nodes.map(({ line, outcome, reason }) => [line, outcome, reason]);

async function relations(who: Person, list: string): Promise<string[]> {
  const name = list === 'following' ? 'actor { list: following' : `list: ${list}`;
  const answer = await who.graphql<Record<string, never>>(
    `{ viewer { ${name}(first: 50) { nodes { username } } ${list === 'following' ? '}' : ''} } }`,
  );
  expect(answer.errors).toBeUndefined();
  const found = JSON.stringify(answer.data).match(/"username":"(\w+)"/g) ?? [];
  return found.map((text) => text.slice(12, -1)).toSorted();
}

const people = (...names: string[]): Promise<Person[]> =>
  Promise.all(names.map((name) => world.local(name)));

test('follows come in line by line, with their choices, and each line says what became of it', async () => {
  const [ada, ben, , dot] = (await people('ada', 'ben', 'cal', 'dot')) as [
    Person,
    Person,
    Person,
    Person,
  ];
  await follow(world, ada, ben);
  await block(world, dot, ada);
  const csv = [
    'Account address,Show boosts,Notify on new posts,Languages',
    'ben@a.example,true,false,',
    '@cal,false,true,"en, fr"',
    'dot@a.example,true,false,',
    'nobody@a.example,true,false,',
    'rio@mastodon.example,true,false,',
    'not an address,true,false,',
    'ada@a.example,true,false,',
  ].join('\r\n');
  const seen = await take(ada, { source: 'CSV_FOLLOWING', csv });
  expect(outcomes(seen)).toEqual([
    [2, 'UNCHANGED', null],
    [3, 'IMPORTED', null],
    [4, 'FAILED', 'BLOCKED'],
    [5, 'FAILED', 'NOT_FOUND'],
    [6, 'PENDING', 'NOT_KNOWN_YET'],
    [7, 'FAILED', 'INVALID_INPUT'],
    [8, 'FAILED', 'INVALID_INPUT'],
  ]);
  expect(seen).toMatchObject({
    state: 'SUCCEEDED',
    total: 7,
    waiting: 0,
    imported: 1,
    unchanged: 1,
    pending: 1,
    failed: 4,
    removed: 0,
  });
  expect(await relations(ada, 'following')).toEqual(['ben', 'cal']);
});

const KNOW = statement(
  'test.know',
  `insert into actors (id, username, domain, uri, url, joined_at, updated_at)
   values ($1, $2, $3, 'https://' || $3 || '/' || $2, 'https://' || $3 || '/@' || $2, now(), now())`,
);

test('a line about somebody of another server is taken in once they are known here', async () => {
  const eve = await world.local('eve');
  const seen = await take(eve, {
    source: 'CSV_BLOCKS',
    csv: 'Vic@Peertube.example\n',
    mode: 'OVERWRITE',
  });
  expect(outcomes(seen)).toEqual([[1, 'PENDING', 'NOT_KNOWN_YET']]);
  await runScheduled(world, 'resumeImports');
  await world.settle();
  expect(await relations(eve, 'blockedActors')).toEqual([]);
  const vic = newId<'actor'>(world.clock.now());
  await world.services.database.rows(KNOW, [vic, 'vic', 'peertube.example']);
  const [fox] = (await people('fox')) as [Person];
  await block(world, eve, fox);
  await runScheduled(world, 'resumeImports');
  await world.settle();
  expect(outcomes(await latest(eve))).toEqual([[1, 'IMPORTED', null]]);
  // What came after the import is not what the file left out.
  expect(await relations(eve, 'blockedActors')).toEqual(['fox', 'vic']);
});

test('a dry run changes nothing and tells what would be, and overwriting does it', async () => {
  const [gus, hal, ivy] = (await people('gus', 'hal', 'ivy')) as [Person, Person, Person];
  await block(world, gus, hal);
  const file = { source: 'CSV_BLOCKS', csv: 'ivy@a.example\n' };
  expect(await take(gus, { ...file, mode: 'DRY_RUN' })).toMatchObject({ imported: 1, removed: 1 });
  expect(await relations(gus, 'blockedActors')).toEqual(['hal']);
  expect(await take(gus, { ...file, mode: 'OVERWRITE' })).toMatchObject({
    imported: 1,
    removed: 1,
  });
  expect(await relations(gus, 'blockedActors')).toEqual([ivy.username]);
  expect(await take(gus, file)).toMatchObject({ imported: 0, unchanged: 1, removed: 0 });
});

test('mutes, bookmarks, lists and hashtags come in from the files that an export writes', async () => {
  const [jon, kim, lea] = (await people('jon', 'kim', 'lea')) as [Person, Person, Person];
  const postId = await publish(world, kim);
  const secret = await publish(world, kim, { visibility: 'FOLLOWERS' });
  const uriOf = async (id: string): Promise<string> =>
    (
      await kim.graphql<{ node: { uri: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on PhotoPost { uri } } }',
        { id },
      )
    ).data.node.uri;
  const csv = 'Account address,Hide notifications\nkim@a.example,false\n';
  expect(await take(jon, { source: 'CSV_MUTES', csv })).toMatchObject({ imported: 1 });
  expect(await relations(jon, 'mutedActors')).toEqual(['kim']);
  const bookmarks = `${await uriOf(postId)}\n${await uriOf(secret)}\nhttps://other.example/1\n`;
  const seen = await take(jon, { source: 'CSV_BOOKMARKS', csv: bookmarks });
  expect(outcomes(seen)).toEqual([
    [1, 'IMPORTED', null],
    [2, 'FAILED', 'NOT_FOUND'],
    [3, 'PENDING', 'NOT_KNOWN_YET'],
  ]);
  const lists = '"A, ""b""",kim@a.example\n"A, ""b""",lea@a.example\n';
  expect(await take(jon, { source: 'CSV_LISTS', csv: lists })).toMatchObject({ imported: 2 });
  expect(await take(jon, { source: 'CSV_HASHTAGS', csv: '#Kites\n#12\n' })).toMatchObject({
    imported: 1,
    failed: 1,
  });
  const kept = await jon.graphql(
    '{ viewer { lists { title memberCount } followedHashtags(first: 5) { nodes { name } } bookmarks(first: 5) { nodes { id } } } }',
  );
  expect(kept.data['viewer']).toEqual({
    lists: [{ title: 'A, "b"', memberCount: 2 }],
    followedHashtags: { nodes: [{ name: 'kites' }] },
    bookmarks: { nodes: [{ id: postId }] },
  });
  expect(
    await take(jon, { source: 'CSV_LISTS', csv: 'A,lea@a.example\n', mode: 'OVERWRITE' }),
  ).toMatchObject({ imported: 1, removed: 2 });
  expect(lea.username).toBe('lea');
});

test.each([
  ['an empty file', ''],
  ['titles alone', 'Account address\n'],
  ['a quotation mark out of place', 'a"b@a.example\n'],
  ['5,001 lines', 'x@a.example\n'.repeat(5_001)],
  ['200,001 characters', 'x'.repeat(200_001)],
])('%s is refused as a whole', async (_name, csv) => {
  const mia = await world.local('mia');
  expect((await start(mia, { source: 'CSV_BLOCKS', csv })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['csv'] },
  ]);
});

test('one import at a time, which goes on where it was cut off', async () => {
  const nan = await world.local('nan');
  const file = { source: 'CSV_HASHTAGS', csv: '#one\n#two\n' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => start(nan, file)));
  expect(answers.filter(({ import: made }) => made !== null).length).toBe(1);
  await world.services.database.rows(
    statement('test.lose_jobs', 'delete from graphile_worker._private_jobs'),
  );
  world.clock.advance(7_201);
  await runScheduled(world, 'resumeImports');
  await world.settle();
  expect(await latest(nan)).toMatchObject({ state: 'SUCCEEDED', imported: 2 });
});
