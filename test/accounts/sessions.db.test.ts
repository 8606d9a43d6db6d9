// Sessions and personal access tokens: listed, limited, revoked, expired.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { isPersonalToken } from '../../src/accounts/tokens.js';
import { untilLockWait } from '../support/lock-wait.js';
import {
  fromFreshAddress,
  startWorld,
  WORLD_PASSWORD,
  type Person,
  type World,
} from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld({ SESSION_IDLE_DAYS: '10' });
});

afterAll(() => world[Symbol.asyncDispose]());

const CREATE = `mutation ($input: CreatePersonalAccessTokenInput!) {
  createPersonalAccessToken(input: $input) {
    token personalAccessToken { id name scopes expiresAt lastUsedAt } userErrors { code path }
  }
}`;

interface Created {
  createPersonalAccessToken: {
    token: string | null;
    personalAccessToken: {
      id: string;
      name: string;
      scopes: string[];
      expiresAt: string;
      lastUsedAt: string | null;
    } | null;
    userErrors: { code: string; path: string[] | null }[];
  };
}

async function create(
  who: Person,
  input: Record<string, unknown>,
): Promise<Created['createPersonalAccessToken']> {
  const answer = await who.graphql<Created>(CREATE, { input: { name: 'Backup', ...input } });
  expect(answer.errors).toBeUndefined();
  return answer.data.createPersonalAccessToken;
}

async function signIn(who: Person, deviceName: string | null = null): Promise<string> {
  const answer = await world.graphql<{ signIn: { token: string } }>(
    `mutation ($input: SignInInput!) { signIn(input: $input) { token } }`,
    { input: { login: who.username, password: WORLD_PASSWORD, deviceName } },
    null,
    { ...fromFreshAddress(), 'user-agent': 'Kite/1.0' },
  );
  return answer.data.signIn.token;
}

const works = async (token: string) =>
  (await world.graphql('{ viewer { id } }', {}, token)).status === 200;

test('A14 a personal access token does what its scopes allow and nothing else', async () => {
  const ada = await world.local('ada');
  const made = await create(ada, { scopes: ['read:account', 'write:posts'] });
  expect(made.userErrors).toEqual([]);
  expect(isPersonalToken(made.token!)).toBe(true);
  const token = made.token!;
  const seen = await world.graphql('{ viewer { email grantedScopes } }', {}, token);
  expect(seen.data).toEqual({
    viewer: { email: ada.email, grantedScopes: ['read:account', 'write:posts'] },
  });
  for (const [operation, scope] of [
    [
      'mutation { updateSettings(input: { hideCounts: true }) { userErrors { code } } }',
      'write:account',
    ],
    [
      'mutation { revokeSession(input: { sessionId: "x" }) { userErrors { code } } }',
      'account:security',
    ],
    ['{ viewer { personalAccessTokens { id } } }', 'account:security'],
    ['{ admin { role } }', 'admin:read'],
  ] as const) {
    const refusal = await world.graphql(operation, {}, token);
    expect(
      refusal.errors?.map(({ extensions }) => [extensions['code'], extensions['requiredScopes']]),
    ).toEqual([['INSUFFICIENT_SCOPE', [scope]]]);
  }
});

test('a token gets no scope that its maker’s token lacks, and lives for a year at most', async () => {
  const ben = await world.local('ben');
  for (const scopes of [['admin:read'], ['read', 'admin:write:accounts'], ['nonsense'], []]) {
    const made = await create(ben, { scopes });
    expect(made).toEqual({
      token: null,
      personalAccessToken: null,
      userErrors: [{ code: 'INVALID_INPUT', path: ['scopes'] }],
    });
  }
  const now = world.clock.now().getTime();
  const year = 365 * 86_400_000;
  for (const expiresAt of [now + year + 60_000, now - 1000]) {
    const made = await create(ben, {
      scopes: ['read'],
      expiresAt: new Date(expiresAt).toISOString(),
    });
    expect(made.userErrors).toEqual([{ code: 'INVALID_INPUT', path: ['expiresAt'] }]);
  }
  const made = await create(ben, { scopes: ['read'] });
  expect(Math.abs(Date.parse(made.personalAccessToken!.expiresAt) - now - year)).toBeLessThan(
    60_000,
  );
});

test('a repeat with the same idempotency key makes no second token and does not show the first again', async () => {
  const cleo = await world.local('cleo');
  const first = await create(cleo, { scopes: ['read'], idempotencyKey: 'once' });
  const second = await create(cleo, { scopes: ['read'], idempotencyKey: 'once' });
  expect(second).toEqual({ ...first, token: null });
  const stored = await world.services.database.rows<{ text: string }>(
    statement(
      'test.sessions.keys',
      'select k::text as text from idempotency_keys k where account_id = $1',
    ),
    [cleo.accountId],
  );
  expect(stored).toHaveLength(1);
  expect(stored[0]!.text).not.toContain(first.token!);
});

test('an account has a hundred tokens at most, also when the last ones are made at once', async () => {
  const jane = await world.local('jane');
  await world.services.database.rows(
    statement(
      'test.many_tokens',
      `insert into sessions (id, account_id, kind, token_digest, name, scopes, created_at)
       select gen_random_uuid(), $1, 'PERSONAL', sha256(n::text::bytea), 'Program', '{read}', now() from generate_series(1, 98) n`,
    ),
    [jane.accountId],
  );
  const made = await Promise.all(
    Array.from({ length: 6 }, () => create(jane, { scopes: ['read'] })),
  );
  expect(made.map(({ userErrors }) => userErrors[0]?.code ?? 'MADE').toSorted()).toEqual([
    'LIMIT_EXCEEDED',
    'LIMIT_EXCEEDED',
    'LIMIT_EXCEEDED',
    'LIMIT_EXCEEDED',
    'MADE',
    'MADE',
  ]);
});

test('a token that is made while the password changes is not made', async () => {
  const ivan = await world.local('ivan');
  const connection = await world.services.database.pool.connect();
  try {
    await connection.query('begin');
    await connection.query('update accounts set updated_at = now() where id = $1', [
      ivan.accountId,
    ]);
    await connection.query('update sessions set revoked_at = now() where account_id = $1', [
      ivan.accountId,
    ]);
    const answered = create(ivan, { scopes: ['read'] }).then(
      ({ userErrors }) => userErrors[0]?.code ?? 'MADE',
    );
    const isWaiting = await untilLockWait(world.services.database, answered);
    await connection.query('commit');
    expect([isWaiting, await answered]).toEqual([true, 'REAUTHENTICATION_REQUIRED']);
  } finally {
    connection.release();
  }
});

test('making a token needs a recent proof of the password, which a token can never give', async () => {
  const dora = await world.local('dora');
  const pat = await create(dora, { scopes: ['account:security', 'read'] });
  const byToken = await world.graphql<Created>(
    CREATE,
    { input: { name: 'x', scopes: ['read'] } },
    pat.token,
  );
  expect(byToken.data.createPersonalAccessToken.userErrors).toEqual([
    { code: 'REAUTHENTICATION_REQUIRED', path: null },
  ]);
  world.clock.advance(15 * 60 + 1);
  expect((await create(dora, { scopes: ['read'] })).userErrors).toEqual([
    { code: 'REAUTHENTICATION_REQUIRED', path: null },
  ]);
  const CONFIRM = `mutation ($password: String!) { confirmPassword(input: { password: $password }) { ok userErrors { code path } } }`;
  expect((await dora.graphql(CONFIRM, { password: 'not this one' })).data).toEqual({
    confirmPassword: {
      ok: false,
      userErrors: [{ code: 'INVALID_CREDENTIALS', path: ['password'] }],
    },
  });
  expect((await dora.graphql(CONFIRM, { password: WORLD_PASSWORD })).data).toEqual({
    confirmPassword: { ok: true, userErrors: [] },
  });
  expect((await create(dora, { scopes: ['read'] })).userErrors).toEqual([]);
});

test('sessions are listed to their owner alone, refetched as nodes, and end one by one', async () => {
  const [eve, finn] = [await world.local('evelyn'), await world.local('finn')];
  const phone = await signIn(eve, 'Phone');
  const LIST = '{ viewer { sessions { id isCurrent name userAgent ipAddress } } }';
  const listed = await eve.graphql<{
    viewer: { sessions: { id: string; isCurrent: boolean; name: string | null }[] };
  }>(LIST);
  expect(listed.data.viewer.sessions).toHaveLength(2);
  const other = listed.data.viewer.sessions.find(({ isCurrent }) => !isCurrent)!;
  expect(other).toMatchObject({
    name: 'Phone',
    userAgent: 'Kite/1.0',
    ipAddress: expect.stringMatching(/^10\./),
  });
  const NODE = 'query ($id: ID!) { node(id: $id) { __typename ... on Session { isCurrent } } }';
  expect((await eve.graphql(NODE, other)).data).toEqual({
    node: { __typename: 'Session', isCurrent: false },
  });
  expect((await finn.graphql(NODE, other)).data).toEqual({ node: null });

  const REVOKE = `mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { revokedSessionId userErrors { code path } } }`;
  const notFound = {
    revokeSession: {
      revokedSessionId: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['sessionId'] }],
    },
  };
  expect((await finn.graphql(REVOKE, other)).data).toEqual(notFound);
  expect(await works(phone)).toBe(true);
  expect((await eve.graphql(REVOKE, other)).data).toEqual({
    revokeSession: { revokedSessionId: other.id, userErrors: [] },
  });
  expect(await works(phone)).toBe(false);
  expect((await eve.graphql(REVOKE, other)).data).toEqual(notFound);
  expect((await eve.graphql(NODE, other)).data).toEqual({ node: null });
  const events = await world.services.database.rows<{ payload: unknown }>(
    statement(
      'test.sessions.events',
      `select payload from events where name = 'sessionsRevoked' and topics = array['account:' || $1::text]`,
    ),
    [eve.accountId],
  );
  expect(events).toEqual([
    { payload: { accountId: eve.accountId, sessionIds: [expect.any(String)] } },
  ]);
});

test('a personal access token is revoked by its owner, and not as a session', async () => {
  const gil = await world.local('gil');
  const { token, personalAccessToken } = await create(gil, { scopes: ['read'] });
  const asSession = await gil.graphql(
    `mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { userErrors { code } } }`,
    personalAccessToken!,
  );
  expect(asSession.data).toEqual({ revokeSession: { userErrors: [{ code: 'NOT_FOUND' }] } });
  const REVOKE = `mutation ($id: ID!) { revokePersonalAccessToken(input: { tokenId: $id }) { revokedTokenId userErrors { code } } }`;
  expect((await gil.graphql(REVOKE, personalAccessToken!)).data).toEqual({
    revokePersonalAccessToken: { revokedTokenId: personalAccessToken!.id, userErrors: [] },
  });
  expect(await works(token!)).toBe(false);
  expect((await gil.graphql('{ viewer { personalAccessTokens { id } } }')).data).toEqual({
    viewer: { personalAccessTokens: [] },
  });
});

test('use is noted at most once a minute; a session lives while it is used and ends when it is idle', async () => {
  const hana = await world.local('hana');
  const lastUse = statement(
    'test.last_use',
    `select last_used_at as at from sessions where account_id = $1`,
  );
  const usedAt = async () =>
    (await world.services.database.row<{ at: Date }>(lastUse, [hana.accountId]))!.at.getTime();
  await hana.graphql('{ viewer { id } }');
  const first = await usedAt();
  world.clock.advance(30);
  await hana.graphql('{ viewer { id } }');
  expect(await usedAt()).toBe(first);
  world.clock.advance(31);
  await hana.graphql('{ viewer { id } }');
  expect(await usedAt()).toBeGreaterThan(first);
  for (let week = 0; week < 3; week++) {
    world.clock.advance(7 * 86_400);
    expect(await works(hana.token)).toBe(true);
  }
  world.clock.advance(10 * 86_400 + 1);
  expect(await works(hana.token)).toBe(false);
});

test('A14 the token of a suspended account proves nobody', async () => {
  const ivo = await world.local('ivo');
  await world.services.database.rows(
    statement('test.sessions.suspend', `update accounts set state = 'SUSPENDED' where id = $1`),
    [ivo.accountId],
  );
  const answer = await ivo.graphql('{ viewer { id } }');
  expect([answer.status, answer.errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED']);
  const again = await world.graphql(
    `mutation ($input: SignInInput!) { signIn(input: $input) { token userErrors { code } } }`,
    { input: { login: 'ivo', password: WORLD_PASSWORD } },
    null,
    fromFreshAddress(),
  );
  expect(again.data).toEqual({
    signIn: { token: null, userErrors: [{ code: 'ACCOUNT_SUSPENDED' }] },
  });
});
