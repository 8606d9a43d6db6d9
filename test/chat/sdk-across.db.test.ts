// The programs of the client package for people on two servers, each signed in to their own alone.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { World } from '../support/world.js';
import { openExample, say } from './browsers.js';
import { isReady, openTerminals } from './terminals.js';

let network: FederatedNetwork;
let [here, there]: World[] = [];
const over = new AbortController();
let working: Promise<void>;
beforeAll(async () => {
  network = openNetwork();
  [here, there] = [await network.join('a.example'), await network.join('b.example')];
  for (const name of ['ada', 'cyd']) await here.local(name);
  for (const name of ['ben', 'dan']) await there.local(name);
  working = work();
});
afterAll(async () => {
  over.abort();
  await working;
  await network[Symbol.asyncDispose]();
});

/** The workers of both servers, which run by themselves elsewhere. */
async function work(): Promise<void> {
  while (!over.signal.aborted) {
    await network.settle();
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}

it('two people on two servers talk in two terminals, and compare their safety number', async () => {
  await using terminals = await openTerminals();
  const ben = terminals.open(there!.origin, 'ben');
  await ben.line(isReady);
  const ada = terminals.open(here!.origin, 'ada', 'ben@b.example');
  await ada.line(isReady);
  ada.type('Hello from another server');
  await ben.line((line) => line.endsWith(': Hello from another server'));
  ben.type('And back');
  await ada.line((line) => line.endsWith(': And back'));
  for (const each of [ada, ben]) for (const word of ['/safety', '/code']) each.type(word);
  const isNumber = (line: string): boolean => /^(\d{5} ){11}\d{5}$/.test(line);
  expect(await ada.line(isNumber)).toBe(await ben.line(isNumber));
  const isCode = (line: string): boolean => /^[\da-f]{20}$/.test(line);
  expect(await ada.line(isCode)).toBe(await ben.line(isCode));
  for (const each of [ada, ben]) {
    each.type('/quit');
    expect(await each.ended).toBe(0);
  }
});

it('two people on two servers talk in two browsers', async () => {
  await using example = await openExample();
  const dan = await example.enter(await example.browser(), there!.origin, 'dan');
  const cyd = await example.enter(await example.browser(), here!.origin, 'cyd', 'dan@b.example');
  await say(cyd, 'Hello from a browser');
  await dan.getByText('They: Hello from a browser').waitFor();
  await say(dan, 'And from another');
  await cyd.getByText('They: And from another').waitFor();
});
