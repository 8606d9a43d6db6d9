// `triptych admin create` and `token create` beside a running server and without one, on an embedded PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-admin-'));
const env = { DATA_DIR: dataDirectory, PUBLIC_URL: 'https://photos.example' };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(env);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

const create = (name: string, ...more: string[]) =>
  triptych(
    ['admin', 'create', '--username', name, '--email', `${name}@people.example`, ...more],
    env,
  );

const SIGN_IN = `mutation ($login: String!, $password: String!) {
  signIn(input: { login: $login, password: $password }) { token viewer { role isEmailVerified } userErrors { code } }
}`;

interface SignedIn {
  signIn: {
    token: string | null;
    viewer: { role: string; isEmailVerified: boolean } | null;
    userErrors: unknown[];
  };
}

async function signIn(login: string, password: string): Promise<SignedIn['signIn']> {
  return (await server.graphql<SignedIn>(SIGN_IN, { login, password })).signIn;
}

describe('beside a running server', () => {
  test('the first account is the owner, the next an admin, and both sign in with a password made up for them', async () => {
    for (const [name, role] of [
      ['root', 'OWNER'],
      ['second', 'ADMIN'],
    ] as const) {
      const { code, stdout } = await create(name);
      expect(code).toBe(0);
      expect(stdout).toContain(`Made the account ${name} with the role ${role}.`);
      const password = /^Password \(shown this once\): (\S{24})$/m.exec(stdout)?.[1] ?? '';
      expect(await signIn(name, password)).toMatchObject({
        token: expect.stringMatching(/^trs_/),
        viewer: { role, isEmailVerified: true },
        userErrors: [],
      });
    }
  });

  test('a given password and role are taken, and not repeated', async () => {
    const answer = await triptych(
      [
        'admin',
        'create',
        '--username',
        'mod_mia',
        '--email',
        'mia@people.example',
        '--role',
        'moderator',
        '--password',
        '-',
        '--json',
      ],
      env,
      'orange kite over water\n',
    );
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(answer.stdout)).toEqual({
      accountId: expect.stringMatching(/^account_/),
      actorId: expect.stringMatching(/^actor_/),
      role: 'MODERATOR',
      password: null,
    });
    expect(await signIn('mia@people.example', 'orange kite over water')).toMatchObject({
      viewer: { role: 'MODERATOR' },
    });
  });

  test('a name in use, a weak password and an unknown role are refused in words, and nothing is made', async () => {
    expect(await create('root', '--email', 'other@people.example')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'This name is taken.\n',
    });
    expect(await create('weak', '--password', 'password')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('anybody would try'),
    });
    expect(await create('boss', '--role', 'king')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('CURATOR, MODERATOR, ADMIN, OWNER'),
    });
    expect((await signIn('weak', 'password')).token).toBeNull();
  });

  test('the settings of another server are refused', async () => {
    const answer = await triptych(
      ['admin', 'create', '--username', 'x', '--email', 'x@people.example'],
      { ...env, PUBLIC_URL: 'https://other.example' },
    );
    expect(answer).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The data belong to photos.example'),
    });
  });
});

describe('token create', () => {
  const VIEWER = '{ viewer { grantedScopes actor { username } } }';
  const token = (...options: string[]) => triptych(['token', 'create', ...options], env);

  test('prints a token that opens what its scopes say and nothing else', async () => {
    await create('tess', '--password', 'orange kite over water');
    const made = await token('--username', 'tess', '--scopes', 'read:account, write:posts');
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('It ends at ') });
    expect(made.stdout).toMatch(/^trp_[\w-]{43}\w{6}\n$/);
    expect(await server.graphql(VIEWER, {}, made.stdout.trim())).toEqual({
      viewer: { grantedScopes: ['read:account', 'write:posts'], actor: { username: 'tess' } },
    });
  });

  test('says when it ends, or that it never does', async () => {
    const days = JSON.parse(
      (await token('--username', 'tess', '--scopes', 'read', '--expires', '7d', '--json')).stdout,
    );
    expect((Date.parse(days.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
    const never = JSON.parse(
      (await token('--username', 'tess', '--scopes', 'read', '--expires', 'never', '--json'))
        .stdout,
    );
    expect(never.expiresAt).toBeNull();
  });

  test('refuses unknown people, unknown scopes, scopes beyond the role, and odd ends', async () => {
    const refused = async (...options: string[]) => {
      const { code, stdout, stderr } = await token(...options);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return stderr;
    };
    expect(await refused('--username', 'nemo', '--scopes', 'read')).toBe(
      'There is no account nemo.\n',
    );
    expect(await refused('--username', 'tess', '--scopes', 'read,fly')).toContain(
      'There is no scope fly. There are: openid, ',
    );
    expect(await refused('--username', 'tess', '--scopes', 'openid')).toContain(
      'cannot grant openid',
    );
    expect(await refused('--username', 'tess', '--scopes', 'read', '--expires', 'soon')).toContain(
      'number of days',
    );
  });
});

test('without a running server the account is made too, and signs in after the next start', async () => {
  expect(await server.stop()).toBe(0);
  expect((await create('offline', '--password', 'orange kite over water')).code).toBe(0);
  server = await startServerProcess(env);
  expect((await signIn('offline', 'orange kite over water')).viewer?.role).toBe('ADMIN');
});

test('before the first start there is nothing to make an account in', async () => {
  const none = path.join(dataDirectory, 'none');
  const answer = await triptych(
    ['admin', 'create', '--username', 'x', '--email', 'x@people.example'],
    { DATA_DIR: none },
  );
  expect(answer).toMatchObject({
    code: 1,
    stderr: `There are no data in ${none}: start the server once first.\n`,
  });
});
