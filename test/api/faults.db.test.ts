// What breaks inside stays inside: masked errors (G15), and statements that take too long (G24).
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { statement } from '../../src/platform/db/database.js';
import type { GraphQLAnswer } from '../support/server.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;

beforeAll(async () => {
  world = await startWorld({ DATABASE_POOL_SIZE: '2' });
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

afterEach(() => {
  jest.restoreAllMocks();
});

/** The one error of an answer, with nothing in it but code and request id. */
function expectMasked(answer: GraphQLAnswer, path: readonly string[] | undefined): void {
  expect(answer.errors).toEqual([
    {
      message: 'Something went wrong on this server.',
      ...(path && { path, locations: [{ line: 1, column: expect.any(Number) }] }),
      extensions: {
        code: 'INTERNAL_SERVER_ERROR',
        requestId: answer.headers.get('x-request-id'),
        docsUrl: 'https://a.example/graphql/errors#INTERNAL_SERVER_ERROR',
      },
    },
  ]);
}

const codeOf = ({ errors }: GraphQLAnswer): string => String(errors?.[0]?.extensions['code']);

test('G15 an SQL error shows neither statement nor table', async () => {
  const { database } = world.services;
  await database.rows(statement('test.faults.hide', 'alter table hashtags rename to hidden'));
  const answer = await world.graphql('{ __typename hashtag(name: "kite") { id } }');
  await database.rows(statement('test.show', 'alter table hidden rename to hashtags'));
  expect(answer.status).toBe(200);
  expect(answer.data).toEqual({ __typename: 'Query', hashtag: null });
  expectMasked(answer, ['hashtag']);
  expect((await world.graphql('{ hashtag(name: "kite") { id } }')).data).toEqual({ hashtag: null });
});

test.each([
  ['a string', 'SELECT secret FROM /etc/passwd'],
  ['an object', { path: ['/etc/passwd'], extensions: { code: 'FORBIDDEN', secret: 1 } }],
  ['nothing', undefined],
])('G15 %s that a bug throws is a fault like any other', async (_name, thrown) => {
  jest.spyOn(world.services.entitlements, 'used').mockRejectedValue(thrown);
  const answer = await ada.graphql('{ viewer { storage { usedBytes } } }');
  expect(answer.status).toBe(200);
  expectMasked(answer, ['viewer', 'storage']);
  expect(JSON.stringify(answer)).not.toMatch(/secret|passwd/);
});

test('G15 a fault before the operation runs is masked as well', async () => {
  jest.spyOn(world.clock, 'now').mockImplementation(() => {
    throw new Error('SELECT secret FROM accounts');
  });
  const answer = await ada.graphql('{ viewer { id } }');
  jest.restoreAllMocks();
  expect(answer.status).toBe(500);
  expectMasked(answer, undefined);
});

test('G15 G24 statements that wait for ever are stopped after five seconds, and their connections work on', async () => {
  const { pool } = world.services.database;
  const other = new pg.Client({ ...pool.options, password: pool.options.password });
  await other.connect();
  await other.query('begin');
  await other.query('lock table hashtags in access exclusive mode');
  const slow = await Promise.all(
    [1, 2].map(() => world.graphql('{ hashtag(name: "kite") { id } }')),
  );
  await other.query('rollback');
  await other.end();
  // One waits for the table, the other one for the only connection that is left.
  const unserved = slow.filter((answer) => codeOf(answer) === 'SERVICE_UNAVAILABLE');
  expect(unserved.length).toBeLessThan(2);
  for (const answer of slow) if (!unserved.includes(answer)) expectMasked(answer, ['hashtag']);
  // What the refusals still wrote down has had its turn, too.
  while (pool.waitingCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(pool.totalCount).toBeLessThanOrEqual(2);
  for (const answer of await Promise.all(
    [1, 2, 3].map(() => world.graphql('{ hashtag(name: "kite") { id } }')),
  ))
    expect([answer.errors, answer.data]).toEqual([undefined, { hashtag: null }]);
});

test('R06 who gets no connection is told to come back, over GraphQL and elsewhere, and it works again', async () => {
  const { pool } = world.services.database;
  // Of two, the other one listens for events.
  const held = await pool.connect();
  const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfter: 2 };
  const [query, token, route] = await Promise.all([
    world.graphql('{ hashtag(name: "kite") { id } }'),
    ada.graphql('{ viewer { id } }'),
    fetch(`${world.origin}/uploads/none`, { method: 'PUT', body: 'x' }),
  ]);
  held.release();
  for (const answer of [query, token])
    expect(answer.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining(extensions) }),
    ]);
  expect([token.status, token.headers.get('retry-after')]).toEqual([503, '2']);
  expect([route.status, route.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await route.json()).toMatchObject({ errors: [{ extensions }] });
  expect((await ada.graphql('{ viewer { id } }')).errors).toBeUndefined();
});

test('G24 a transaction that is stopped in the middle leaves nothing and frees its connection', async () => {
  const { database } = world.services;
  const stopped = database.transaction(async (tx) => {
    await tx.rows(
      statement('test.write', `update actors set display_name = 'Half' where id = $1`),
      [ada.actorId],
    );
    await tx.rows(statement('test.sleep', 'select pg_sleep(60)'));
  });
  await expect(stopped).rejects.toMatchObject({ code: '57014' });
  const answer = await ada.graphql('{ viewer { actor { displayName } } }');
  expect(answer.data).toEqual({ viewer: { actor: { displayName: '' } } });
});
