import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Actor } from '../../src/actors/actor.entity.js';
import { InvalidCursor } from '../../src/platform/db/page.js';
import { statement, type Database } from '../../src/platform/db/database.js';
import { openDatabase } from '../../src/platform/db/open-database.js';
import { systemClock } from '../../src/platform/clock.js';
import { defineEvent } from '../../src/platform/journal/event.js';
import type { JobContext } from '../../src/platform/context.js';
import { pruneEvents } from '../../src/platform/realtime/prune-events.js';
import { createLogger } from '../../src/platform/logger.js';
import { EventStream } from '../../src/platform/realtime/event-stream.js';
import {
  MAX_PENDING,
  SlowReader,
  type EventSubscription,
} from '../../src/platform/realtime/event-subscription.js';
import {
  decodeLiveCursor,
  encodeLiveCursor,
  type LiveEvent,
} from '../../src/platform/realtime/live-event.js';
import { freshDatabase } from '../support/database.js';

interface Counted {
  readonly writer: number;
  readonly number: number;
}

const counted = defineEvent<Counted>('counted', ({ writer }) => ['all', `writer:${writer}`]);
const wide = defineEvent<Counted>('wide', ({ writer }) => [
  ...Array.from({ length: 100 }, (_, index) => `reader:${index}`),
  `writer:${writer}`,
]);
const silent = defineEvent<Counted>('silent');
const WAIT = statement('test.wait', 'select pg_sleep($1)');
const WRITES = statement('test.writes', 'select pg_current_xact_id()');
const KILL_LISTENERS = statement(
  'test.kill_listeners',
  "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'",
);
const EVENTS_PER_AGE = statement(
  'test.age',
  "update events set created_at = now() - case seq % 2 when 0 then interval '59 minutes' else interval '61 minutes' end",
);
const COUNT = statement('test.event_stream.count', 'select count(*)::int as count from events');
const log = createLogger({ level: 'silent', format: 'json' });

let stack: AsyncDisposableStack;
let database: Database;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const { url } = stack.use(await freshDatabase());
  database = stack.use(
    await openDatabase({
      url,
      poolSize: 30,
      statementTimeoutMs: 20_000,
      entities: [Actor],
      consequences: [],
    }),
  );
});

afterEach(() => stack.disposeAsync());

test('with 20 writers that wait and roll back, lost connections and reconnecting readers, each committed event comes once and in one order', async () => {
  const continuous = await openStream();
  const other = await openStream();
  const everything = collect(await continuous.subscribe(['all']));
  const start = other.cursor;
  const writing = writeHostilely();
  const reconnecting = collectWithReconnects(other, start);
  let killed = 0;
  for (let round = 0; round < 8; round++) {
    await database.row(WAIT, [0.1]);
    killed += await killListeners();
  }
  const committed = await writing;
  await append(counted, { writer: -1, number: 0 });
  const [seen, seenAgain] = [await everything(isEnd), await reconnecting(isEnd)];

  expect(killed).toBeGreaterThanOrEqual(2);
  expect(keys(seen).toSorted()).toEqual([...committed, '-1:0'].toSorted());
  expect(keys(seenAgain)).toEqual(keys(seen));
  for (let writer = 0; writer < 20; writer++) {
    const numbers = seen
      .map(payloadOf)
      .filter((event) => event.writer === writer)
      .map(({ number }) => number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  }
});

test('an event of a younger transaction waits for an older one that still runs, and comes when that rolls back', async () => {
  const stream = await openStream();
  const next = (await stream.subscribe(['all']))[Symbol.asyncIterator]();
  const older = await database.pool.connect();
  await older.query('begin');
  await older.query('select pg_current_xact_id()');
  await append(counted, { writer: 1, number: 1 });
  let hasCome = false;
  const coming = next.next().then((result) => {
    hasCome = true;
    return result;
  });
  await database.row(WAIT, [0.3]);
  expect(hasCome).toBe(false);
  await older.query('rollback');
  older.release();
  expect((await coming).value?.payload).toEqual({ writer: 1, number: 1 });
});

test('what hundreds hear of is replayed to each of them, in its place', async () => {
  const stream = await openStream();
  const first = collect(await stream.subscribe(['all']));
  await append(counted, { writer: 1, number: 1 });
  const [origin] = await first(() => true);
  await append(wide, { writer: 1, number: 2 });
  await append(counted, { writer: 1, number: 3 });
  await append(wide, { writer: 2, number: 1 });
  await append(wide, { writer: 1, number: 4 });
  await stream.caughtUp();
  const replaying = collect(await stream.subscribe(['writer:1'], origin!.cursor));
  expect(keys(await replaying(({ number }) => number === 4))).toEqual(['1:2', '1:3', '1:4']);
  const reading = collect(await stream.subscribe(['reader:77', 'all'], origin!.cursor));
  const seen = await reading(({ number }) => number === 4);
  expect(keys(seen)).toEqual(['1:2', '1:3', '2:1', '1:4']);
  expect(seen[0]!.topics).toContain('reader:77');
});

test('a replay gives only the asked topics and joins the live events', async () => {
  const stream = await openStream();
  const first = collect(await stream.subscribe(['all']));
  await append(counted, { writer: 1, number: 1 });
  const [origin] = await first(() => true);
  await append(counted, { writer: 1, number: 2 });
  await append(counted, { writer: 2, number: 1 });
  await append(silent, { writer: 1, number: 3 });
  const replaying = collect(await stream.subscribe(['writer:1'], origin!.cursor));
  await append(counted, { writer: 1, number: 4 });
  expect(keys(await replaying(({ number }) => number === 4))).toEqual(['1:2', '1:4']);
});

test('a replay that is ahead of the stream waits for it, and no event comes twice', async () => {
  const stream = await openStream();
  const first = collect(await stream.subscribe(['all']));
  const gate = Promise.withResolvers<void>();
  let settling = Promise.resolve();
  const hold = (): void => {
    settling = gate.promise;
  };
  stream.listen({ take: hold, settled: () => settling });
  await append(counted, { writer: 1, number: 1 });
  const [origin] = await first(() => true);
  // The stream stands still behind its listener; the journal does not.
  await append(counted, { writer: 1, number: 2 });
  const subscribing = stream.subscribe(['writer:1'], origin!.cursor);
  await database.row(WAIT, [0.2]);
  gate.resolve();
  const replaying = collect(await subscribing);
  await append(counted, { writer: 1, number: 3 });
  expect(keys(await replaying(({ number }) => number === 3))).toEqual(['1:2', '1:3']);
});

test('a cursor of another database, of the future, of a pruned event, or older than 15 minutes is refused', async () => {
  const stream = await openStream();
  const reading = collect(await stream.subscribe(['all']));
  await append(counted, { writer: 1, number: 1 });
  const [event] = await reading(() => true);
  const cursor = decodeLiveCursor(event!.cursor);
  const refused = [
    encodeLiveCursor({ ...cursor, epoch: '1' }),
    encodeLiveCursor({ ...cursor, xid: cursor.xid + 1_000_000n, seq: 0n }),
    encodeLiveCursor({ ...cursor, seq: cursor.seq + 1n }),
    encodeLiveCursor({ ...cursor, atMs: cursor.atMs - 1 }),
    encodeLiveCursor({ ...cursor, seq: 0n, atMs: cursor.atMs - 16 * 60_000 }),
    'nonsense',
  ];
  for (const wrong of refused) {
    await expect(stream.subscribe(['all'], wrong)).rejects.toThrow(InvalidCursor);
  }
  (await stream.subscribe(['all'], event!.cursor)).close();
});

test('1,000 missed events are replayed, 1,001 are refused', async () => {
  const stream = await openStream();
  const start = stream.cursor;
  await appendMany(1000);
  const replayed = await collect(await stream.subscribe(['all'], start))(
    ({ number }) => number === 999,
  );
  expect(replayed).toHaveLength(1000);
  await appendMany(1);
  // Until then a transaction that runs elsewhere may hold the last event back from every reader.
  await stream.caughtUp();
  await expect(stream.subscribe(['all'], start)).rejects.toThrow(InvalidCursor);
});

test('W08 a reader that does not read is closed at the bound of its buffer', async () => {
  const stream = await openStream();
  const slow = await stream.subscribe(['all']);
  const attentive = collect(await stream.subscribe(['all']));
  await appendMany(MAX_PENDING + 1);
  expect(await attentive(({ number }) => number === MAX_PENDING)).toHaveLength(MAX_PENDING + 1);
  await expect(slow[Symbol.asyncIterator]().next()).rejects.toThrow(SlowReader);
});

test('a stream has caught up when everything before is dispatched, and waits for what runs meanwhile', async () => {
  const stream = await openStream();
  const running = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const stranger = database.transaction(async (tx) => {
    await tx.rows(WRITES);
    written.resolve();
    await running.promise;
  });
  await written.promise;
  await appendMany(1);
  const order: string[] = [];
  const caughtUp = stream.caughtUp().then(() => order.push('caught up'));
  await database.row(WAIT, [0.05]);
  order.push('stranger ends');
  running.resolve();
  await Promise.all([stranger, caughtUp]);
  expect(order).toEqual(['stranger ends', 'caught up']);
  const later = collect(await stream.subscribe(['all']));
  await append(counted, { writer: -1, number: 0 });
  expect(keys(await later(isEnd))).toEqual(['-1:0']);
});

test('pruning removes what is older than an hour', async () => {
  await appendMany(10);
  await database.rows(EVENTS_PER_AGE);
  await pruneEvents.run({ database } as JobContext, {});
  expect(await database.row(COUNT)).toEqual({ count: 5 });
});

async function openStream(): Promise<EventStream> {
  return stack.use(await EventStream.open({ database, clock: systemClock, log }));
}

function append(event: typeof counted, payload: Counted): Promise<void> {
  return database.transaction((tx) => tx.append(event, payload));
}

function appendMany(count: number): Promise<void> {
  return database.transaction(async (tx) => {
    for (let number = 0; number < count; number++) await tx.append(counted, { writer: 1, number });
  });
}

/** 20 writers, 30 transactions each; waits before and after the append, every fourth rolls back. @returns what was committed */
async function writeHostilely(): Promise<string[]> {
  const committed: string[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async (_, writer) => {
      for (let number = 0; number < 30; number++) {
        const isCommitted = await writeOnce({ writer, number });
        if (isCommitted) committed.push(`${writer}:${number}`);
      }
    }),
  );
  return committed;
}

async function writeOnce(payload: Counted): Promise<boolean> {
  try {
    await database.transaction(async (tx) => {
      await tx.rows(WAIT, [Math.random() * 0.02]);
      if (Math.random() < 0.2) await tx.append(silent, payload);
      await tx.append(counted, payload);
      await tx.rows(WAIT, [Math.random() * 0.03]);
      if (Math.random() < 0.25) throw new Error('rolled back');
    });
    return true;
  } catch {
    return false;
  }
}

type Reading = (isLast: (payload: Counted) => boolean) => Promise<LiveEvent[]>;

function collect(subscription: EventSubscription): Reading {
  return async (isLast) => {
    const seen: LiveEvent[] = [];
    for await (const event of subscription) {
      seen.push(event);
      if (isLast(payloadOf(event))) break;
    }
    return seen;
  };
}

/** Reads a few events, drops the subscription, and continues behind the last cursor. */
function collectWithReconnects(stream: EventStream, start: string): Reading {
  return async (isLast) => {
    const seen: LiveEvent[] = [];
    for (;;) {
      const patience = 1 + Math.floor(Math.random() * 40);
      const from = seen.length;
      for await (const event of await stream.subscribe(['all'], seen.at(-1)?.cursor ?? start)) {
        seen.push(event);
        if (isLast(payloadOf(event))) return seen;
        if (seen.length - from >= patience) break;
      }
    }
  };
}

/** @returns how many LISTEN connections were cut */
async function killListeners(): Promise<number> {
  return (await database.rows(KILL_LISTENERS)).length;
}

function payloadOf(event: LiveEvent): Counted {
  return event.payload as Counted;
}

function isEnd({ writer }: Counted): boolean {
  return writer === -1;
}

function keys(events: readonly LiveEvent[]): string[] {
  return events.map(payloadOf).map(({ writer, number }) => `${writer}:${number}`);
}
