// Registration and sign-in through the public door.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { fromFreshAddress, startWorld, WORLD_PASSWORD, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const REGISTER = `mutation ($input: RegisterAccountInput!) {
  registerAccount(input: $input) {
    token nextStep actor { username url }
    userErrors { __typename code path ... on UsernameTakenError { suggestions } ... on ValidationError { constraint limit } }
  }
}`;

interface Registered {
  registerAccount: {
    token: string | null;
    nextStep: string | null;
    actor: { username: string; url: string } | null;
    userErrors: {
      __typename: string;
      code: string;
      path: string[];
      suggestions?: string[];
      constraint?: string;
      limit?: string | null;
    }[];
  };
}

async function register(changes: Record<string, unknown>): Promise<Registered['registerAccount']> {
  const input = {
    username: 'nobody_yet',
    email: 'nobody@people.example',
    password: WORLD_PASSWORD,
    birthDate: '1990-05-01',
    agreedToRules: true,
    ...changes,
  };
  const answer = await world.graphql<Registered>(REGISTER, { input }, null, fromFreshAddress());
  expect(answer.errors).toBeUndefined();
  return answer.data.registerAccount;
}

test('a person registers, is the viewer of the token, signs out and signs in again', async () => {
  const ada = await world.local('ada');
  expect(ada.token).toMatch(/^trs_[\w-]{43}$/);
  const VIEWER = '{ viewer { id email isEmailVerified role grantedScopes actor { handle } } }';
  const seen = await ada.graphql<{ viewer: unknown }>(VIEWER);
  expect(seen.errors).toBeUndefined();
  expect(seen.data.viewer).toEqual({
    id: expect.stringMatching(/^account_[0-9a-z]{26}$/),
    email: 'ada@people.example',
    isEmailVerified: false,
    role: 'USER',
    grantedScopes: ['read', 'write', 'chat', 'push', 'account:security', 'account:portability'],
    actor: { handle: 'ada@a.example' },
  });
  const SIGN_IN = `mutation ($login: String!) {
    signIn(input: { login: $login, password: "${WORLD_PASSWORD}" }) { token viewer { actor { username } } userErrors { code } }
  }`;
  for (const login of ['ada', 'ADA', '@ada@a.example', ' Ada@people.example ']) {
    const again = await world.graphql<{ signIn: { token: string } }>(
      SIGN_IN,
      { login },
      null,
      fromFreshAddress(),
    );
    expect(again.data.signIn).toEqual({
      token: expect.stringMatching(/^trs_/),
      viewer: { actor: { username: 'ada' } },
      userErrors: [],
    });
    const out = await world.graphql(
      'mutation { signOut { ok userErrors { code } } }',
      {},
      again.data.signIn.token,
    );
    expect(out.data).toEqual({ signOut: { ok: true, userErrors: [] } });
    const gone = await world.graphql('{ viewer { id } }', {}, again.data.signIn.token);
    expect([gone.status, gone.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
  }
});

test('the viewer is null without a token', async () => {
  const answer = await world.graphql('{ viewer { id } }');
  expect(answer.errors).toBeUndefined();
  expect(answer.data).toEqual({ viewer: null });
});

test('an account is refetched as a node by its owner only', async () => {
  const [ada, ben] = [await world.local('ada'), await world.local('ben')];
  const { data } = await ada.graphql<{ viewer: { id: string } }>('{ viewer { id } }');
  const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  expect((await ada.graphql(NODE, data.viewer)).data).toEqual({
    node: { __typename: 'Viewer', id: data.viewer.id },
  });
  expect((await ben.graphql(NODE, data.viewer)).data).toEqual({ node: null });
  expect((await world.graphql(NODE, data.viewer)).data).toEqual({ node: null });
});

test.each([
  [{ username: 'Ada Lovelace' }, 'INVALID_INPUT', 'PATTERN', ['username']],
  [{ username: 'a'.repeat(31) }, 'INVALID_INPUT', 'PATTERN', ['username']],
  [{ username: 'аdmin' }, 'INVALID_INPUT', 'PATTERN', ['username']],
  [{ username: '.well-known' }, 'INVALID_INPUT', 'PATTERN', ['username']],
  [{ email: 'not an address' }, 'INVALID_INPUT', 'FORMAT', ['email']],
  [{ email: 'eve@evil.example\r\nBcc: all@people.example' }, 'INVALID_INPUT', 'FORMAT', ['email']],
  [{ email: 'eve@mailinator.com' }, 'INVALID_INPUT', 'PROVIDER', ['email']],
  [{ password: 'short' }, 'WEAK_PASSWORD', 'MIN_LENGTH', ['password']],
  [{ password: 'x'.repeat(257) }, 'WEAK_PASSWORD', 'MAX_LENGTH', ['password']],
  [{ password: 'Password2026!' }, 'WEAK_PASSWORD', 'COMMON', ['password']],
  [{ password: 'nobody@people.example' }, 'WEAK_PASSWORD', 'COMMON', ['password']],
  [{ agreedToRules: false }, 'INVALID_INPUT', 'REQUIRED', ['agreedToRules']],
  [{ birthDate: null }, 'INVALID_INPUT', 'REQUIRED', ['birthDate']],
  [{ birthDate: '2020-02-29' }, 'INVALID_INPUT', 'MINIMUM_AGE', ['birthDate']],
])('a registration with %j is refused by %s %s', async (changes, code, constraint, path) => {
  const made = await register(changes);
  expect(made).toMatchObject({ token: null, nextStep: null, actor: null });
  expect(made.userErrors).toHaveLength(1);
  expect(made.userErrors[0]).toMatchObject({
    __typename: 'ValidationError',
    code,
    constraint,
    path,
  });
});

test.each(['ada', 'ADA', 'admin', 'support', '_adm1n_', 'postmaster', 'well_known'])(
  'A18 the name %s is taken, and free ones are offered',
  async (username) => {
    await world.local('ada');
    const made = await register({ username, email: `${username}@elsewhere.example` });
    expect(made.userErrors).toHaveLength(1);
    expect(made.userErrors[0]).toMatchObject({
      __typename: 'UsernameTakenError',
      code: 'USERNAME_TAKEN',
      path: ['username'],
    });
    const suggestions = made.userErrors[0]!.suggestions!;
    expect(suggestions).toHaveLength(3);
    const taken = await register({
      username: suggestions[0],
      email: `${username}2@elsewhere.example`,
    });
    expect(taken.userErrors).toEqual([]);
  },
);

test('of two registrations of one name at once, one is made', async () => {
  const made = await Promise.all(
    ['twin@one.example', 'twin@two.example', 'twin@three.example'].map((email) =>
      register({ username: 'twin', email }),
    ),
  );
  expect(made.filter((entry) => entry.actor !== null)).toHaveLength(1);
  expect(made.flatMap((entry) => entry.userErrors.map(({ code }) => code))).toEqual([
    'USERNAME_TAKEN',
    'USERNAME_TAKEN',
  ]);
  const rows = await world.services.database.rows(
    statement(
      'test.twins',
      `select 1 from actors t join accounts a on a.actor_id = t.id where t.username = 'twin'`,
    ),
  );
  expect(rows).toHaveLength(1);
});

test('a repeat with the same idempotency key makes no second account and opens no second session', async () => {
  const input = {
    username: 'rita',
    email: 'rita@people.example',
    idempotencyKey: 'a client retries',
  };
  const answers = await Promise.all([register(input), register(input)]);
  const [first, repeat] = answers[0].token ? answers : answers.toReversed();
  expect(first!.userErrors).toEqual([]);
  expect(first!.token).toMatch(/^trs_/);
  expect(repeat).toEqual({ ...first, token: null });
  expect((await register({ ...input, username: 'RITA' })).userErrors[0]).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    path: ['idempotencyKey'],
  });
  expect((await register({ ...input, password: 'seven quiet lanterns' })).userErrors[0]?.code).toBe(
    'IDEMPOTENCY_KEY_REUSED',
  );
  expect((await register({ ...input, idempotencyKey: '' })).userErrors[0]).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['idempotencyKey'],
  });
  const other = await register({ ...input, username: 'ruth', email: 'ruth@people.example' });
  expect(other.token).toMatch(/^trs_/);
  const made = await world.services.database.rows(
    statement(
      'test.rita',
      `select 1 from sessions s join accounts a on a.id = s.account_id where a.email = 'rita@people.example'`,
    ),
  );
  expect(made).toHaveLength(1);
});
