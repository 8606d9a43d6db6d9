// What the guide of the client package says is so: its quick start is the example and runs, and all it names is there.
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { build, stop } from 'esbuild';
import * as sdk from '../../sdk/src/index.js';
import { startWorld, WORLD_PASSWORD, type World } from '../support/world.js';

const EXAMPLE = path.resolve('sdk/examples/quick-start.js');
// Beside the packages that it needs.
const BUNDLE = path.resolve('dist/quick-start.mjs');

let world: World;
let guide: string;
beforeAll(async () => {
  guide = await readFile(path.resolve('sdk/README.md'), 'utf8');
  world = await startWorld();
  for (const name of ['ada', 'ben']) await world.local(name);
});
afterAll(async () => {
  await stop();
  await rm(BUNDLE, { force: true });
  await world[Symbol.asyncDispose]();
});

it('begins with an example that runs', async () => {
  expect(guide).toContain(`\`\`\`js\n${await readFile(EXAMPLE, 'utf8')}\`\`\``);
  await build({
    entryPoints: [EXAMPLE],
    alias: { '@triptych/sdk': path.resolve('sdk/src/index.ts') },
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    outfile: BUNDLE,
    logLevel: 'silent',
  });
  const names = [world.origin, 'ada', world.origin, 'ben'];
  const env = { ...process.env, PASSWORD: WORLD_PASSWORD };
  const { stdout } = await promisify(execFile)(process.execPath, [BUNDLE, ...names], { env });
  const [said, one, other] = stdout.trim().split('\n');
  expect(said).toMatch(/wrote: Hello from the quick start$/);
  expect(one).toMatch(/^(\d{5} ){11}\d{5}$/);
  expect(other).toBe(one);
});

it('names nothing that is not there', () => {
  const members = [...guide.matchAll(/`(?:await )?chat\.(\w+)/g)].map(([, name]) => name!);
  const known = Object.getOwnPropertyNames(sdk.Chat.prototype);
  const fields = ['people', 'keyLog', 'peerLogs', 'files', 'requests'];
  expect(members.length).toBeGreaterThan(20);
  for (const name of members) expect([...known, ...fields]).toContain(name);
  const functions = [
    ...guide.matchAll(/`((?:open|seal|request|answer|keep|fetch|is|new)[A-Z]\w+)`/g),
  ];
  const elsewhere = ['openFileStorage', 'isBroken', 'isExpected', 'isHere', 'newDevice'];
  for (const [, name] of functions) expect([...Object.keys(sdk), ...elsewhere]).toContain(name);
});

it('tells of every variable of the environment that is read', async () => {
  const directory = path.resolve('sdk/src');
  const names = (await readdir(directory, { recursive: true })).filter((it) => it.endsWith('.ts'));
  const sources = await Promise.all(names.map((it) => readFile(path.join(directory, it), 'utf8')));
  const text = sources.join('\n');
  const read = [...text.matchAll(/process\.env\[?\.?'?(\w*)/g)].map(([, name]) => name!);
  // One whose name is computed could not be found here.
  expect(read).not.toContain('');
  const told = [...guide.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name!);
  expect(new Set(told)).toEqual(new Set(read));
});
