// What happens in the seeded world, before it happens: things at times, in any order.
import type { World } from './world.js';

/** One thing that somebody does. */
export interface Deed {
  readonly at: Date;
  readonly run: (world: World) => Promise<void>;
}

/** Milliseconds of an hour. */
export const HOUR = 3_600_000;

/** Milliseconds of a day. */
export const DAY = 24 * HOUR;

/** An instant so many milliseconds later. */
export function later(instant: Date, milliseconds: number): Date {
  return new Date(instant.getTime() + milliseconds);
}
