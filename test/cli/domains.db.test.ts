// `triptych domains import` and `export` beside a running server, on an embedded PostgreSQL.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-domains-cli-'));
const env = { DATA_DIR: dataDirectory, PUBLIC_URL: 'https://photos.example' };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(env);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

test('a list is tried, taken in and written again', async () => {
  const file = path.join(dataDirectory, 'in.csv');
  writeFileSync(file, '#domain,#severity\nbad.test,suspend\nphotos.example,suspend\n');
  const trial = await triptych(['domains', 'import', file, '--dry-run'], env);
  expect(trial).toMatchObject({
    code: 0,
    stdout: 'Would add 1, change 0, skip 1; follows that end: 0. Lines that can be no rule: 3.\n',
  });
  const done = await triptych(['domains', 'import', file, '--json'], env);
  expect(JSON.parse(done.stdout)).toEqual({
    added: 1,
    changed: 0,
    skipped: 1,
    severed: 0,
    unreadable: [3],
  });
  const out = path.join(dataDirectory, 'out.csv');
  expect(await triptych(['domains', 'export', out], env)).toMatchObject({ code: 0 });
  const shown = await triptych(['domains', 'export'], env);
  expect(shown.stdout).toBe(readFileSync(out, 'utf8'));
  expect(shown.stdout.split('\n')[1]).toBe('bad.test,suspend,false,false,,false');
  const answer = await server.graphql<{ instance: { moderatedDomains: { nodes: object[] } } }>(
    '{ instance { moderatedDomains { nodes { domain severity } } } }',
  );
  expect(answer.instance.moderatedDomains.nodes).toEqual([
    { domain: 'bad.test', severity: 'SUSPEND' },
  ]);
});

test('a file that cannot be read or written is named, without a stack trace', async () => {
  const missing = path.join(dataDirectory, 'missing.csv');
  const taken = path.join(dataDirectory, 'taken.csv');
  writeFileSync(taken, 'kept');
  for (const command of [
    ['domains', 'import', missing],
    ['domains', 'export', taken],
    ['emoji', 'import', missing],
  ]) {
    const { code, stderr } = await triptych(command, env);
    expect({ command, code, lines: stderr.trim().split('\n').length }).toMatchObject({
      code: 1,
      lines: 1,
    });
    expect(stderr).toContain(command.at(-1));
  }
  expect(readFileSync(taken, 'utf8')).toBe('kept');
});
