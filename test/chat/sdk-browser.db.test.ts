import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startReachableWorld } from '../support/flaky-proxy.js';
import type { World } from '../support/world.js';
import { openExample, say, type ExamplePage } from './browsers.js';

let world: World;
let example: ExamplePage;
beforeAll(async () => {
  world = await startReachableWorld();
  for (const name of ['ada', 'ben']) await world.local(name);
  example = await openExample();
});
afterAll(async () => {
  await example[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

it('two people talk in two browsers, and one of them reads on after coming back', async () => {
  const [adaBrowser, benBrowser] = [await example.browser(), await example.browser()];
  const ben = await example.enter(benBrowser, world.origin, 'ben');
  const ada = await example.enter(adaBrowser, world.origin, 'ada', 'ben');
  await say(ada, 'Hello from a browser');
  await ben.getByText('They: Hello from a browser').waitFor();
  await say(ben, 'And from another');
  await ada.getByText('They: And from another').waitFor();
  await ada.setInputFiles('#say input[type=file]', {
    name: 'kite.png',
    mimeType: 'image/png',
    buffer: Buffer.alloc(300_000, 'kite'),
  });
  await say(ada, 'See');
  const [download] = await Promise.all([
    ben.waitForEvent('download'),
    ben.getByRole('button', { name: 'kite.png' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('kite.png');
  const saved = await readFile(await download.path());
  expect(Buffer.compare(saved, Buffer.alloc(300_000, 'kite'))).toBe(0);
  await ben.close();
  await say(ada, 'While you were away');
  await ada.getByText('You: While you were away').waitFor();
  const again = await example.enter(benBrowser, world.origin, 'ben');
  await again.getByText('They: While you were away').waitFor();
  expect(await again.locator('#messages li').allTextContents()).toEqual([
    'They: Hello from a browser',
    'You: And from another',
    'They: See kite.png',
    'They: While you were away',
  ]);
});
