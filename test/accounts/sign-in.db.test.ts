// Attacks on the doors to accounts: floods, guesses, and what can be learnt from an answer.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { untilLockWait } from '../support/lock-wait.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

let world: World;
let ada: Person;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

interface Outcome {
  userErrors: {
    __typename: string;
    code: string;
    message: string;
    path: string[] | null;
    retryAfterSeconds?: number;
  }[];
}

async function run(
  name: string,
  input: Record<string, unknown>,
  headers = fromFreshAddress(),
  token: string | null = null,
): Promise<Outcome> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) { userErrors {
    __typename code message path ... on RateLimitError { retryAfterSeconds } } } }`;
  const answer = await world.graphql<Record<string, Outcome>>(document, { input }, token, headers);
  expect([answer.status, answer.errors]).toEqual([200, undefined]);
  return answer.data[name]!;
}

const codeOf = (outcome: Outcome) => outcome.userErrors[0]?.code ?? 'DONE';
const guess = (login: string, headers?: Record<string, string>) =>
  run('signIn', { login, password: 'a wrong guess' }, headers);

function count(codes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Accounts `<prefix>_1 …`, with ada's password, made in one statement. */
async function crowd(prefix: string, size: number): Promise<void> {
  await world.services.database.rows(
    statement(
      `test.crowd_${prefix}`,
      `with model as (select * from accounts where id = $1),
       made as (
         insert into actors (id, username, uri, url, joined_at, updated_at)
         select gen_random_uuid(), $2 || '_' || n, 'https://a.example/' || $2 || n, 'https://a.example/@' || $2 || n, now(), now()
         from generate_series(1, $3::int) n returning id, username)
       insert into accounts (id, actor_id, email, email_canonical, password_hash, password_changed_at, state, created_at, updated_at)
       select gen_random_uuid(), made.id, made.username || '@crowd.example', made.username || '@crowd.example',
         model.password_hash, now(), 'ACTIVE', now(), now() from made, model`,
    ),
    [ada.accountId, prefix, size],
  );
}

test('A03 of a hundred guesses at one account from one network, even at once, five are heard', async () => {
  await world.local('target_a');
  const headers = fromFreshAddress();
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => guess('target_a', headers)));
  expect(count(outcomes.map(codeOf))).toEqual({ INVALID_CREDENTIALS: 5, RATE_LIMITED: 95 });
});

test('A03 of a hundred guesses at one account from a hundred networks five are heard, and its sessions go on', async () => {
  const target = await world.local('target_b');
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () => guess('@Target_B@a.example')),
  );
  expect(count(outcomes.map(codeOf))).toEqual({ INVALID_CREDENTIALS: 5, RATE_LIMITED: 95 });
  expect(codeOf(await run('signIn', { login: 'target_b', password: WORLD_PASSWORD }))).toBe(
    'RATE_LIMITED',
  );
  expect((await target.graphql('{ viewer { id } }')).errors).toBeUndefined();
});

test('A03 of guesses at many accounts from one network, IPv6 neighbours included, fifty are heard', async () => {
  for (const address of ['203.0.113.9', '2001:db8:77:1:']) {
    const outcomes = [];
    for (let index = 1; index <= 60; index++) {
      const from = address.endsWith(':') ? `${address}:${index.toString(16)}` : address;
      outcomes.push(await guess(`stranger_${index}`, { 'x-forwarded-for': from }));
    }
    expect(count(outcomes.map(codeOf))).toEqual({ INVALID_CREDENTIALS: 50, RATE_LIMITED: 10 });
  }
});

test('A03 five wrong passwords for one name keep nobody else on the network out', async () => {
  await world.local('target_n');
  await world.local('neighbour_n');
  const headers = fromFreshAddress();
  for (let index = 0; index < 6; index++) await guess('target_n', headers);
  const refused = await run('signIn', { login: 'target_n', password: WORLD_PASSWORD }, headers);
  expect(refused.userErrors).toEqual([
    {
      __typename: 'RateLimitError',
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/^Too often\. Try again in 1[45] minutes\.$/),
      path: null,
      retryAfterSeconds: expect.any(Number),
    },
  ]);
  expect(refused.userErrors[0]!.retryAfterSeconds).toBeGreaterThan(13 * 60);
  expect(
    codeOf(await run('signIn', { login: 'neighbour_n', password: WORLD_PASSWORD }, headers)),
  ).toBe('DONE');
});

test('A03 who keeps guessing waits longer each time, and a right password costs no attempt', async () => {
  await world.local('target_c');
  const windowOver = statement(
    'test.window_over',
    `update rate_limits set expire = 1 where key like 'sign-in-name:%'`,
  );
  const waits: number[] = [];
  for (let round = 0; round < 4; round++) {
    for (
      let attempt = 0;
      attempt < 5 && codeOf(await guess('target_c')) !== 'RATE_LIMITED';
      attempt++
    );
    const refusal = await guess('target_c');
    expect(codeOf(refusal)).toBe('RATE_LIMITED');
    waits.push(refusal.userErrors[0]!.retryAfterSeconds!);
    await world.services.database.rows(windowOver);
  }
  for (const short of waits.slice(0, 3)) expect(short).toBeLessThanOrEqual(15 * 60);
  expect(waits[3]).toBeGreaterThan(2 * 3600);
  await world.local('regular');
  const headers = fromFreshAddress();
  for (let index = 0; index < 12; index++) {
    expect(
      codeOf(await run('signIn', { login: 'regular', password: WORLD_PASSWORD }, headers)),
    ).toBe('DONE');
  }
});

test('A02 an unknown name is answered like a wrong password, in the same time', async () => {
  await crowd('login', 40);
  await guess('warm_up');
  const { known, unknown } = await race(200, {
    known: (index) => guess(`login_${(index % 40) + 1}`),
    unknown: (index) => guess(`nobody_${index}`),
  });
  expect(known.answers).toEqual(unknown.answers);
  expect(known.answers).toHaveLength(1);
  // What would be skipped is more than a fifth.
  expect(Math.abs(known.median - unknown.median)).toBeLessThan(Math.max(5, known.median / 5));
});

test('A02 a password reset is answered the same, in the same time, whether or not the address is known', async () => {
  await crowd('reset', 70);
  const { known, unknown } = await race(200, {
    known: (index) =>
      run('requestPasswordReset', { email: `reset_${(index % 70) + 1}@crowd.example` }),
    unknown: (index) => run('requestPasswordReset', { email: `nobody_${index}@crowd.example` }),
  });
  expect(known.answers).toEqual([JSON.stringify({ userErrors: [] })]);
  expect(unknown.answers).toEqual(known.answers);
  // What would be skipped is more than a fifth.
  expect(Math.abs(known.median - unknown.median)).toBeLessThan(Math.max(5, known.median / 5));
});

test('A02 a registration is answered the same, in the same time, whether or not the address is known', async () => {
  const register = (username: string, email: string) =>
    run('registerAccount', {
      username,
      email,
      password: WORLD_PASSWORD,
      birthDate: '1990-05-01',
      agreedToRules: true,
    });
  const { known, unknown } = await race(60, {
    known: (index) => register(`known_${index}`, ada.email),
    unknown: (index) => register(`fresh_${index}`, `fresh_${index}@people.example`),
  });
  expect(known.answers).toEqual([JSON.stringify({ userErrors: [] })]);
  expect(unknown.answers).toEqual(known.answers);
  // What would be skipped is more than a fifth.
  expect(Math.abs(known.median - unknown.median)).toBeLessThan(Math.max(5, known.median / 5));
});

interface Lane {
  /** Different answers that came, as JSON. */
  answers: string[];
  /** Milliseconds of CPU: what else the machine does changes what the clock says, and by chance more for one lane. */
  median: number;
}

/** Runs both, turn by turn, so that whatever else this process does weighs on both. */
async function race<Name extends string>(
  samples: number,
  lanes: Record<Name, (index: number) => Promise<Outcome>>,
): Promise<Record<Name, Lane>> {
  const names = Object.keys(lanes) as Name[];
  const spent = new Map<Name, number[]>(names.map((name) => [name, []]));
  const answers = new Map<Name, Set<string>>(names.map((name) => [name, new Set()]));
  for (let index = 0; index < samples; index++) {
    for (const name of index % 2 === 0 ? names : names.toReversed()) {
      const before = process.cpuUsage();
      const outcome = await lanes[name](index);
      const { user, system } = process.cpuUsage(before);
      spent.get(name)!.push((user + system) / 1000);
      answers.get(name)!.add(JSON.stringify(outcome));
    }
  }
  const laneOf = (name: Name): Lane => ({
    answers: [...answers.get(name)!],
    median: spent.get(name)!.toSorted((a, b) => a - b)[Math.floor(samples / 2)]!,
  });
  return Object.fromEntries(names.map((name) => [name, laneOf(name)])) as Record<Name, Lane>;
}

test('A04 a password that is changed while it is being checked opens no session', async () => {
  const dan = await world.local('dan');
  const connection = await world.services.database.pool.connect();
  try {
    await connection.query('begin');
    await connection.query(`update accounts set password_hash = 'another' where id = $1`, [
      dan.accountId,
    ]);
    const answered = run('signIn', { login: 'dan', password: WORLD_PASSWORD }).then(codeOf);
    const isWaiting = await untilLockWait(world.services.database, answered);
    await connection.query('commit');
    expect([isWaiting, await answered]).toEqual([true, 'INVALID_CREDENTIALS']);
  } finally {
    connection.release();
  }
});

test('A01 three hundred sign-ins at once leave the rest of the API quick', async () => {
  const flood = Promise.all(Array.from({ length: 300 }, (_, index) => guess(`flood_${index}`)));
  let answered = 0;
  const state = { isOver: false };
  void flood.then(() => (state.isOver = true));
  while (!state.isOver) {
    const answer = await ada.graphql('{ viewer { actor { username } } }');
    expect(answer.errors).toBeUndefined();
    answered += 1;
  }
  const outcomes = count((await flood).map(codeOf));
  expect(outcomes['INVALID_CREDENTIALS']! + (outcomes['RATE_LIMITED'] ?? 0)).toBe(300);
  // One that stood in line with them would be answered at their end.
  expect(answered).toBeGreaterThan(20);
});

test('A04 the other doors are limited too', async () => {
  const eva = await world.local('eva_a04');
  const own = fromFreshAddress();
  const tries = async (times: number, attempt: (index: number) => Promise<Outcome>) => {
    const codes = [];
    for (let index = 0; index < times; index++) codes.push(codeOf(await attempt(index)));
    return codes;
  };
  const wrong = { currentPassword: 'wrong one', password: 'purple kite under water' };
  expect(await tries(6, () => run('changePassword', wrong, own, eva.token))).toEqual([
    ...Array.from({ length: 5 }, () => 'INVALID_CREDENTIALS'),
    'RATE_LIMITED',
  ]);
  const email = { currentPassword: WORLD_PASSWORD, email: 'eva@elsewhere.example' };
  expect(codeOf(await run('changeEmail', email, own, eva.token))).toBe('RATE_LIMITED');
  expect(codeOf(await run('confirmPassword', { password: WORLD_PASSWORD }, own, eva.token))).toBe(
    'RATE_LIMITED',
  );

  const resent = await tries(4, () => run('requestEmailVerification', { email: eva.email }));
  expect(resent).toEqual(['DONE', 'DONE', 'DONE', 'RATE_LIMITED']);
  const letters = await tries(4, () => run('requestPasswordReset', { email: eva.email }));
  expect(letters).toEqual(['DONE', 'DONE', 'DONE', 'RATE_LIMITED']);

  for (const [name, input] of [
    ['verifyEmail', { token: 'no such token' }],
    ['resetPassword', { token: 'no such token', password: 'purple kite under water' }],
    ['undoEmailChange', { token: 'no such token' }],
  ] as const) {
    const guesser = fromFreshAddress();
    const codes = await tries(21, () => run(name, input, guesser));
    expect(count(codes)).toEqual({ EXPIRED: 20, RATE_LIMITED: 1 });
  }

  const mod = await world.moderator();
  const invites = await tries(61, () => run('createInvite', {}, own, mod.token));
  expect(count(invites)).toEqual({ DONE: 60, RATE_LIMITED: 1 });
});

test('A13 the counters of attempts hold neither names nor addresses', async () => {
  await guess('very_special_name', { 'x-forwarded-for': '198.51.100.23' });
  const rows = await world.services.database.rows<{ key: string }>(
    statement('test.limits', `select key from rate_limits where key !~ '^graphql'`),
  );
  expect(rows.length).toBeGreaterThan(2);
  const keys = rows.map(({ key }) => key).join('\n');
  expect(keys).not.toContain('very_special_name');
  expect(keys).not.toContain('198.51.100.23');
});
