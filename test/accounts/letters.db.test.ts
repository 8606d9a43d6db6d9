// What goes by mail, over real SMTP: proof of an address, new passwords, changes of address.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { setPassword } from '../../src/accounts/replace-password.js';
import { removeStaleAccounts } from '../../src/accounts/jobs/remove-stale-accounts.job.js';
import { startMailServer, type MailServer } from '../support/mail-server.js';
import { fromFreshAddress, startWorld, WORLD_PASSWORD, type World } from '../support/world.js';

let mail: MailServer;
let world: World;

beforeAll(async () => {
  mail = await startMailServer();
  world = await startWorld({
    SMTP_URL: mail.url,
    REGISTRATION_EMAIL_VERIFICATION: 'required',
    REGISTRATION_MINIMUM_AGE: '0',
  });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await mail[Symbol.asyncDispose]();
});

beforeEach(() => {
  mail.letters.length = 0;
});

interface Outcome {
  ok?: boolean;
  token?: string | null;
  nextStep?: string | null;
  userErrors: { code: string; path: string[] | null }[];
}

/** Runs one mutation from a fresh network address. */
async function run(
  name: string,
  input: Record<string, unknown>,
  fields = '',
  token: string | null = null,
  headers: Record<string, string> = {},
): Promise<Outcome> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`;
  const answer = await world.graphql<Record<string, Outcome>>(document, { input }, token, {
    ...fromFreshAddress(),
    ...headers,
  });
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

const failed = (code: string, path: string[] | null = null) => ({ userErrors: [{ code, path }] });
const signIn = (login: string, password = WORLD_PASSWORD) =>
  run('signIn', { login, password }, 'token');

async function register(username: string, email = `${username}@people.example`): Promise<Outcome> {
  return run(
    'registerAccount',
    { username, email, password: WORLD_PASSWORD, agreedToRules: true },
    'token nextStep',
  );
}

/** Registers, opens the link and signs in. */
async function member(username: string): Promise<{ email: string; token: string }> {
  const email = `${username}@people.example`;
  expect((await register(username, email)).userErrors).toEqual([]);
  await world.settle();
  expect(
    (await run('verifyEmail', { token: mail.token(email, 'verify-email') }, 'nextStep')).userErrors,
  ).toEqual([]);
  const { token } = await signIn(username);
  mail.letters.length = 0;
  return { email, token: token! };
}

const isSignedIn = async (token: string) =>
  (await world.graphql('{ viewer { id } }', {}, token)).status === 200;

test('a person registers, opens the link in the letter and can sign in', async () => {
  expect(await register('ada')).toEqual({ token: null, nextStep: 'VERIFY_EMAIL', userErrors: [] });
  expect(await signIn('ada')).toEqual({ token: null, ...failed('EMAIL_UNVERIFIED') });
  expect((await world.graphql('{ actor(by: { handle: "ada" }) { id } }')).data).toEqual({
    actor: null,
  });
  await world.settle();
  expect(mail.letters).toHaveLength(1);
  const [letter] = mail.letters;
  expect(letter!.from).toBe('no-reply@a.example');
  expect(letter!.headers).toMatch(/^Auto-Submitted: auto-generated$/im);
  expect(letter!.text).toMatch(/^Hello \u2068@ada@a\.example\u2069,\n/);
  expect(letter!.text).toMatch(/^https:\/\/a\.example\/account\/verify-email#[\w-]{43}$/m);
  const token = mail.token('ada@people.example', 'verify-email');
  expect(await run('verifyEmail', { token }, 'nextStep')).toEqual({
    nextStep: null,
    userErrors: [],
  });
  expect(await run('verifyEmail', { token }, 'nextStep')).toEqual({
    nextStep: null,
    ...failed('EXPIRED', ['token']),
  });
  expect((await signIn('ada@people.example')).token).toMatch(/^trs_/);
  expect((await world.graphql('{ actor(by: { handle: "ada" }) { username } }')).data).toEqual({
    actor: { username: 'ada' },
  });
});

test('the letter comes again when asked for, and nobody learns whether it did', async () => {
  await register('slow');
  await world.settle();
  const answers = [];
  for (const email of ['slow@people.example', 'nobody@people.example', 'not an address']) {
    answers.push(await run('requestEmailVerification', { email }, 'ok'));
  }
  expect(answers).toEqual(Array.from({ length: 3 }, () => ({ ok: true, userErrors: [] })));
  await world.settle();
  expect(mail.letters.map(({ to }) => to)).toEqual([
    ['slow@people.example'],
    ['slow@people.example'],
  ]);
});

test('A02 an address that has an account is answered like any other; only its owner learns of it', async () => {
  await member('holder');
  const tagged = await register('second', 'Holder@People.example');
  expect(tagged).toEqual(await register('third', 'fresh@people.example'));
  await world.settle();
  const [letter] = mail.to('Holder@people.example');
  expect(letter!.text).toContain('There is an account with this address already');
  expect(letter!.text).not.toContain('#');
  expect(await signIn('second')).toEqual({ token: null, ...failed('EMAIL_UNVERIFIED') });
});

test('A02 where addresses need no proof, the letter says that an account was opened, and how to sign in to it', async () => {
  await using open = await startWorld({
    SMTP_URL: mail.url,
    REGISTRATION_EMAIL_VERIFICATION: 'optional',
  });
  const holder = await open.local('keeper');
  await open.settle();
  await holder.graphql(
    'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { userErrors { code } } }',
    { input: { token: mail.token(holder.email, 'verify-email') } },
  );
  mail.letters.length = 0;
  const REGISTER = `mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { token nextStep userErrors { code } } }`;
  const input = {
    username: 'twin',
    email: holder.email,
    password: 'violet kite over sand',
    birthDate: '1990-05-01',
    agreedToRules: true,
  };
  const { data } = await open.graphql<{ registerAccount: { token: string } }>(REGISTER, { input });
  expect(data.registerAccount).toMatchObject({ nextStep: null, userErrors: [] });
  await open.settle();
  const [letter] = mail.to(holder.email);
  expect(letter!.text).toContain('the account above was opened');
  expect(letter!.text).toContain('sign in there with its name');
  expect(letter!.text).not.toContain('#');
  const seen = await open.graphql(
    '{ viewer { email isEmailVerified } }',
    {},
    data.registerAccount.token,
  );
  expect(seen.data).toEqual({ viewer: { email: holder.email, isEmailVerified: false } });
  const codes = [];
  for (const login of ['twin', holder.email]) {
    const answer = await open.graphql<{ signIn: { userErrors: { code: string }[] } }>(
      'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }',
      { input: { login, password: input.password } },
    );
    codes.push(answer.data.signIn.userErrors[0]?.code ?? 'DONE');
  }
  expect(codes).toEqual(['DONE', 'INVALID_CREDENTIALS']);
});

test('of two accounts that wait for the same address, the one that proves it first has it', async () => {
  await register('first_come', 'wanted@people.example');
  await register('late_come', 'wanted@people.example');
  await world.settle();
  const tokens = mail.letters.map(({ text }) => /#([\w-]{43})/.exec(text)![1]);
  expect(tokens).toHaveLength(2);
  const outcomes = await Promise.all(
    tokens.map((token) => run('verifyEmail', { token }, 'nextStep')),
  );
  expect(outcomes.map(({ userErrors }) => userErrors.length).sort()).toEqual([0, 1]);
});

test('A06 A07 a forgotten password is replaced by the link of a letter, once, and everything else is signed out', async () => {
  const { email, token } = await member('forgetful');
  const other = (await signIn('forgetful')).token!;
  const pat = await world.services.database.rows<{ id: string }>(
    statement(
      'test.pat',
      `insert into sessions (id, account_id, kind, token_digest, scopes, created_at)
       select gen_random_uuid(), a.id, 'PERSONAL', sha256('trp_test'), '{read}', now() from accounts a where a.email = $1 returning id`,
    ),
    [email],
  );
  expect(pat).toHaveLength(1);
  expect(await isSignedIn('trp_test')).toBe(true);
  const forged = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
  };
  expect(await run('requestPasswordReset', { email }, 'ok', null, forged)).toEqual({
    ok: true,
    userErrors: [],
  });
  await world.settle();
  expect(mail.letters).toHaveLength(1);
  expect(mail.letters[0]!.text).toContain('https://a.example/account/reset-password#');
  expect(mail.letters[0]!.text).not.toContain('evil');
  const reset = mail.token(email, 'reset-password');

  expect(await run('resetPassword', { token: reset, password: 'short' }, 'ok')).toEqual({
    ok: false,
    ...failed('WEAK_PASSWORD', ['password']),
  });
  expect(await isSignedIn(token)).toBe(true);
  const password = 'purple kite under water';
  const twice = await Promise.all(
    [0, 1].map(() => run('resetPassword', { token: reset, password }, 'ok')),
  );
  expect(twice).toEqual(
    expect.arrayContaining([
      { ok: true, userErrors: [] },
      { ok: false, ...failed('EXPIRED', ['token']) },
    ]),
  );
  for (const ended of [token, other, 'trp_test']) expect(await isSignedIn(ended)).toBe(false);
  const events = await world.services.database.rows(
    statement(
      'test.revoked',
      `select e.payload from events e join accounts a on e.topics = array['account:' || a.id]
       where a.email = $1 and e.name = 'sessionsRevoked' and e.payload->'sessionIds' = 'null'`,
    ),
    [email],
  );
  expect(events).toHaveLength(1);
  expect((await signIn('forgetful')).userErrors).toEqual([
    { code: 'INVALID_CREDENTIALS', path: null },
  ]);
  expect((await signIn('forgetful', password)).token).toMatch(/^trs_/);
  await world.settle();
  expect(mail.to(email).at(-1)!.text).toContain('the password of your account was changed');
});

test('A07 a link that is 61 minutes old is worth nothing, and another purpose’s link neither', async () => {
  const { email } = await member('late_one');
  await run('requestPasswordReset', { email }, 'ok');
  await world.settle();
  const reset = mail.token(email, 'reset-password');
  expect((await run('verifyEmail', { token: reset }, 'nextStep')).userErrors).toEqual([
    { code: 'EXPIRED', path: ['token'] },
  ]);
  world.clock.advance(61 * 60);
  const outcome = await run(
    'resetPassword',
    { token: reset, password: 'purple kite under water' },
    'ok',
  );
  expect(outcome).toEqual({ ok: false, ...failed('EXPIRED', ['token']) });
});

test('A03 a reset lets the owner in again while others guess the password', async () => {
  const { email, token } = await member('target');
  for (let attempt = 1; attempt <= 5; attempt++) {
    expect((await signIn('target', `wrong ${attempt}`)).userErrors).toEqual([
      { code: 'INVALID_CREDENTIALS', path: null },
    ]);
  }
  expect((await signIn('target')).userErrors).toEqual([{ code: 'RATE_LIMITED', path: null }]);
  expect(await isSignedIn(token)).toBe(true);
  await run('requestPasswordReset', { email }, 'ok');
  await world.settle();
  const password = 'purple kite under water';
  await run('resetPassword', { token: mail.token(email, 'reset-password'), password }, 'ok');
  expect((await signIn('target', password)).userErrors).toEqual([]);
});

test('A06 a password that the staff sets ends every session', async () => {
  const { email, token } = await member('locked_out');
  const account = await world.services.database.row<{ id: never }>(
    statement('test.account', 'select id from accounts where email = $1'),
    [email],
  );
  const context = await (await worldContext())();
  await setPassword(context, { accountId: account!.id, password: 'chosen by the staff' });
  expect(await isSignedIn(token)).toBe(false);
  expect((await signIn('locked_out', 'chosen by the staff')).userErrors).toEqual([]);
});

test('changing the password ends the other sessions and keeps the one in use', async () => {
  const { email, token } = await member('changer');
  const other = (await signIn('changer')).token!;
  const password = 'purple kite under water';
  const wrong = await run('changePassword', { currentPassword: 'not this', password }, '', token);
  expect(wrong).toEqual(failed('INVALID_CREDENTIALS', ['currentPassword']));
  const done = await run(
    'changePassword',
    { currentPassword: WORLD_PASSWORD, password },
    '',
    token,
  );
  expect(done).toEqual({ userErrors: [] });
  expect([await isSignedIn(token), await isSignedIn(other)]).toEqual([true, false]);
  await world.settle();
  expect(mail.to(email)).toHaveLength(1);
});

test('A20 a change of address needs the password, waits for its proof, and the old address takes it back for 72 hours', async () => {
  const { email, token } = await member('mover');
  const wanted = 'mover@elsewhere.example';
  const VIEWER = '{ viewer { email pendingEmail isEmailVerified } }';
  const wrong = await run('changeEmail', { currentPassword: 'not this', email: wanted }, '', token);
  expect(wrong).toEqual(failed('INVALID_CREDENTIALS', ['currentPassword']));
  const asked = await run(
    'changeEmail',
    { currentPassword: WORLD_PASSWORD, email: wanted },
    'viewer { email pendingEmail }',
    token,
  );
  expect(asked).toEqual({ viewer: { email, pendingEmail: wanted }, userErrors: [] });
  await world.settle();
  expect(mail.letters.map(({ to }) => to[0]).sort()).toEqual([wanted, email].sort());
  const undo = mail.token(email, 'undo-email-change');
  const verify = mail.token(wanted, 'verify-email');
  expect((await run('verifyEmail', { token: verify }, 'nextStep')).userErrors).toEqual([]);
  expect((await world.graphql(VIEWER, {}, token)).data).toEqual({
    viewer: { email: wanted, pendingEmail: null, isEmailVerified: true },
  });
  world.clock.advance(71 * 3600);
  expect(await run('undoEmailChange', { token: undo }, 'ok')).toEqual({ ok: true, userErrors: [] });
  expect(await run('undoEmailChange', { token: undo }, 'ok')).toEqual({
    ok: false,
    ...failed('EXPIRED', ['token']),
  });
  expect(await isSignedIn(token)).toBe(false);
  expect((await signIn('mover')).userErrors).toEqual([{ code: 'INVALID_CREDENTIALS', path: null }]);
  await world.settle();
  const password = 'purple kite under water';
  expect(
    await run('resetPassword', { token: mail.token(email, 'reset-password'), password }, 'ok'),
  ).toEqual({ ok: true, userErrors: [] });
  const again = await signIn(email, password);
  expect((await world.graphql(VIEWER, {}, again.token)).data).toEqual({
    viewer: { email, pendingEmail: null, isEmailVerified: true },
  });
});

test('A20 the link that takes a change back is worth nothing after 72 hours', async () => {
  const { email, token } = await member('too_late');
  await run(
    'changeEmail',
    { currentPassword: WORLD_PASSWORD, email: 'too_late@elsewhere.example' },
    '',
    token,
  );
  await world.settle();
  world.clock.advance(72 * 3600 + 1);
  const outcome = await run(
    'undoEmailChange',
    { token: mail.token(email, 'undo-email-change') },
    'ok',
  );
  expect(outcome).toEqual({ ok: false, ...failed('EXPIRED', ['token']) });
});

test('A20 an address of somebody else is answered like any other and never becomes mine', async () => {
  const { email: theirs } = await member('their_name');
  const { email, token } = await member('my_name');
  const asked = await run(
    'changeEmail',
    { currentPassword: WORLD_PASSWORD, email: theirs },
    'viewer { pendingEmail }',
    token,
  );
  expect(asked).toEqual({ viewer: { pendingEmail: theirs }, userErrors: [] });
  await world.settle();
  expect(mail.to(theirs)).toHaveLength(1);
  expect(mail.to(theirs)[0]!.text).not.toContain('#');
  expect((await world.graphql('{ viewer { email } }', {}, token)).data).toEqual({
    viewer: { email },
  });
});

test('A13 neither rows nor jobs nor events hold a token that works', async () => {
  const { email, token } = await member('careful');
  await run('requestPasswordReset', { email }, 'ok');
  const before = await dump();
  await world.settle();
  const reset = mail.token(email, 'reset-password');
  const after = await dump();
  for (const secret of [token, token.slice(4), reset, WORLD_PASSWORD]) {
    expect(before).not.toContain(secret);
    expect(after).not.toContain(secret);
  }
  expect(after).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
});

test('registrations without proof are forgotten after a week, and their names are free again', async () => {
  await register('ghost');
  await world.settle();
  world.clock.advance(6 * 86_400);
  await tidy();
  expect((await register('ghost')).userErrors).toEqual([
    { code: 'USERNAME_TAKEN', path: ['username'] },
  ]);
  world.clock.advance(86_400 + 1);
  await tidy();
  expect((await register('ghost')).userErrors).toEqual([]);
  expect((await signIn('ada')).token).toMatch(/^trs_/);
});

async function tidy(): Promise<void> {
  await removeStaleAccounts.run({ ...world.services, jobId: '1', attempt: 1 }, {});
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { database } = world.services;
  const tables = await database.rows<{ name: string }>(
    statement(
      'test.letters.tables',
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema in ('public', 'graphile_worker')`,
    ),
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) =>
      JSON.stringify(
        await database.rows(statement(`dump.${name}`, `select t::text from ${name} t`)),
      ),
    ),
  );
  return texts.join('\n');
}

async function worldContext() {
  const { toCommandContext } = await import('../../src/app/request-context.js');
  return async () => toCommandContext(world.services, null, { headers: {}, clientAddress: null });
}
