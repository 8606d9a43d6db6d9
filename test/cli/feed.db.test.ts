// `triptych feed explain` and `replay`: the page of recipes, and stored orders computed again.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { feedsPage } from '../../src/cli/feed-explain.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-feed-cli-'));
const env = { DATA_DIR: dataDirectory, PUBLIC_URL: 'https://photos.example' };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(env);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

test('the page of recipes is the one that is generated', () => {
  expect(readFileSync('src/FEEDS.md', 'utf8')).toBe(feedsPage());
});

test('a stored order is computed again beside a running server, and from a file alone', async () => {
  const answer = await server.graphql<{ feed: { snapshot: { id: string } } }>(
    '{ feed(algorithm: "for-you") { snapshot { id } } }',
  );
  const file = path.join(dataDirectory, 'page.json');
  const { id } = answer.feed.snapshot;
  expect(await triptych(['feed', 'replay', id, '--save', file], env)).toMatchObject({
    code: 0,
    stdout: 'Same: 0 places of for-you 1.1.0, scores included.\n',
  });
  expect(await triptych(['feed', 'replay', file])).toMatchObject({ code: 0 });
  expect(await triptych(['feed', 'replay', 'feedsnapshot_01'])).toMatchObject({
    code: 1,
    stderr: 'feedsnapshot_01 is no whole id.\n',
  });
});

interface Vector {
  readonly input: { readonly algorithm: string; readonly version: string; readonly seed: string };
  readonly places: readonly { readonly id: string; readonly score: number }[];
}

test('what was changed is told from what was not', async () => {
  const vectors = JSON.parse(readFileSync('src/ranking/vectors.json', 'utf8')) as Vector[];
  const { input, places } = vectors.at(-1)!;
  const write = (name: string, changes: object): string => {
    const file = path.join(dataDirectory, name);
    const whole = { ...input, input, inputDigest: 'none', entries: places, ...changes };
    writeFileSync(file, JSON.stringify(whole));
    return file;
  };
  expect(await triptych(['feed', 'replay', write('digest.json', {})])).toMatchObject({
    code: 1,
    stderr: 'The input is not the one that the digest was made of.\n',
  });
  expect(
    await triptych(['feed', 'replay', write('version.json', { version: '0.0.1' })]),
  ).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('for-you 0.0.1'),
  });
  const unknown = await triptych(['feed', 'replay', write('nothing.json', { input: {} })]);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('--save') });
});
