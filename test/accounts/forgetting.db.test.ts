// What is kept of signing in, and for how long: addresses of the network for a month, ended sessions for another one.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { runScheduled } from '../support/scheduled.js';
import { fromFreshAddress, startWorld, WORLD_PASSWORD, type World } from '../support/world.js';

const DAY = 86_400;
/** Nobody else's: what the sessions of a test are found by. */
const ADDRESS = '203.0.113.77';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

async function signIn(login: string): Promise<string> {
  const answer = await world.graphql<{ signIn: { token: string } }>(
    'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
    { input: { login, password: WORLD_PASSWORD } },
    null,
    { ...fromFreshAddress(), 'x-forwarded-for': ADDRESS, 'user-agent': 'Kite/1.0' },
  );
  return answer.data.signIn.token;
}

const ROWS = statement(
  'test.kept_sessions',
  `select s::text as row from sessions s join accounts a on a.id = s.account_id join actors t on t.id = a.actor_id
   where t.username = $1 order by s.id`,
);

async function rowsOf(username: string): Promise<string[]> {
  const rows = await world.services.database.rows<{ row: string }>(ROWS, [username]);
  return rows.map(({ row }) => row);
}

const addressSeenBy = async (token: string): Promise<string | null | undefined> => {
  const answer = await world.graphql<{
    viewer: { sessions: { isCurrent: boolean; ipAddress: string | null }[] };
  }>('{ viewer { sessions { isCurrent ipAddress } } }', {}, token);
  return answer.data.viewer.sessions.find(({ isCurrent }) => isCurrent)?.ipAddress;
};

/** Days in which somebody is here once a day and the clock starts its jobs. */
async function live(days: number, ...tokens: string[]): Promise<void> {
  for (let day = 0; day < days; day++) {
    world.clock.advance(DAY);
    for (const token of tokens)
      expect((await world.graphql('{ viewer { id } }', {}, token)).status).toBe(200);
    await runScheduled(world, 'removeStaleAccounts');
  }
}

test('P04 the network address of a session is forgotten after 30 days, however long the session lives', async () => {
  await world.local('ada');
  const token = await signIn('ada');
  await live(29, token);
  expect(await addressSeenBy(token)).toBe(ADDRESS);
  await live(2, token);
  expect(await addressSeenBy(token)).toBeNull();
  expect((await rowsOf('ada')).join()).not.toContain(ADDRESS);
  const before = await rowsOf('ada');
  await runScheduled(world, 'removeStaleAccounts');
  expect(await rowsOf('ada')).toEqual(before);
});

test('P04 a session ends after 90 days without use, and 30 days later nothing of it is left', async () => {
  const ben = await world.local('ben');
  const idle = await signIn('ben');
  await live(89, ben.token);
  expect(await rowsOf('ben')).toHaveLength(2);
  world.clock.advance(DAY + 1);
  expect((await world.graphql('{ viewer { id } }', {}, idle)).status).toBe(401);
  await live(29, ben.token);
  expect(await rowsOf('ben')).toHaveLength(2);
  await live(2, ben.token);
  const left = await rowsOf('ben');
  expect(left).toHaveLength(1);
  expect(await addressSeenBy(ben.token)).toBeNull();
});
