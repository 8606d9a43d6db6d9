/** A clock that only moves when told to. */
import type { Clock } from '../../src/platform/clock.js';

export class TestClock implements Clock {
  private offsetMs = 0;

  /** Real time plus what was advanced: database defaults and rate limits keep their meaning. */
  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Moves time forward. */
  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }
}
