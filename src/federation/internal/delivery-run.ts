/**
 * Delivers what is due to all hosts side by side: to each one thing after the other, oldest first. What has arrived is
 * kept for many at once; what a crash comes before is sent again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { JobContext } from '../../platform/context.js';
import { Slots } from '../../platform/slots.js';
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
import { HostDoor } from './host-door.js';

const PORTION = { most: 400, mostOfHost: 20 };
/** Requests at once, and how long one counts among them. */
const SLOTS = 64;
const LONG_MS = 1_000;
/** Hosts at once, those that do not answer included. */
const MOST_HOSTS = 512;
/** How long what has arrived is only in memory. */
const KEEP_MS = 25;
/** While hosts are slow to answer, how soon something new for others is looked for. */
const LOOK_AGAIN_MS = 200;

type Bodies = ReadonlyMap<SentActivityId, SentBody>;

/** One run over everything that is due. */
export class DeliveryRun {
  /** Hosts that are being delivered to, or of which not all that arrived is kept. */
  private readonly busy = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private readonly slots = new Slots(SLOTS, LONG_MS);
  private bodies: Bodies = new Map();
  private arrived: Delivery[] = [];
  private finished: string[] = [];
  private failure: Error | null = null;
  private readonly news: DeliveryNews;

  constructor(private readonly context: JobContext) {
    this.news = new DeliveryNews(context);
  }

  /** Ends when nothing is due any more, or it has worked for so long. */
  async work(longestMs: number): Promise<void> {
    const endAt = performance.now() + longestMs;
    try {
      while (this.failure === null && performance.now() < endAt) {
        const found = await this.start();
        if (found === 0 && this.running.size === 0) break;
        await this.watch();
      }
    } catch (error) {
      this.failure ??= error as Error;
    }
    await Promise.all(this.running);
    await this.keepArrived();
    await this.news.tell();
    if (this.failure !== null) throw this.failure;
  }

  private async start(): Promise<number> {
    if (this.running.size >= MOST_HOSTS) return 0;
    const { database, clock } = this.context;
    const due = await findDue(database, clock.now(), [...this.busy], PORTION);
    await this.readBodies(due);
    for (const [host, deliveries] of Map.groupBy(due, (delivery) => delivery.host))
      this.begin(host, deliveries);
    return due.length;
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

  private begin(host: string, deliveries: readonly Delivery[]): void {
    this.busy.add(host);
    const work = this.deliver(deliveries, this.bodies)
      .catch((error: unknown) => {
        this.failure ??= error as Error;
      })
      .finally(() => {
        this.running.delete(work);
        this.finished.push(host);
      });
    this.running.add(work);
  }

  /** To one host, one after the other, until it turns out to be down. */
  private async deliver(deliveries: readonly Delivery[], bodies: Bodies): Promise<void> {
    const door = new HostDoor(this.context, deliveries[0]!.host, deliveries[0]);
    const held = new Set<string>();
    for (const delivery of deliveries) {
      const about = `${delivery.subjectId} ${delivery.inboxUrl}`;
      if (held.has(about)) continue;
      if (this.failure !== null) return;
      const body = bodies.get(delivery.activityId)!;
      const outcome = await this.slots.take(() => attempt(this.context, door, delivery, body));
      await this.keep(delivery, outcome);
      if (outcome.host === 'DOWN') return;
      if (outcome.state === 'PENDING' && delivery.subjectId !== null) held.add(about);
    }
  }

  private async keep(delivery: Delivery, outcome: Outcome): Promise<void> {
    if (outcome.state === 'DELIVERED' && !delivery.wasDown) this.arrived.push(delivery);
    else {
      await settle(this.context, delivery, outcome);
      this.news.note(delivery);
    }
  }

  /** Keeps what arrives, until all hosts are done or it is time to look for more. */
  private async watch(): Promise<void> {
    const lookAt = performance.now() + LOOK_AGAIN_MS;
    do {
      await this.doneOrAfter(KEEP_MS);
      await this.keepArrived();
    } while (this.running.size > 0 && this.failure === null && performance.now() < lookAt);
  }

  private async doneOrAfter(ms: number): Promise<void> {
    const stop = new AbortController();
    const waited = delay(ms, undefined, { signal: stop.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.running), waited]);
    stop.abort();
  }

  /** A host whose last delivery is kept may be found again. */
  private async keepArrived(): Promise<void> {
    const { arrived, finished } = this;
    this.arrived = [];
    this.finished = [];
    await settleDelivered(this.context, arrived);
    for (const delivery of arrived) this.news.note(delivery);
    await this.news.tellNowAndThen();
    for (const host of finished) this.busy.delete(host);
  }
}
