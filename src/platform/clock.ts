/**
 * The only source of "now". Everything that stamps, expires or orders by time asks a Clock,
 * so that tests can move time without sleeping.
 */

/** Tells the time; a test passes one that it moves by hand. */
export interface Clock {
  /** The current instant. */
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };

/** An instant `seconds` after (or, negative, before) another. */
export function addSeconds(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
