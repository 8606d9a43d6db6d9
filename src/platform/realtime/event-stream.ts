/**
 * The live end of the journal: one reader per process that pulls each event once and hands it to whoever
 * asked for its topics. Notices only wake it, so a lost notice delays an event but never loses it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import type { Database } from '../db/database.js';
import type { Logger } from '../logger.js';
import { EventSubscription } from './event-subscription.js';
import { JournalReader } from './journal-reader.js';
import { isBefore, type LiveEvent, type Position } from './live-event.js';
import { Notices } from './notices.js';
import type { PassingNotice } from './passing-notice.js';

/** Hears of every live event of the process. */
export interface EventListener {
  /** Called once per event, in order; must not wait. */
  take(event: LiveEvent): void;
  /** Resolves when what was taken is dealt with; the reader pulls no more before that. */
  settled(): Promise<void>;
}

/** What the stream needs. */
export interface EventStreamOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Wait {
  readonly position: Position;
  readonly done: () => void;
}

/** Looked at this often even without a notice: a connection can die without a word. */
const PATROL_MS = 5_000;
/** Notices that come in quick succession are answered by one read in so many ms, and sooner where the last one found few. */
const PACE_MS = 15;
const PACE_PER_EVENT_MS = 5;
/** After a failed read, and with events withheld by a running transaction, in ms. */
const FAILED_MS = 500;
const WITHHELD_FIRST_MS = 5;
const WITHHELD_LAST_MS = 200;

/** Live events of one database. */
export class EventStream implements AsyncDisposable {
  private readonly topics = new Map<string, Set<EventSubscription>>();
  private readonly listeners = new Set<EventListener>();
  private readonly notices: Notices;
  private readonly patrol: NodeJS.Timeout;
  private position: Position;
  /** Cursor of the last event, while the position is that event's. */
  private lastCursor: string | null = null;
  private reading: Promise<void> | null = null;
  private isNoticed = false;
  private isClosed = false;
  private again: NodeJS.Timeout | null = null;
  private paced: NodeJS.Timeout | null = null;
  private readAt = 0;
  private paceMs = PACE_MS;
  private withheldMs = WITHHELD_FIRST_MS;
  private readonly waiting = new Set<Wait>();

  private constructor(
    private readonly options: EventStreamOptions,
    private readonly reader: JournalReader,
  ) {
    this.position = reader.start;
    this.notices = new Notices(
      options.database.pool,
      options.log,
      () => this.lookSoon(),
      (notice) => this.pass(notice),
    );
    this.patrol = setInterval(() => this.look(), PATROL_MS);
    this.patrol.unref();
  }

  /** Starts where the journal stands now. */
  static async open(options: EventStreamOptions): Promise<EventStream> {
    const stream = new EventStream(options, await JournalReader.open(options.database));
    try {
      await stream.notices.open();
    } catch (error) {
      await stream[Symbol.asyncDispose]();
      throw error;
    }
    stream.look();
    return stream;
  }

  /** Opaque position of now: a subscription `after` it gets everything that is dispatched from now on. */
  get cursor(): string {
    return this.lastCursor ?? this.reader.cursorAt(this.position, this.options.clock.now());
  }

  /** Adds a listener of all events; returns what removes it. */
  listen(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Subscribes to topics, from now on or behind a cursor.
   *
   * @param after cursor of the last event that the reader has; null = only what comes
   * @throws {InvalidCursor} when the cursor can't be replayed: the reader must fetch anew
   */
  async subscribe(
    topics: readonly string[],
    after: string | null = null,
  ): Promise<EventSubscription> {
    const subscription = new EventSubscription(topics, (closed) => this.remove(closed));
    for (const topic of topics) this.subscribersOf(topic).add(subscription);
    if (after === null) return subscription;
    try {
      // Live events wait in the subscription meanwhile: what the replay has not seen comes from there.
      const { events, position } = await this.reader.replay(after, topics);
      // A replay can be ahead of the stream, which would then give the same events once more.
      await this.reached(position);
      subscription.prepend(events, position);
    } catch (error) {
      subscription.close();
      throw error;
    }
    return subscription;
  }

  /**
   * Resolves when everything that was committed before the call was dispatched, or the stream is closed. Waits for
   * transactions that run meanwhile, also for such as append nothing.
   */
  async caughtUp(): Promise<void> {
    const end = await this.reader.end();
    while (!this.isClosed && !isBefore(end, this.position)) {
      this.look();
      await wait(WITHHELD_FIRST_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    clearInterval(this.patrol);
    if (this.again) clearTimeout(this.again);
    if (this.paced) clearTimeout(this.paced);
    await this.notices[Symbol.asyncDispose]();
    await this.reading;
    for (const { done } of this.waiting) done();
    for (const subscribers of this.topics.values()) {
      for (const subscription of subscribers) subscription.close();
    }
  }

  /** Resolves when every event below a position was dispatched, or the stream is closed. */
  private async reached(position: Position): Promise<void> {
    if (this.isClosed || isBefore(position, this.position)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wait = { position, done: resolve };
    this.waiting.add(wait);
    this.look();
    await promise;
    this.waiting.delete(wait);
  }

  /** At once, unless it was looked a moment ago. */
  private lookSoon(): void {
    if (this.isClosed || this.paced) return;
    const left = this.readAt + this.paceMs - performance.now();
    if (left <= 0) {
      this.look();
      return;
    }
    this.paced = setTimeout(() => {
      this.paced = null;
      this.look();
    }, left);
    this.paced.unref();
  }

  private look(): void {
    this.isNoticed = true;
    if (this.isClosed || this.reading) return;
    this.reading = this.readAll().finally(() => {
      this.reading = null;
      if (this.isNoticed) this.look();
    });
  }

  private async readAll(): Promise<void> {
    try {
      while (this.isNoticed && !this.isClosed) {
        this.isNoticed = false;
        await this.readOnce();
      }
    } catch (error) {
      if (this.isClosed) return;
      this.options.log.warn({ err: error }, 'live events cannot be read, trying again');
      this.lookIn(FAILED_MS);
    }
  }

  private async readOnce(): Promise<void> {
    this.readAt = performance.now();
    const batch = await this.reader.next(this.position);
    this.position = batch.position;
    this.paceMs = paceAfter(batch.events.length);
    this.lastCursor = batch.isFull ? batch.events.at(-1)!.cursor : null;
    if (batch.isFull) this.isNoticed = true;
    this.awaitWithheld(batch.isWithheld, batch.events.length > 0);
    for (const event of batch.events) this.dispatch(event);
    for (const wait of this.waiting) if (isBefore(wait.position, this.position)) wait.done();
    for (const listener of this.listeners) await listener.settled();
  }

  /** The end of a transaction that appended nothing is announced by nobody. */
  private awaitWithheld(isWithheld: boolean, hasProgress: boolean): void {
    if (!isWithheld || hasProgress) this.withheldMs = WITHHELD_FIRST_MS;
    if (!isWithheld) return;
    this.lookIn(this.withheldMs);
    this.withheldMs = Math.min(this.withheldMs * 2, WITHHELD_LAST_MS);
  }

  private lookIn(milliseconds: number): void {
    if (this.isClosed) return;
    if (this.again) clearTimeout(this.again);
    this.again = setTimeout(() => this.look(), milliseconds);
    this.again.unref();
  }

  /** Everybody gets an event in the same turn, so whoever has caught up can move to another reader without a gap. */
  private dispatch(event: LiveEvent): void {
    const readers = new Set(event.topics.flatMap((topic) => [...(this.topics.get(topic) ?? [])]));
    for (const subscription of readers) subscription.offer(event);
    for (const listener of this.listeners) listener.take(event);
  }

  /** What is in no journal goes to subscriptions alone: there is nothing that they could replay. */
  private pass({ name, topics, payload }: PassingNotice): void {
    const createdAt = this.options.clock.now();
    const event = { ...this.position, name, topics, payload, createdAt, cursor: this.cursor };
    const readers = new Set(topics.flatMap((topic) => [...(this.topics.get(topic) ?? [])]));
    for (const subscription of readers) subscription.offer(event);
  }

  private subscribersOf(topic: string): Set<EventSubscription> {
    const known = this.topics.get(topic);
    if (known) return known;
    const made = new Set<EventSubscription>();
    this.topics.set(topic, made);
    return made;
  }

  private remove(subscription: EventSubscription): void {
    for (const topic of subscription.topics) {
      const subscribers = this.topics.get(topic);
      subscribers?.delete(subscription);
      if (subscribers?.size === 0) this.topics.delete(topic);
    }
  }
}

/** Each that comes by itself is read at once; as soon as several come in that time, they wait for each other. */
function paceAfter(found: number): number {
  return found === 0 ? PACE_MS : Math.min(PACE_MS, found * PACE_PER_EVENT_MS);
}
