import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startReachableWorld } from '../support/flaky-proxy.js';
import type { World } from '../support/world.js';
import { openTerminals, type Terminal, type Terminals } from './terminals.js';

// Each terminal is a process that starts beside all other tests.
jest.setTimeout(300_000);

let world: World;
let terminals: Terminals;
beforeAll(async () => {
  world = await startReachableWorld();
  for (const name of ['ada', 'ben', 'cyd', 'dan']) await world.local(name);
  terminals = await openTerminals();
});
afterAll(async () => {
  await terminals[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const isReady = (line: string): boolean => line.startsWith('/quit');
const isNumber = (line: string): boolean => /^(\d{5} ){11}\d{5}$/.test(line);
const begins =
  (text: string) =>
  (line: string): boolean =>
    line.startsWith(text);
const ends =
  (text: string) =>
  (line: string): boolean =>
    line.endsWith(text);

async function quit(...all: readonly Terminal[]): Promise<void> {
  for (const each of all) {
    each.type('/quit');
    expect(await each.ended).toBe(0);
  }
}

it('two people talk in two terminals, and compare their safety number', async () => {
  const ben = terminals.open(world.origin, 'ben');
  await ben.line(isReady);
  const ada = terminals.open(world.origin, 'ada', 'ben');
  await ada.line(isReady);
  ada.type('Hello from a terminal');
  expect(await ben.line(ends(': Hello from a terminal'))).toMatch(/^ada@localhost:\d+: Hello/);
  ben.type('And from another');
  await ada.line(ends(': And from another'));
  const sent = path.join(terminals.home, 'kite.png');
  await writeFile(sent, Buffer.alloc(300_000, 'kite'));
  ada.type(`/send ${sent}`);
  await ben.line(ends('[kite.png, 300000 bytes]'));
  ben.type(`/save ${await mkdtemp(path.join(terminals.home, 'saved-'))}`);
  const saved = (await ben.line(begins('saved '))).slice('saved '.length);
  expect(Buffer.compare(await readFile(saved), await readFile(sent))).toBe(0);
  for (const each of [ada, ben]) each.type('/safety');
  expect(await ada.line(isNumber)).toBe(await ben.line(isNumber));
  ada.type('/verify ben');
  await ada.line((line) => /^ben@.+ ✓$/.test(line));
  ada.type('/timer 3600');
  await ben.line((line) => /^! timer ada@.+ 3600$/.test(line));
  await quit(ada, ben);
});

it('a second terminal is linked to the first one, and talks on in its conversations', async () => {
  await using others = await openTerminals();
  const dan = terminals.open(world.origin, 'dan');
  await dan.line(isReady);
  const first = terminals.open(world.origin, 'cyd', 'dan');
  await first.line(isReady);
  first.type('before the second one');
  await dan.line(ends(': before the second one'));
  const second = others.open(world.origin, 'cyd');
  const asked = await second.line(begins('/link triptych-link:'));
  second.type('triptych-linked:1:of something else');
  await second.line((line) => line.includes('! '));
  first.type(asked);
  second.type(await first.line(begins('triptych-linked:')));
  await second.line(isReady);
  await first.line(begins('linked Terminal'));
  second.type('/open 1');
  await second.line(ends(': before the second one'));
  dan.type('for both of them');
  for (const each of [first, second]) await each.line(ends(': for both of them'));
  second.type('from the second one');
  await dan.line(ends(': from the second one'));
  for (const each of [dan, second]) each.type('/safety');
  expect(await second.line(isNumber)).toBe(await dan.line(isNumber));
  for (const each of [dan, first, second]) each.type('/code');
  const isCode = (line: string): boolean => /^[\da-f]{20}$/.test(line);
  const code = await dan.line(isCode);
  for (const each of [first, second]) expect(await each.line(isCode)).toBe(code);
  first.type('/devices');
  const other = await first.line((line) => /^\d\. Terminal on .+, seen /.test(line));
  const over = second.line(() => false);
  first.type(`/revoke ${other[0]}`);
  await expect(over).rejects.toThrow('ended with 1:');
  await expect(over).rejects.toThrow('The device was revoked.');
  await quit(first, dan);
});

it('a terminal comes back with the recovery key, and what was said with it', async () => {
  await using others = await openTerminals();
  const first = terminals.open(world.origin, 'ada', 'ben');
  await first.line(isReady);
  first.type('/backup');
  const key = await first.line((line) => /^([0-9A-Z]{4}-)+[0-9A-Z]{1,4}$/.test(line));
  await quit(first);
  const second = others.open(world.origin, 'ada', 'ben');
  await second.line(begins('/link '));
  second.type(key);
  await second.line(ends(': And from another'));
  const ben = terminals.open(world.origin, 'ben');
  await ben.line(isReady);
  second.type('with the recovery key');
  await ben.line(ends(': with the recovery key'));
  await quit(ben);
  second.type('/quit');
  expect(await second.ended).toBe(0);
});
