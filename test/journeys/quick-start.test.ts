// The quick start of the README, run as written: its shell blocks, one after another, against a server of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { photograph } from '../support/photographs.js';
import { startServerProcess } from '../support/server-process.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'triptych-quick-start-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** All blocks that the README marks as part of the quick start, as one script. */
function quickStart(): string {
  const blocks = readFileSync('README.md', 'utf8').matchAll(/^```sh quick-start\n(.*?)^```$/gms);
  return [...blocks].map(([, commands]) => commands).join('\n');
}

async function run(script: string, environment: Record<string, string>) {
  const shell = spawn('bash', ['-eu', '-c', script], {
    env: { PATH: process.env['PATH'], TMPDIR: directory, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(shell, 'close');
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  await closed;
  return { code: shell.exitCode, output, errors };
}

/** The JSON at the end of what was printed, or after a word. */
function json(output: string, before: string): unknown {
  return JSON.parse(output.slice(output.lastIndexOf(before) + before.length).split('\n')[0] ?? '');
}

test('the commands of the README bring a photograph into the home timeline of a follower, live', async () => {
  await using server = await startServerProcess({ DATA_DIR: path.join(directory, 'data') });
  while (!server.output().includes('setupToken'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const setupToken = /setupToken: "([^"]+)"/.exec(server.output())?.[1] ?? '';
  const { code, output, errors } = await run(quickStart(), {
    ORIGIN: server.origin.replace('127.0.0.1', 'localhost'),
    PHOTO: await photograph(),
    SETUP_TOKEN: setupToken,
  });

  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(output).toContain('The photograph is READY.');
  const ada = { handle: expect.stringMatching(/^ada@localhost/) };
  const caption = expect.stringContaining('Hello from');
  expect(json(output, 'live: ')).toEqual({
    timelineChanged: { change: 'ADDED', postEdge: { node: { author: ada, caption } } },
  });
  expect(JSON.parse(output.slice(output.lastIndexOf(`{"data":`)))).toMatchObject({});
});
