/**
 * How much one process passes on at a time: a viewer takes no place of others, no site is asked by all at once, and
 * whoever reads slower than any video plays gives way when somebody else waits.
 */
import { siteOf } from '../../../platform/site-of.js';

/** Requests at a time; a player with sound apart asks for two or three. */
const MOST_OF_VIEWER = 12;
const MOST_OF_SITE = 48;
const MOST = 400;

/** Over so many ms it is measured how fast somebody reads; what has begun since is not measured yet. */
const WINDOW_MS = 15_000;
/** Bytes in a second; the smallest qualities that are usual have about as many. */
const SLOW = 32 * 1024;

/** A place that somebody has. */
export interface RemotePlace {
  /** Aborts when the place is given to somebody else. */
  readonly displaced: AbortSignal;
  /** Counts what was passed on. */
  passed(bytes: number): void;
  /** Called when the answer has ended; once more does nothing. */
  leave(): void;
}

interface Taken {
  readonly keys: readonly string[];
  readonly displaced: AbortController;
  /** Since when what is measured now is measured, and how much it is. */
  since: number;
  bytes: number;
  /** Bytes in a second when it was last measured; null = not yet. */
  rate: number | null;
}

/** The places of one process. `now` counts ms from any moment. */
export class RemotePlaces {
  private readonly taken = new Set<Taken>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Takes a place, or that of somebody who hardly reads; null when there is none. */
  take(viewer: string, host: string): RemotePlace | null {
    const limits = [
      [`viewer ${viewer}`, MOST_OF_VIEWER],
      [`site ${siteOf(host)}`, MOST_OF_SITE],
      ['all', MOST],
    ] as const;
    for (const [key, most] of limits) if (!this.makeRoom(key, most)) return null;
    const keys = limits.map(([key]) => key);
    const since = this.now();
    const place: Taken = { keys, displaced: new AbortController(), since, bytes: 0, rate: null };
    this.taken.add(place);
    return {
      displaced: place.displaced.signal,
      passed: (bytes) => this.measure(place, bytes),
      leave: () => void this.taken.delete(place),
    };
  }

  private makeRoom(key: string, most: number): boolean {
    const others = [...this.taken].filter(({ keys }) => keys.includes(key));
    if (others.length < most) return true;
    const [slowest] = others.toSorted((one, other) => this.rateOf(one) - this.rateOf(other));
    if (!slowest || this.rateOf(slowest) >= SLOW) return false;
    this.taken.delete(slowest);
    slowest.displaced.abort(new Error('Somebody else has the place of who hardly reads.'));
    return true;
  }

  private measure(place: Taken, bytes: number): void {
    place.bytes += bytes;
    const passed = this.now() - place.since;
    if (passed < WINDOW_MS) return;
    place.rate = (place.bytes * 1000) / passed;
    place.since = this.now();
    place.bytes = 0;
  }

  /** Endless as long as nothing is known. */
  private rateOf({ since, bytes, rate }: Taken): number {
    const passed = this.now() - since;
    return passed < WINDOW_MS ? (rate ?? Infinity) : (bytes * 1000) / passed;
  }
}
