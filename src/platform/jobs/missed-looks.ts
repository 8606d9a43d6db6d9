/**
 * A worker that looks for a job locks all queues for a moment, and whoever looks at the same time sees no job of any queue: it
 * would come back with the next poll, seconds later, though its job has waited all along. Here it is sent to look again, as
 * soon as nobody else looks.
 */
import { EventEmitter } from 'node:events';
import type { Worker, WorkerEvents } from 'graphile-worker';

/** Between two who look again, in ms: what several have missed for one cause is mostly nothing, and each look costs. */
const PAUSE_MS = 10;

/** The looks of all workers of a process, which are in each other's way whatever their lane is. */
export class MissedLooks implements Disposable {
  /** Who looks, and whether somebody else has looked meanwhile. */
  private readonly looking = new Map<Worker, { isAlone: boolean }>();
  /** Who found nothing, and may have missed something. */
  private readonly missed = new Set<Worker>();
  /** They may still be looking, and must not be sent again. */
  private readonly released = new WeakSet<Worker>();
  private timer: NodeJS.Timeout | null = null;

  /** Events of one runner; it is given them at its start. */
  watched(): WorkerEvents {
    const events: WorkerEvents = new EventEmitter();
    events.on('worker:getJob:start', ({ worker }) => this.begin(worker));
    events.on('job:start', ({ worker }) => this.looking.delete(worker));
    events.on('worker:getJob:error', ({ worker }) => this.looking.delete(worker));
    events.on('worker:getJob:empty', ({ worker }) => this.foundNothing(worker));
    events.on('worker:release', ({ worker }) => this.release(worker));
    return events;
  }

  [Symbol.dispose](): void {
    if (this.timer) clearTimeout(this.timer);
    this.missed.clear();
  }

  private begin(worker: Worker): void {
    this.missed.delete(worker);
    const isAlone = this.looking.size === 0;
    for (const other of this.looking.values()) other.isAlone = false;
    this.looking.set(worker, { isAlone });
  }

  private foundNothing(worker: Worker): void {
    const isAlone = this.looking.get(worker)?.isAlone ?? true;
    this.looking.delete(worker);
    if (isAlone) this.letBe(worker);
    else if (!this.released.has(worker)) this.missed.add(worker);
    this.plan();
  }

  private release(worker: Worker): void {
    this.released.add(worker);
    this.missed.delete(worker);
  }

  /** There is nothing for anybody of the same lane. */
  private letBe({ workerPool }: Worker): void {
    for (const other of this.missed) if (other.workerPool === workerPool) this.missed.delete(other);
  }

  private plan(): void {
    if (this.timer || this.missed.size === 0) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      const [next] = this.missed;
      if (next && this.looking.size === 0) next.nudge();
      this.plan();
    }, PAUSE_MS);
    this.timer.unref();
  }
}
