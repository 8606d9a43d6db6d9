// R11: clients that send slowly, in number, over real connections.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorld, type Person, type World } from '../support/world.js';

const CLIENTS_OF_A_KIND = 80;
/** What somebody sends who means well takes no longer. */
const DRIP_MS = 1_000;

let world: World;
let ada: Person;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

const headersOf = (line: string, type: string): string =>
  `${line} HTTP/1.1\r\nHost: a.example\r\nContent-Type: ${type}\r\n`;
const bodyAfter = (line: string, type = 'application/json'): string =>
  `${headersOf(line, type)}Content-Length: 4000\r\n\r\n`;

/** What each kind sends at once, and what then comes drop by drop. */
const KINDS: readonly (readonly [what: string, start: string, drop: string])[] = [
  ['headers', headersOf('POST /graphql', 'application/json'), 'X-More: 1\r\n'],
  ['bodies to the API', bodyAfter('POST /graphql'), ' '],
  ['bodies to an inbox', bodyAfter('POST /inbox', 'application/activity+json'), ' '],
  ['bodies after the answer', bodyAfter('POST /nowhere'), ' '],
];

/** A client that never comes to an end by itself; resolves when the server has cut it off. */
async function sendSlowly(start: string, drop: string): Promise<void> {
  const socket: Socket = connect(Number(new URL(world.origin).port), '127.0.0.1');
  const cut = Promise.withResolvers<void>();
  // Also with a reset, as what it sent last was read by nobody.
  socket.on('error', () => {}).on('close', () => cut.resolve());
  socket.resume();
  await once(socket, 'connect');
  socket.write(start);
  const dripping = setInterval(() => socket.write(drop), DRIP_MS);
  await cut.promise;
  clearInterval(dripping);
}

test('R11 slow headers and slow bodies in number are cut off, and hold up nobody meanwhile', async () => {
  const hanging = new Map(KINDS.map(([what]) => [what, CLIENTS_OF_A_KIND]));
  const clients = KINDS.flatMap(([what, start, drop]) =>
    Array.from({ length: CLIENTS_OF_A_KIND }, async () => {
      await sendSlowly(start, drop);
      hanging.set(what, (hanging.get(what) ?? 0) - 1);
    }),
  );
  await delay(2 * DRIP_MS);
  expect([...hanging.values()]).toEqual(KINDS.map(() => CLIENTS_OF_A_KIND));
  for (let request = 0; request < 20; request++) {
    const { status, errors } = await ada.graphql('{ viewer { id } }');
    expect([status, errors]).toEqual([200, undefined]);
  }
  await Promise.all(clients);
});
