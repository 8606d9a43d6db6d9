/** A clock that only moves when told to. */
import type { Clock } from '../../src/platform/clock.js';

const DAY_SECONDS = 86_400;

export class TestClock implements Clock {
  private offsetMs = 0;
  private stoppedAt: number | null = null;

  /** Real time plus what was advanced: database defaults and rate limits keep their meaning. */
  now(): Date {
    return new Date((this.stoppedAt ?? Date.now()) + this.offsetMs);
  }

  /** Moves time forward. */
  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }

  /** Moves on to an hour into a day of UTC: midnight does not tear apart what is counted by days. */
  toMorning(): void {
    this.advance(DAY_SECONDS - ((this.now().getTime() / 1000) % DAY_SECONDS) + 3600);
  }

  /** Stands still from now on but for what is advanced, ten minutes ahead: no pause ends by itself, nor by the database's clock. */
  stop(): void {
    this.stoppedAt = Date.now() + 600_000;
  }
}
