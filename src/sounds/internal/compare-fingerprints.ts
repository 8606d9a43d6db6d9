/**
 * How much of one sound is heard in another one, from their Chromaprint fingerprints. Pure.
 *
 * A fingerprint is a row of 32-bit words, one for each eighth of a second, and what sounds alike has words that differ
 * in few bits. As published with Chromaprint: equal words vote for how the two are shifted against each other, and at
 * the shift with most votes the bits that differ are counted along the overlap.
 */

/** Seconds from one word to the next: a third of a frame of 4,096 samples at 11,025 Hz. */
export const SECONDS_PER_WORD = 4096 / 3 / 11_025;

/** Where and how well two sounds agree. */
export interface FingerprintMatch {
  /** Words of the first one, before the one with which the agreeing part begins. */
  readonly start: number;
  /** Words of the second one before it begins. */
  readonly otherStart: number;
  /** Words of the part that agrees. */
  readonly length: number;
  /** Share of bits that differ in this part. */
  readonly errorRate: number;
}

/** Bits of a word that vote: the upper ones are the steadiest. */
const VOTING_BITS = 20;

/** Shifts that are looked at, those with most votes first. */
const SHIFTS = 4;

/** Words over which errors are averaged: about two seconds. */
const WINDOW = 16;

/** Share of differing bits up to which a window agrees; of unrelated sounds about half of the bits differ. */
const MOST_ERRORS = 0.25;

/** Shortest part that says anything: five seconds. */
const SHORTEST_PART = Math.round(5 / SECONDS_PER_WORD);

/** Words by which a sound is shifted against itself: 0.9, 1.6 and 2.8 seconds, which no usual measure is a multiple of. */
const OWN_SHIFTS = [7, 13, 23];

/** How much better than with themselves a moment later two sounds must agree. */
const OWN_SHARE = 0.4;

/** The longest part in which two sounds agree; null when there is none of five seconds. */
export function compareFingerprints(one: Uint32Array, other: Uint32Array): FingerprintMatch | null {
  let best: FingerprintMatch | null = null;
  for (const shift of likelyShifts(one, other)) {
    const match = agreeingPart(one, other, shift);
    if (match && (best === null || match.length > best.length)) best = match;
  }
  return best;
}

/** Shifts of `other` against `one` for which most equal words speak. */
function likelyShifts(one: Uint32Array, other: Uint32Array): number[] {
  const places = new Map<number, number[]>();
  other.forEach((word, place) => {
    const key = word >>> (32 - VOTING_BITS);
    const known = places.get(key);
    if (!known) places.set(key, [place]);
    else if (known.length < WINDOW) known.push(place);
  });
  const votes = new Map<number, number>();
  one.forEach((word, place) => {
    for (const otherPlace of places.get(word >>> (32 - VOTING_BITS)) ?? [])
      votes.set(otherPlace - place, (votes.get(otherPlace - place) ?? 0) + 1);
  });
  return [...votes]
    .sort(([shift, count], [otherShift, otherCount]) => otherCount - count || shift - otherShift)
    .slice(0, SHIFTS)
    .map(([shift]) => shift);
}

function agreeingPart(
  one: Uint32Array,
  other: Uint32Array,
  shift: number,
): FingerprintMatch | null {
  const first = Math.max(0, -shift);
  const errors = differingBits(one, other, first, shift);
  const [from, to] = longestRun(errors);
  const length = to - from;
  if (length < SHORTEST_PART) return null;
  const start = first + from;
  const errorRate = mean(errors.subarray(from, to)) / 32;
  if (errorRate > OWN_SHARE * ownErrorRate(one.subarray(start, start + length))) return null;
  return { start, otherStart: start + shift, length, errorRate };
}

/** Share of bits in which a sound differs from itself a moment later: silence, tones, wind and surf hardly do. */
function ownErrorRate(part: Uint32Array): number {
  const means = OWN_SHIFTS.map((shift) => mean(differingBits(part, part, 0, shift)));
  return mean(means) / 32;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let place = 0; place < values.length; place++) sum += values[place] ?? 0;
  return values.length === 0 ? 0 : sum / values.length;
}

function differingBits(one: Uint32Array, other: Uint32Array, first: number, shift: number) {
  const length = Math.max(0, Math.min(one.length - first, other.length - first - shift));
  const errors = new Uint8Array(length);
  for (let place = 0; place < length; place++)
    errors[place] = countBits((one[first + place] ?? 0) ^ (other[first + place + shift] ?? 0));
  return errors;
}

/** The longest stretch that windows cover in which few bits differ, as places from and to. */
function longestRun(errors: Uint8Array): readonly [from: number, to: number] {
  const most = MOST_ERRORS * 32 * WINDOW;
  let [from, to] = [0, 0];
  let start = -1;
  let sum = 0;
  for (let end = 1; end <= errors.length; end++) {
    sum += (errors[end - 1] ?? 0) - (end > WINDOW ? (errors[end - 1 - WINDOW] ?? 0) : 0);
    if (end < WINDOW) continue;
    if (sum > most) start = -1;
    else if (start < 0) start = end - WINDOW;
    if (start >= 0 && end - start > to - from) [from, to] = [start, end];
  }
  return [from, to];
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
