// The clock of the jobs while months pass in a minute.
import type { Clock } from '../../platform/clock.js';

/** Each look moves it on a little: a job that waits for its time is not asked again and again. */
const TICK_MS = 20;

/** A clock that the story moves, and that never goes back. */
export class TickingClock implements Clock {
  private time: number;

  constructor(start: Date) {
    this.time = start.getTime();
  }

  /** The instant that the story has reached, each time a little later. */
  now(): Date {
    this.time += TICK_MS;
    return new Date(this.time);
  }

  /** Moves on to an instant, unless it has passed already. */
  reach(instant: Date): void {
    this.time = Math.max(this.time, instant.getTime());
  }
}
