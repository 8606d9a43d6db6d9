// Whose turn it is among thousands of hosts: a look costs the same however many wait, and nobody is passed over for good.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SLICES } from '../../src/federation/delivery-slices.js';
import { DeliveryAgenda } from '../../src/federation/internal/delivery-agenda.js';
import { DeliveryPlaces } from '../../src/federation/internal/delivery-places.js';
import { replaceTurns } from '../../src/federation/internal/delivery-turns.js';
import { statement, type Reader } from '../../src/platform/db/database.js';
import { openNetwork } from '../support/federation.js';
import type { World } from '../support/world.js';

const EMPTY = statement('test.empty_turns', 'delete from delivery_turns');
const DOWN = statement(
  'test.hosts_down',
  `insert into unreachable_hosts (id, host, attempts, next_attempt_at, since)
   select gen_random_uuid(), host, 1, $2, $2 from unnest($1::text[]) host`,
);
const NOBODY: ReadonlySet<string> = new Set();

let stack: AsyncDisposableStack;
let world: World;
let places: DeliveryPlaces;
let agenda: DeliveryAgenda;
let rowsRead = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  world = await stack.use(openNetwork()).join('a.example');
});

beforeEach(begin);

/** Nobody waits, and all places are free. */
async function begin(): Promise<void> {
  const { database } = world.services;
  await database.rows(EMPTY);
  places = new DeliveryPlaces();
  rowsRead = 0;
  const counting = {
    rows: async (...asked: Parameters<Reader['rows']>) => {
      const rows = await database.rows(...asked);
      rowsRead += rows.length;
      return rows;
    },
  } as Reader;
  agenda = new DeliveryAgenda(counting, places);
}

afterAll(() => stack.disposeAsync());

const many = (count: number, name: (number: number) => string): string[] =>
  Array.from({ length: count }, (_, number) => name(number));

/** Turns of these hosts, in this order. */
async function wait(hosts: readonly string[]): Promise<void> {
  const { database, clock } = world.services;
  const dueAt = clock.now();
  await database.transaction((tx) =>
    replaceTurns(
      tx,
      [],
      hosts.map((host) => ({ host, dueAt })),
    ),
  );
}

const look = () => agenda.look(SLICES, world.services.clock.now(), NOBODY);

/** Hosts that get a place until the sweep ends, or all places are taken. */
async function sweep(): Promise<string[]> {
  const taken: string[] = [];
  do taken.push(...(await look()).taken.map(({ host }) => host));
  while (agenda.isUnderway && !places.isFull);
  return taken;
}

test('one look fills all places, and the next one the single place that is left, at no more cost with 20,000 hosts', async () => {
  for (const hosts of [2_000, 20_000]) {
    await begin();
    await wait(many(hosts, (number) => `h${number}.of-${hosts}.n${number}.example`));
    const taken = await sweep();
    expect(taken).toHaveLength(512);
    expect(rowsRead).toBeLessThanOrEqual(1_024);
    rowsRead = 0;
    places.leave(taken[0]!);
    expect(await sweep()).toHaveLength(1);
    expect(rowsRead).toBeLessThanOrEqual(64);
  }
});

test('hosts of one domain that has all its places are passed over, however many they are, and come again', async () => {
  await wait([...many(3_000, (number) => `h${number}.evil.example`), 'good.example']);
  const taken = await sweep();
  expect(taken).toHaveLength(33);
  expect(taken).toContain('good.example');
  expect(agenda.waitsFor({ host: 'good.example', wasDown: false })).toBe(false);
  const [evil] = taken;
  expect(agenda.waitsFor({ host: evil!, wasDown: false })).toBe(true);
  places.leave(evil!);
  expect(await sweep()).toHaveLength(1);
});

test('hosts that were down take only some of the places, and those that are left alone have their turn later', async () => {
  const { database, clock } = world.services;
  const down = many(100, (number) => `down${number}.n${number}.example`);
  const left = many(10, (number) => `left${number}.n${number}.example`);
  await database.rows(DOWN, [down, clock.now()]);
  await database.rows(DOWN, [left, new Date(clock.now().getTime() + 60_000)]);
  await wait([...down, ...left, 'good.example']);
  const { taken, gone, added } = await look();
  expect(taken).toHaveLength(65);
  expect(taken[0]).toMatchObject({ host: 'good.example', wasDown: false });
  expect(gone).toHaveLength(10);
  expect(added.map(({ host }) => host)).toEqual(left);
  expect(agenda.waitsFor(taken[1]!)).toBe(true);
  expect(agenda.waitsFor(taken[0]!)).toBe(false);
});

test('a sweep ends with what was due at its start; whoever is busy has what came meanwhile in the next one', async () => {
  await wait(['one.example']);
  expect(await sweep()).toEqual(['one.example']);
  await wait(['one.example', 'two.example']);
  expect(await sweep()).toEqual(['two.example']);
  expect(agenda.waitsFor({ host: 'one.example', wasDown: false })).toBe(true);
  places.leave('one.example');
  expect(await sweep()).toEqual(['one.example']);
  expect(agenda.isIdle).toBe(false);
  expect(await sweep()).toEqual([]);
  expect(agenda.isIdle).toBe(true);
});
