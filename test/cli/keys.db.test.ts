// `triptych keys rotate` and `triptych key-logs` beside a running server, on an embedded PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-keys-cli-'));
const env = { DATA_DIR: dataDirectory, PUBLIC_URL: 'https://photos.example' };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(env);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

async function key(): Promise<string> {
  const answer = await fetch(`${server.origin}/actor`, {
    headers: { accept: 'application/activity+json' },
  });
  return ((await answer.json()) as { publicKey: { publicKeyPem: string } }).publicKey.publicKeyPem;
}

test('a running server publishes a key that the command has replaced', async () => {
  const before = await key();
  expect(await triptych(['keys', 'rotate', '--server'], env)).toMatchObject({
    code: 0,
    stdout: 'Replaced the keys of 1.\n',
  });
  while ((await key()) === before) await new Promise((resolve) => setTimeout(resolve, 50));
  const all = await triptych(['keys', 'rotate', '--all', '--revoke', '--json'], env);
  expect(JSON.parse(all.stdout)).toEqual({ rotated: 1 });
});

test('whose keys has to be said, and be somebody here', async () => {
  expect(await triptych(['keys', 'rotate'], env)).toMatchObject({
    code: 1,
    stderr: 'Say whose: --username <username>, --server or --all.\n',
  });
  expect(await triptych(['keys', 'rotate', '--username', 'nobody'], env)).toMatchObject({
    code: 1,
    stderr: 'There is no account nobody.\n',
  });
});

test('logs of keys of other servers are shown, and one that nobody knows cannot be forgotten', async () => {
  expect(await triptych(['key-logs', 'list'], env)).toMatchObject({
    code: 0,
    stdout: 'No log is known.\n',
  });
  expect(JSON.parse((await triptych(['key-logs', 'list', '--json'], env)).stdout)).toEqual([]);
  for (const origin of ['https://other.example', 'nowhere'])
    expect(await triptych(['key-logs', 'forget', origin], env)).toMatchObject({
      code: 1,
      stderr: `Nothing is known of a log of ${origin}.\n`,
    });
});
