import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Chat } from '../../sdk/src/chat/chat.js';
import { openLink, requestLink } from '../../sdk/src/chat/linking.js';
import { HELP } from '../../sdk/src/cli/terminal-commands.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { startReachableWorld } from '../support/flaky-proxy.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import { until } from '../support/until.js';
import type { World } from '../support/world.js';
import { signedIn, STORE_KEY } from './sdk-people.js';
import { isReady, openTerminals, type Terminal, type Terminals } from './terminals.js';

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
  ben.type('/react 👍');
  await ada.line(ends('👍 you: [kite.png, 300000 bytes]'));
  for (const each of [ada, ben]) each.type('/safety');
  expect(await ada.line(isNumber)).toBe(await ben.line(isNumber));
  ada.type('/verify ben');
  await ada.line((line) => /^ben@.+ ✓$/.test(line));
  ada.type('/timer 3600');
  await ben.line((line) => /^! ada@\S+ chose that new messages go after 1 hour\.$/.test(line));
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
  await second.line((line) => /^This device is in 1\. dan@\S+ now\.$/.test(line));
  second.type('/open 1');
  await second.line(ends(': before the second one'));
  second.type('from the second one');
  await dan.line(ends(': from the second one'));
  await first.line((line) => line === 'you: from the second one');
  // What dan writes before their device has heard of the second one, that cannot read.
  dan.type('for both of them');
  for (const each of [first, second]) await each.line(ends(': for both of them'));
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

it('a device that takes its time after it is registered is let in all the same', async () => {
  for (const name of ['eve', 'flo']) await world.local(name);
  const flo = terminals.open(world.origin, 'flo');
  await flo.line(isReady);
  await using way = await startRecordingProxy(Number(new URL(world.origin).port), 'server');
  const looks = (): number =>
    way.passed.filter(({ bytes }) => bytes.includes('query OwnChatDevices')).length;
  const first = terminals.open(`http://127.0.0.1:${way.port}`, 'eve', 'flo');
  await first.line(isReady);
  const request = await requestLink();
  first.type(`/link ${request.text}`);
  const linked = await openLink(request, await first.line(begins('triptych-linked:')));
  const [publishing, layOut] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const client = await signedIn(world, 'eve', {
    fetch: async (url, init) => {
      if (typeof init?.body === 'string' && init.body.includes('mutation PublishKeyPackages')) {
        publishing.resolve();
        await layOut.promise;
      }
      return fetch(url, init);
    },
  });
  const store = await Store.open(new MemoryStorage(), STORE_KEY);
  const opening = Chat.openLinked(client, store, { name: 'Slow', platform: 'Node' }, linked);
  await Promise.race([publishing.promise, opening]);
  const isThere = looks() + 3;
  const isLinked = begins('linked ');
  await until(() => looks() >= isThere || first.seen.some(isLinked));
  layOut.resolve();
  const second = await opening;
  await first.line((line) => line === 'linked Slow');
  await second.synchronise();
  expect(second.conversations()).toMatchObject([{ isMember: true, isBroken: false }]);
  await client.close();
  await quit(first, flo);
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

it('what is done to messages is seen, with the names of people', async () => {
  const dan = terminals.open(world.origin, 'dan');
  await dan.line(isReady);
  const ben = terminals.open(world.origin, 'ben', 'dan');
  await ben.line(isReady);
  const told = (one: Terminal, text: string): Promise<string> =>
    one.line((line) => line.replaceAll(/@localhost:\d+/g, '') === text);
  ben.type('Where shall we go?');
  await dan.line(begins('What you type goes to '));
  await told(dan, 'ben: Where shall we go?');
  dan.type('/reply To the lake');
  await told(ben, 'dan: (to “Where shall we go?”) To the lake');
  dan.type('/edit To the small lake');
  await told(ben, 'dan: (to “Where shall we go?”) To the small lake (edited)');
  ben.type('/react 👍');
  await told(dan, 'ben 👍 you: To the small lake');
  ben.type('/poll When? / Today / Tomorrow');
  await told(dan, 'ben: asks: When? (Today / Tomorrow)');
  dan.type('/vote Never');
  await dan.line(ends('Choose one of these: Today / Tomorrow'));
  dan.type('/vote Tomorrow');
  await told(ben, 'dan voted: Tomorrow');
  ben.type('/delete');
  await told(dan, '(deleted) ben: asks: When? (Today / Tomorrow)');
  const isFault = (line: string): boolean => line.startsWith('! ');
  expect(dan.seen.filter(isFault)).toHaveLength(1);
  expect(ben.seen.filter(isFault)).toHaveLength(0);
  for (const { seen } of [ben, dan]) expect(seen.join('\n')).not.toMatch(/https?:|urn:|undefined/);
  await dan.line(begins('You are dan@'));
  dan.type('/timer soon');
  await dan.line((line) => line === '! A time is from 10 to 31536000 seconds.');
  dan.type('/nothing');
  await dan.line((line) => line === '! There is no /nothing: /help has what there is.');
  dan.type('/send there/is/none.png');
  await dan.line((line) => line === '! There is no such file or directory: there/is/none.png');
  dan.type('/quit');
  // A script that reads the code of the end learns that something was not done.
  expect(await dan.ended).toBe(1);
  await quit(ben);
});

it('a group hears who came, who left, and what happens elsewhere', async () => {
  const [ben, dan] = ['ben', 'dan'].map((name) => terminals.open(world.origin, name));
  for (const each of [ben!, dan!]) await each.line(isReady);
  const other = terminals.open(world.origin, 'cyd', 'ben', 'dan');
  await other.line(isReady);
  other.type('/title Lake');
  other.type('Who comes?');
  await ben!.line((line) => /^(\[\d\. .+\] )?cyd@\S+: Who comes\?$/.test(line));
  other.type('/remove dan');
  await ben!.line((line) => /^(\[\d\. Lake\] )?! cyd@\S+ took dan@\S+ out\.$/.test(line));
  ben!.type('/chats');
  const [number] = await ben!.line((line) => /^\d\. Lake\b/.test(line));
  ben!.type(`/open ${number}`);
  await ben!.line((line) => /^cyd@\S+: Who comes\?$/.test(line));
  ben!.type('/leave');
  await other.line((line) => /^! ben@\S+ leaves, with all devices\.$/.test(line));
  await quit(ben!, dan!, other);
});

it('takes what a script writes, and ends cleanly however it is ended', async () => {
  const script = terminals.open(world.origin, 'ben', 'dan');
  script.type('from a script');
  script.end();
  expect(await script.ended).toBe(0);
  const dan = terminals.open(world.origin, 'dan');
  await dan.line(isReady);
  const second = terminals.open(world.origin, 'dan');
  expect(await second.ended).toBe(1);
  expect(second.seen.join('\n')).toMatch(/^! This device is open in another terminal\./);
  dan.kill('SIGINT');
  expect(await dan.ended).toBe(0);
  const lost = terminals.open(world.origin, 'dan', 'nobody');
  expect(await lost.ended).toBe(1);
  expect(lost.seen).toEqual(['! There is nobody called nobody.']);
  // Whatever way the last one went, the store is whole and free.
  const again = terminals.open(world.origin, 'dan');
  await again.line(isReady);
  again.type('/chats');
  const chat = await again.line((line) => /^\d\. ben@/.test(line));
  again.type(`/open ${chat[0]}`);
  await again.line((line) => /^ben@\S+: from a script$/.test(line));
  again.type('/help');
  await again.line(begins('/quit '));
  for (const line of HELP) expect(again.seen).toContain(line);
  for (const line of HELP.slice(1)) expect(line).toMatch(/^\/\w+( .+)? {2,}\S/);
  await quit(again);
});
