// Lists that were forged, mixed up or cut off, and people who go while they are taken in.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { newId } from '../../src/platform/ids.js';
import { block, publish, type Answered } from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '10000000' });
});

afterAll(() => world[Symbol.asyncDispose]());

interface SeenImport {
  readonly state: string;
  readonly imported: number;
  readonly pending: number;
  readonly failed: number;
  readonly removed: number;
  readonly lines: {
    readonly nodes: readonly { readonly text: string; readonly outcome: string }[];
  };
}

const FIELDS =
  'state imported pending failed removed lines(first: 5) { nodes { text outcome reason } }';

async function start(
  who: Person,
  input: Record<string, unknown>,
): Promise<Answered<{ import: SeenImport | null }>> {
  const answer = await who.graphql<{ startImport: Answered<{ import: SeenImport | null }> }>(
    `mutation ($input: StartImportInput!) { startImport(input: $input) { import { ${FIELDS} } userErrors { code path } } }`,
    { input },
  );
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.startImport;
}

async function take(who: Person, input: Record<string, unknown>): Promise<SeenImport> {
  expect((await start(who, input)).userErrors).toEqual([]);
  await world.settle();
  return latest(who);
}

const latest = async (who: Person): Promise<SeenImport> =>
  (await who.graphql<{ viewer: { imports: SeenImport[] } }>(`{ viewer { imports { ${FIELDS} } } }`))
    .data.viewer.imports[0]!;

test('a line that is cut in the middle of a character is shown without it', async () => {
  const [ada] = [await world.local('ada'), await world.local('ben')];
  const csv = `${'x'.repeat(499)}🪁 is no address\nben@a.example\n`;
  const seen = await take(ada, { source: 'CSV_BLOCKS', csv });
  expect(seen).toMatchObject({ imported: 1, failed: 1 });
  expect(seen.lines.nodes[0]?.text).toBe('x'.repeat(499));
});

test.each([
  ['a quoted cell without an end', `"${'x'.repeat(199_000)}`],
  ['nothing but separators', ','.repeat(100_000)],
  ['a list of something else', 'https://a.example/posts/1\nhttps://a.example/posts/2\n'],
  ['titles and a line that means nothing', 'Account address\nnot an address\n'],
])('%s is refused, and overwriting with it takes nothing away', async (_name, csv) => {
  const [cal, dot] = [await world.local('cal'), await world.local('dot')];
  await block(world, cal, dot);
  for (const mode of ['MERGE', 'OVERWRITE'])
    expect((await start(cal, { source: 'CSV_BLOCKS', csv, mode })).userErrors).toEqual([
      { code: 'INVALID_INPUT', path: ['csv'] },
    ]);
  await world.settle();
  const left = await cal.graphql('{ viewer { blockedActors(first: 5) { nodes { username } } } }');
  expect(left.data['viewer']).toEqual({ blockedActors: { nodes: [{ username: 'dot' }] } });
});

test('a cell with a hundred thousand characters costs only its line', async () => {
  const eve = await world.local('eve');
  await world.local('ben');
  const csv = `"${'x'.repeat(100_000)}"\n${'y,'.repeat(20_000)}\nben@a.example\n`;
  expect(await take(eve, { source: 'CSV_BLOCKS', csv })).toMatchObject({
    state: 'SUCCEEDED',
    imported: 1,
    failed: 2,
  });
});

const KNOW = statement(
  'test.know_actor',
  `insert into actors (id, username, domain, uri, url, status, joined_at, updated_at)
   values ($1, $2, 'b.example', 'https://b.example/' || $2, 'https://b.example/@' || $2, $3, now(), now())`,
);

test('overwriting ends although somebody cannot be taken away', async () => {
  const fox = await world.local('fox');
  const { database } = world.services;
  const [half, gone] = [newId<'actor'>(world.clock.now()), newId<'actor'>(world.clock.now())];
  await database.rows(KNOW, [half, 'half', 'PENDING']);
  await database.rows(KNOW, [gone, 'gone', 'DELETED']);
  for (const blocked of [half, gone])
    await database.rows(
      statement(
        'test.block_actor',
        'insert into blocks (blocker_id, blocked_id, id, created_at) values ($1, $2, $3, now())',
      ),
      [fox.actorId, blocked, newId(world.clock.now())],
    );
  await world.local('ben');
  const csv = 'ben@a.example\n';
  expect(await take(fox, { source: 'CSV_BLOCKS', csv, mode: 'OVERWRITE' })).toMatchObject({
    state: 'SUCCEEDED',
    imported: 1,
    removed: 1,
  });
});

test('what is known here but out of sight is not asked for every hour', async () => {
  const [gus, hal] = [await world.local('gus'), await world.local('hal')];
  await world.services.database.rows(KNOW, [newId(world.clock.now()), 'cut', 'SUSPENDED']);
  expect(await take(gus, { source: 'CSV_BLOCKS', csv: 'cut@b.example\n' })).toMatchObject({
    pending: 1,
  });
  const events = statement(
    'test.import_events',
    `select count(*)::int as count from events where name = 'importRequested'`,
  );
  const before = await world.services.database.row(events);
  await publish(world, hal, { visibility: 'FOLLOWERS' });
  await runScheduled(world, 'resumeImports');
  await world.settle();
  expect(await world.services.database.row(events)).toEqual(before);
  expect(await latest(gus)).toMatchObject({ state: 'SUCCEEDED', pending: 1 });
});

test('nothing more is taken in for an account that was suspended meanwhile', async () => {
  const ivy = await world.local('ivy');
  const csv = Array.from({ length: 250 }, (_, place) => `#tag${place}`).join('\n');
  await start(ivy, { source: 'CSV_HASHTAGS', csv });
  const suspend = statement(
    'test.suspend_account',
    `update accounts set state = 'SUSPENDED' where id = $1`,
  );
  await world.services.database.rows(suspend, [ivy.accountId]);
  await world.settle();
  const followed = statement(
    'test.followed',
    'select count(*)::int as count from followed_hashtags where follower_id = $1',
  );
  expect(await world.services.database.row(followed, [ivy.actorId])).toEqual({ count: 0 });
  const state = statement(
    'test.import_state',
    'select state from data_imports where account_id = $1',
  );
  expect(await world.services.database.row(state, [ivy.accountId])).toEqual({ state: 'FAILED' });
});
