// The codes of every mutation: its description lists them, each of them can be had, and each code is of use. That
// no other code comes is looked after by every test that sends a mutation (test/support/listed-codes.ts).
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { ERROR_CODES, type ErrorCode } from '../../src/platform/errors.js';
import { listedCodes, requireListedCodes } from '../support/listed-codes.js';
import { fromFreshAddress, startWorld, type Person, type World } from '../support/world.js';
import { done, mutationDocument, type Scene } from './authorization-table.js';
import { newCast } from './cast.js';
import { CODES, type Provocation, type Provoke } from './error-table.js';

const COUNT = statement(
  'test.count_at_limit',
  'update rate_limits set points = points + $2 where key = any($1::text[]) returning key',
);

let world: World;
let scene: Scene;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '1000000' });
  scene = { world, cast: await newCast(world) };
}, 600_000);

afterAll(() => world[Symbol.asyncDispose]());

test('the description of every mutation lists the codes of the table, and no others', () => {
  const listed = [...listedCodes()].map(([name, codes]) => [name, [...codes].sort()]);
  const table = Object.entries(CODES).map(([name, codes]) => [name, Object.keys(codes).sort()]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(table));
});

test('every code of the schema is one that some mutation gives', () => {
  const given = new Set([...listedCodes().values()].flatMap((codes) => [...codes]));
  expect([...given].sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

test('a code that the description does not list fails the test that gets it', () => {
  const answer = { deletePost: { userErrors: [{ code: 'BLOCKED' }] } };
  expect(() => requireListedCodes(answer)).toThrow('deletePost answers BLOCKED');
  expect(() =>
    requireListedCodes({ deletePost: { userErrors: [{ code: 'NOT_FOUND' }] } }),
  ).not.toThrow();
});

const cases = Object.entries(CODES).flatMap(([mutation, codes]) =>
  Object.entries(codes).map(([code, provoke]) => [mutation, code as ErrorCode, provoke] as const),
);

test.each(cases)('%s answers %s', async (mutation, code, provoke) => {
  if (code === 'CAPTCHA_REQUIRED') return expectOnChallengingServer(mutation, code, provoke);
  expect(await outcome(world, mutation, await provoke(scene))).toBe(code);
  if (code === 'REGISTRATION_CLOSED')
    await done(scene.cast.admin, 'updateInstance', { registrationMode: 'OPEN' });
  if (mutation === 'createInvite')
    await done(scene.cast.admin, 'updateInstance', { membersMayInvite: null });
});

async function expectOnChallengingServer(
  mutation: string,
  code: ErrorCode,
  provoke: Provoke,
): Promise<void> {
  await using other = await startWorld({ REGISTRATION_CHALLENGE: 'proof-of-work' });
  expect(await outcome(other, mutation, await provoke(scene))).toBe(code);
}

/** The code of the last time, or null when that was done. */
async function outcome(
  at: World,
  mutation: string,
  { who, input, times = 1, countedAs }: Provocation,
): Promise<string | null> {
  const network = fromFreshAddress();
  let last: string | null = null;
  for (let turn = 1; turn <= times; turn++) {
    const made = await input(turn);
    const variables = made === null ? {} : { input: made };
    const document = mutationDocument(mutation);
    const answer = await (who === null
      ? at.graphql<Answers>(document, variables, null, network)
      : who.graphql<Answers>(document, variables));
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    last = answer.data[mutation]!.userErrors[0]?.code ?? null;
    if (turn > 1 || countedAs === undefined || who === null) continue;
    await count(at, countedAs, who, times - 2);
    turn = times - 1;
  }
  return last;
}

/** As if somebody had come so many times more. */
async function count(at: World, limit: string, who: Person, times: number): Promise<void> {
  const keys = [who.accountId, who.actorId].map((id) => `${limit}:${id}`);
  expect(await at.services.database.rows(COUNT, [keys, times])).toHaveLength(1);
}

type Answers = Record<string, { userErrors: { code: string }[] }>;
