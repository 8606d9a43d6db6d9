// `triptych emoji import` and `export` beside a running server, on an embedded PostgreSQL.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';
import { triptych } from '../support/triptych-command.js';

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'triptych-emoji-cli-'));
const env = { DATA_DIR: dataDirectory, PUBLIC_URL: 'https://photos.example' };
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(env);
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDirectory, { recursive: true, force: true });
});

test('pictures of a tar file become emoji, with a word on each, and go out again', async () => {
  const file = path.join(dataDirectory, 'emoji.tar');
  const archive = pack();
  const written = pipeline(archive, createWriteStream(file));
  const background = { r: 250, g: 9, b: 200 };
  const picture = sharp({ create: { width: 32, height: 32, channels: 3, background } });
  archive.entry({ name: 'kite.png' }, await picture.png().toBuffer());
  archive.entry({ name: 'broken.png' }, 'no picture');
  archive.finalize();
  await written;
  const first = await triptych(['emoji', 'import', file, '--category', 'Sky'], env);
  expect(first.stdout.split('\n')).toEqual([
    'added     :kite:',
    expect.stringMatching(/^refused {3}:broken: {2}\S/),
    '',
  ]);
  expect(first).toMatchObject({ code: 1, stderr: '1 of 2 files were refused.\n' });
  const out = path.join(dataDirectory, 'out.tar.gz');
  const exported = await triptych(['emoji', 'export', out, '--json'], env);
  expect(exported.code).toBe(0);
  expect(JSON.parse(exported.stdout)).toEqual({ file: out, count: 1 });
  expect(await triptych(['emoji', 'export', out], env)).toMatchObject({ code: 1 });
  const again = await triptych(['emoji', 'import', out], env);
  expect(again).toMatchObject({ code: 0, stdout: 'kept      :kite:\n1 files, none refused.\n' });
  const answer = await server.graphql<{ instance: { customEmoji: { nodes: object[] } } }>(
    '{ instance { customEmoji { nodes { shortcode category } } } }',
  );
  expect(answer.instance.customEmoji.nodes).toEqual([{ shortcode: 'kite', category: 'Sky' }]);
});
