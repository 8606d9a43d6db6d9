/**
 * Delivers what is due to all hosts side by side: to each one thing after the other, oldest first. What has arrived is
 * kept for many at once; what a crash comes before is sent again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { JobContext } from '../../platform/context.js';
import type { SentActivityId } from '../federation.events.js';
import {
  findBodies,
  findDue,
  settle,
  settleDelivered,
  type Delivery,
  type Outcome,
} from './deliveries.js';
import { attempt, readSentBody, type SentBody } from './delivery-attempt.js';
import { DeliveryNews } from './delivery-news.js';
import { DeliveryPlaces } from './delivery-places.js';
import { HostDoor } from './host-door.js';

const PORTION = { most: 400, mostOfHost: 20 };
/** How long what has arrived is only in memory: until nothing more arrives, and at most so long. */
const KEEP_MS = 100;
const QUIET_MS = 10;
/** While hosts are slow to answer, how soon something new for others is looked for: later where a look takes long. */
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

/** One run over everything that is due. */
export class DeliveryRun {
  private readonly places = new DeliveryPlaces();
  private readonly running = new Set<Promise<void>>();
  private readonly slow = new Set<string>();
  private readonly startedAt = performance.now();
  private bodies: Bodies = new Map();
  private arrived: Delivery[] = [];
  private arrivedAt = 0;
  private finished: string[] = [];
  private failure: Error | null = null;
  private readonly news: DeliveryNews;

  constructor(
    private readonly context: JobContext,
    private readonly bounds: RunBounds,
  ) {
    this.news = new DeliveryNews(context);
  }

  /** Ends when nothing is due any more, or it has worked for long. */
  async work(): Promise<void> {
    try {
      while (!this.isOver) {
        const lookedAt = performance.now();
        const found = await this.start();
        if (found === 'NONE' && this.running.size === 0) break;
        const restMs = Math.min((performance.now() - lookedAt) * REST_AFTER_LOOK, LATEST_LOOK_MS);
        if (found !== 'MORE') await this.watch(Math.max(LOOK_AGAIN_MS, restMs));
      }
    } catch (error) {
      this.failure ??= error as Error;
    }
    await Promise.all(this.running);
    await this.keepArrived();
    await this.news.tell();
    if (this.failure !== null) throw this.failure;
  }

  private get age(): number {
    return performance.now() - this.startedAt;
  }

  private get isOver(): boolean {
    const isStopping = this.context.stopping?.aborted === true;
    return this.failure !== null || isStopping || this.age >= this.bounds.longestMs;
  }

  /** Begins what there is a place for; MORE = some of what is due had none, and there may be something for others. */
  private async start(): Promise<'NONE' | 'SOME' | 'MORE'> {
    if (this.places.isFull) return 'NONE';
    const { database, clock } = this.context;
    const { leftOut } = this.places;
    const avoided = this.age >= this.bounds.openMs ? [...this.slow] : [];
    const hosts = [...leftOut.hosts, ...avoided];
    const due = await findDue(database, clock.now(), { ...leftOut, hosts }, PORTION);
    await this.readBodies(due);
    const byHost = Map.groupBy(due, (delivery) => delivery.host);
    const begun = [...byHost.values()].filter((deliveries) => this.begin(deliveries)).length;
    if (byHost.size === 0) return 'NONE';
    return begun > 0 && begun < byHost.size ? 'MORE' : 'SOME';
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

  /** False when there is no place for the host. */
  private begin(deliveries: readonly Delivery[]): boolean {
    const [first] = deliveries;
    if (!first || !this.places.take(first)) return false;
    const work = this.deliver(deliveries, this.bodies)
      .catch((error: unknown) => {
        this.failure ??= error as Error;
      })
      .finally(() => {
        this.running.delete(work);
        this.finished.push(first.host);
      });
    this.running.add(work);
    return true;
  }

  /** To one host, one after the other, until it turns out to be down. */
  private async deliver(deliveries: readonly Delivery[], bodies: Bodies): Promise<void> {
    const door = new HostDoor(this.context, deliveries[0]!.host, deliveries[0]);
    const held = new Set<string>();
    for (const delivery of deliveries) {
      const about = `${delivery.subjectId} ${delivery.inboxUrl}`;
      if (held.has(about)) continue;
      if (this.isOver || this.isLeft(delivery)) return;
      const outcome = await this.attempt(door, delivery, bodies.get(delivery.activityId)!);
      await this.keep(delivery, outcome);
      if (outcome.host === 'DOWN') return;
      if (outcome.state === 'PENDING' && delivery.subjectId !== null) held.add(about);
    }
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

  /** Keeps what arrives, until all hosts are done or it is time to look for more. */
  private async watch(ms: number): Promise<void> {
    const lookAt = performance.now() + ms;
    do {
      await this.quietOrDone();
      await this.keepArrived();
    } while (this.running.size > 0 && !this.isOver && performance.now() < lookAt);
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

  /** A host whose last delivery is kept may be found again. */
  private async keepArrived(): Promise<void> {
    const { arrived, finished } = this;
    this.arrived = [];
    this.finished = [];
    await settleDelivered(this.context, arrived);
    for (const delivery of arrived) this.news.note(delivery);
    await this.news.tellNowAndThen();
    for (const host of finished) this.places.leave(host);
  }
}
