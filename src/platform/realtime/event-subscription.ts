/** One reader of some topics: replayed events first, then live ones, each once and in order, in bounded memory. */
import { isBefore, type LiveEvent, type Position } from './live-event.js';

/** Live events that may wait for a reader. */
export const MAX_PENDING = 1000;

/** Thrown to a reader that fell too far behind; its last cursor continues where it stood. */
export class SlowReader extends Error {
  constructor() {
    super(`More than ${MAX_PENDING} events wait for the reader.`);
  }
}

/** Events as an async iterable with one consumer. It ends when it is closed or its reader breaks out. */
export class EventSubscription implements AsyncIterable<LiveEvent> {
  private pending: LiveEvent[] = [];
  private replayed = 0;
  private failure: Error | null = null;
  private isClosed = false;
  private wake: (() => void) | null = null;

  constructor(
    readonly topics: readonly string[],
    private readonly onClose: (subscription: EventSubscription) => void,
  ) {}

  /** True when the reader has everything that the stream has dispatched so far. */
  get isCaughtUp(): boolean {
    return this.pending.length === 0;
  }

  /** Puts a live event behind those that wait. */
  offer(event: LiveEvent): void {
    if (this.isClosed) return;
    this.pending.push(event);
    if (this.pending.length - this.replayed > MAX_PENDING) this.close(new SlowReader());
    else this.signal();
  }

  /** Puts what a replay found, complete up to `position`, before the live events that came meanwhile. */
  prepend(events: readonly LiveEvent[], position: Position): void {
    const later = this.pending.filter((event) => !isBefore(event, position));
    this.pending = [...events, ...later];
    this.replayed = events.length;
    this.signal();
  }

  /** Ends it; with a failure, the reader gets that instead of what is left. */
  close(failure: Error | null = null): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.failure = failure;
    if (failure) this.pending = [];
    this.onClose(this);
    this.signal();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LiveEvent, void, void> {
    try {
      for (;;) {
        const event = this.pending.shift();
        if (event) {
          this.replayed = Math.max(0, this.replayed - 1);
          yield event;
        } else if (this.failure) throw this.failure;
        else if (this.isClosed) return;
        else await this.signalled();
      }
    } finally {
      this.close();
    }
  }

  private signalled(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private signal(): void {
    this.wake?.();
    this.wake = null;
  }
}
