import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startReachableWorld } from '../support/flaky-proxy.js';
import type { World } from '../support/world.js';
import { openTerminals, type Terminals } from './terminals.js';

let world: World;
let terminals: Terminals;
beforeAll(async () => {
  world = await startReachableWorld();
  for (const name of ['ada', 'ben']) await world.local(name);
  terminals = await openTerminals();
});
afterAll(async () => {
  await terminals[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

it('two people talk in two terminals, and compare their safety number', async () => {
  const ben = terminals.open(world.origin, 'ben');
  await ben.line((line) => line.startsWith('/quit'));
  const ada = terminals.open(world.origin, 'ada', 'ben');
  await ada.line((line) => line.startsWith('/quit'));
  ada.type('Hello from a terminal');
  await ben.line((line) => line.endsWith(': Hello from a terminal'));
  ben.type('And from another');
  await ada.line((line) => line.endsWith(': And from another'));
  const sent = path.join(terminals.home, 'kite.png');
  await writeFile(sent, Buffer.alloc(300_000, 'kite'));
  ada.type(`/send ${sent}`);
  await ben.line((line) => line.endsWith('[kite.png, 300000 bytes]'));
  ben.type(`/save ${await mkdtemp(path.join(terminals.home, 'saved-'))}`);
  const saved = (await ben.line((line) => line.startsWith('saved '))).slice('saved '.length);
  expect(Buffer.compare(await readFile(saved), await readFile(sent))).toBe(0);
  for (const each of [ada, ben]) each.type('/safety');
  const isNumber = (line: string): boolean => /^(\d{5} ){11}\d{5}$/.test(line);
  expect(await ada.line(isNumber)).toBe(await ben.line(isNumber));
  for (const each of [ada, ben]) {
    each.type('/quit');
    expect(await each.ended).toBe(0);
  }
});
