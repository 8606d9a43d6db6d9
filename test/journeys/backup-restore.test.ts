// A server is saved while it runs, lost, and brought back elsewhere: people sign in as before, tokens still work.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

let directory: string;
const at = (name: string) => path.join(directory, name);
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'triptych-journey-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const PASSWORD = 'orange kite over water';
const VIEWER = '{ viewer { email actor { handle } } }';
const SIGN_IN = `mutation ($login: String!, $password: String!) {
  signIn(input: { login: $login, password: $password }) { token userErrors { code } }
}`;

interface SignedIn {
  signIn: { token: string | null; userErrors: { code: string }[] };
}

async function succeeds(...[args, env]: Parameters<typeof triptych>): Promise<string> {
  const answer = await triptych(args, env);
  expect(answer).toMatchObject({ code: 0 });
  return answer.stdout;
}

test('R25 a server that was saved while running comes back whole on an empty data directory', async () => {
  const old = { DATA_DIR: at('old'), PUBLIC_URL: 'https://photos.example' };
  const next = { ...old, DATA_DIR: at('new') };
  const person = ['--username', 'ada'];
  let token = '';
  {
    await using server = await startServerProcess(old);
    await succeeds(
      ['admin', 'create', ...person, '--email', 'ada@people.example', '--password', PASSWORD],
      old,
    );
    token = (await succeeds(['token', 'create', ...person, '--scopes', 'read'], old)).trim();
    expect(await server.graphql(VIEWER, {}, token)).toMatchObject({
      viewer: { email: 'ada@people.example' },
    });
    await succeeds(['backup', 'create', at('backup.tar')], old);
    await server.graphql(SIGN_IN, { login: 'ada', password: PASSWORD });
    expect(await triptych(['backup', 'restore', at('backup.tar')], old)).toMatchObject({
      code: 1,
      stderr: 'A server is running on this data directory. Stop it first.\n',
    });
  }
  rmSync(at('old'), { recursive: true });

  expect(await succeeds(['backup', 'verify', at('backup.tar')])).toContain(
    'every foreign key holds',
  );
  await succeeds(['backup', 'restore', at('backup.tar')], next);
  expect(JSON.parse(await succeeds(['doctor', '--json'], next))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ check: 'server-key', state: 'ok' }),
      expect.objectContaining({ check: 'domain', state: 'ok' }),
    ]),
  );
  await using server = await startServerProcess(next);
  expect(await server.graphql(VIEWER, {}, token)).toEqual({
    viewer: { email: 'ada@people.example', actor: { handle: 'ada@photos.example' } },
  });
  const again = await server.graphql<SignedIn>(SIGN_IN, { login: 'ada', password: PASSWORD });
  expect(again.signIn).toEqual({ token: expect.stringMatching(/^trs_/), userErrors: [] });
  const wrong = await server.graphql<SignedIn>(SIGN_IN, { login: 'ada', password: 'another kite' });
  expect(wrong.signIn).toEqual({ token: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] });
}, 300_000);
