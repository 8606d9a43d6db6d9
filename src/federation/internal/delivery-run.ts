/**
 * Delivers what is due to all hosts side by side: to each one thing after the other, oldest first. What has arrived is
 * kept for many at once; what a crash comes before is sent again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { JobContext } from '../../platform/context.js';
import type { SentActivityId } from '../federation.events.js';
import { DeliveryAgenda, type HostTurn } from './delivery-agenda.js';
import {
  findBodies,
  findDue,
  settle,
  settleDelivered,
  shareOf,
  type Delivery,
  type Outcome,
} from './deliveries.js';
import { attempt, readSentBody, type SentBody } from './delivery-attempt.js';
import { DeliveryNews } from './delivery-news.js';
import { DeliveryPlaces } from './delivery-places.js';
import type { NewTurn } from './delivery-turns.js';
import { HostDoor } from './host-door.js';

/** How long what has arrived is only in memory: until nothing more arrives, and at most so long. */
const KEEP_MS = 100;
const QUIET_MS = 10;
/** While hosts are slow to answer, how soon something new for others is looked for: later where a sweep takes long. */
const LOOK_AGAIN_MS = 200;
const LATEST_LOOK_MS = 1_000;
const REST_AFTER_LOOK = 5;

/** How long a run goes on, in ms. */
export interface RunBounds {
  /** After that it waits for no host that took as long as `slowMs` to answer. */
  readonly openMs: number;
  readonly slowMs: number;
  /** After that it begins nothing any more. */
  readonly longestMs: number;
}

type Bodies = ReadonlyMap<SentActivityId, SentBody>;

/** What is left of the turn of a host: nothing, more for later, or all of it for another run. */
type Rest = 'NONE' | 'MORE' | 'ALL';

/** A host that was delivered to. */
interface Finished {
  readonly turn: HostTurn;
  readonly rest: Rest;
}

/** One run over everything that is due to hosts of some slices. */
export class DeliveryRun {
  private readonly places = new DeliveryPlaces();
  private readonly agenda: DeliveryAgenda;
  private readonly slices: Set<number>;
  private readonly running = new Set<Promise<void>>();
  private readonly slow = new Set<string>();
  private readonly startedAt = performance.now();
  private readonly end = Promise.withResolvers<void>();
  private bodies: Bodies = new Map();
  private arrived: Delivery[] = [];
  private arrivedAt = 0;
  private finished: Finished[] = [];
  private gone: string[] = [];
  private added: NewTurn[] = [];
  private failure: Error | null = null;
  private isEnding = false;
  private isJoined = false;
  private readonly news: DeliveryNews;

  constructor(
    private readonly context: JobContext,
    private readonly bounds: RunBounds,
    slices: readonly number[],
  ) {
    this.news = new DeliveryNews(context);
    this.agenda = new DeliveryAgenda(context.database, this.places);
    this.slices = new Set(slices);
    this.end.promise.catch(() => undefined);
  }

  /** When nothing is underway any more; throws what the run throws. */
  get ended(): Promise<void> {
    return this.end.promise;
  }

  /** Delivers to the hosts of one more slice; false when it is too late for that. */
  join(slice: number): boolean {
    if (this.isEnding || this.isOver) return false;
    this.slices.add(slice);
    this.isJoined = true;
    return true;
  }

  /** Ends when nothing is due any more, or it has worked for long. */
  async work(): Promise<void> {
    try {
      await this.sweepAll();
    } catch (error) {
      this.failure ??= error as Error;
    }
    this.isEnding = true;
    try {
      await Promise.all(this.running);
      await this.keepArrived();
      await this.news.tell();
    } catch (error) {
      this.failure ??= error as Error;
    }
    if (this.failure === null) this.end.resolve();
    else this.end.reject(this.failure);
    return this.ended;
  }

  private get age(): number {
    return performance.now() - this.startedAt;
  }

  private get isOver(): boolean {
    const isStopping = this.context.stopping?.aborted === true;
    return this.failure !== null || isStopping || this.age >= this.bounds.longestMs;
  }

  private async sweepAll(): Promise<void> {
    let begunAt = performance.now();
    while (!this.isOver) {
      if (!this.agenda.isUnderway) begunAt = performance.now();
      if (this.isJoined) this.agenda.restart();
      this.isJoined = false;
      await this.look();
      if (this.agenda.isUnderway && !this.places.isFull) await this.keepArrived();
      else if (this.agenda.isIdle && this.places.isEmpty) {
        if (!this.isJoined) return;
      } else {
        const restMs = Math.min((performance.now() - begunAt) * REST_AFTER_LOOK, LATEST_LOOK_MS);
        await this.watch(Math.max(LOOK_AGAIN_MS, restMs));
      }
    }
  }

  /** Begins what there is a place for among the next who are due. */
  private async look(): Promise<void> {
    if (this.places.isFull) return;
    const { database, clock } = this.context;
    const avoided = this.age >= this.bounds.openMs ? this.slow : new Set<string>();
    const now = clock.now();
    const { taken, gone, added } = await this.agenda.look([...this.slices], now, avoided);
    this.gone.push(...gone);
    this.added.push(...added);
    if (taken.length === 0) return;
    const share = shareOf(taken.length);
    const due = await findDue(database, now, taken, share);
    await this.readBodies(due);
    const byHost = Map.groupBy(due, ({ host }) => host);
    for (const turn of taken) this.begin(turn, byHost.get(turn.host) ?? [], share);
  }

  /** Each activity is read once, however many hosts it goes to. */
  private async readBodies(due: readonly Delivery[]): Promise<void> {
    const needed = new Set(due.map(({ activityId }) => activityId));
    const bodies = new Map([...this.bodies].filter(([id]) => needed.has(id)));
    const missing = [...needed].filter((id) => !bodies.has(id));
    const texts = await findBodies(this.context.database, missing);
    for (const [id, text] of texts) bodies.set(id, readSentBody(text));
    this.bodies = bodies;
  }

  private begin(turn: HostTurn, deliveries: readonly Delivery[], share: number): void {
    const most = turn.wasDown ? 1 : share;
    const work = this.finish(turn, this.deliver(deliveries, this.bodies, most)).finally(() =>
      this.running.delete(work),
    );
    this.running.add(work);
  }

  private async finish(turn: HostTurn, delivered: Promise<Rest>): Promise<void> {
    let rest: Rest = 'ALL';
    try {
      rest = await delivered;
    } catch (error) {
      this.failure ??= error as Error;
    }
    // Only now: what is finished is taken out meanwhile, by another list.
    this.finished.push({ turn, rest });
  }

  /** To one host, one after the other, until it turns out to be down: its next turn is kept with that. */
  private async deliver(
    deliveries: readonly Delivery[],
    bodies: Bodies,
    most: number,
  ): Promise<Rest> {
    const [first] = deliveries;
    if (!first) return 'NONE';
    const door = new HostDoor(this.context, first.host, first);
    const held = new Set<string>();
    for (const delivery of deliveries) {
      const about = `${delivery.subjectId} ${delivery.inboxUrl}`;
      if (held.has(about)) continue;
      if (this.isOver || this.isLeft(delivery)) return 'ALL';
      const outcome = await this.attempt(door, delivery, bodies.get(delivery.activityId)!);
      await this.keep(delivery, outcome);
      if (outcome.host === 'DOWN') return 'NONE';
      if (outcome.state === 'PENDING' && delivery.subjectId !== null) held.add(about);
    }
    return deliveries.length < most ? 'NONE' : 'MORE';
  }

  /** The next run goes on with it. */
  private isLeft({ host }: Delivery): boolean {
    return this.age >= this.bounds.openMs && this.slow.has(host);
  }

  private attempt(door: HostDoor, delivery: Delivery, body: SentBody): Promise<Outcome> {
    return this.places.ask(delivery, async () => {
      const askedAt = performance.now();
      const outcome = await attempt(this.context, door, delivery, body);
      if (performance.now() - askedAt >= this.bounds.slowMs) this.slow.add(delivery.host);
      return outcome;
    });
  }

  private async keep(delivery: Delivery, outcome: Outcome): Promise<void> {
    if (outcome.state === 'DELIVERED' && !delivery.wasDown) {
      this.arrived.push(delivery);
      this.arrivedAt = performance.now();
    } else {
      await settle(this.context, delivery, outcome);
      this.news.note(delivery);
    }
  }

  /** Keeps what arrives, until all hosts are done, somebody who waits may have a place, or it is time to look for more. */
  private async watch(ms: number): Promise<void> {
    const lookAt = performance.now() + ms;
    let hasPlace = false;
    do {
      await this.quietOrDone();
      hasPlace = await this.keepArrived();
    } while (this.running.size > 0 && !this.isEnough(hasPlace) && performance.now() < lookAt);
  }

  private isEnough(hasPlace: boolean): boolean {
    return hasPlace || this.isJoined || this.isOver;
  }

  /** Waits until all hosts are done, or nothing more arrives for a moment, or it has waited for long. */
  private async quietOrDone(): Promise<void> {
    const stop = new AbortController();
    const waited = this.quiet(stop.signal).catch(() => undefined);
    await Promise.race([Promise.all(this.running), waited]);
    stop.abort();
  }

  private async quiet(signal: AbortSignal): Promise<void> {
    const latest = performance.now() + KEEP_MS;
    const isQuiet = (now: number): boolean =>
      this.arrived.length > 0 && now - this.arrivedAt >= QUIET_MS;
    do await delay(QUIET_MS, undefined, { signal });
    while (performance.now() < latest && !isQuiet(performance.now()));
  }

  /** A host whose last delivery is kept may have its next turn; whether somebody waits for a place that is left. */
  private async keepArrived(): Promise<boolean> {
    const { arrived, finished, gone, added } = this;
    [this.arrived, this.finished, this.gone, this.added] = [[], [], [], []];
    for (const { turn, rest } of finished) {
      if (rest !== 'ALL') gone.push(...turn.ids);
      if (rest === 'MORE') added.push({ host: turn.host, dueAt: turn.dueAt });
    }
    await settleDelivered(this.context, arrived, { gone, added });
    for (const delivery of arrived) this.news.note(delivery);
    await this.news.tellNowAndThen();
    for (const { turn } of finished) this.places.leave(turn.host);
    return finished.some(({ turn, rest }) => rest === 'MORE' || this.agenda.waitsFor(turn));
  }
}
