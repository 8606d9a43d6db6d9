/** Gives scored candidates their places: the best first, authors apart, and some places by lot. */
import type { AdjustmentKey, Algorithm, Rejection } from './algorithm.js';
import { openLottery, shuffled, type Draw } from './lottery.js';
import type { RankedEntry, Ranking, RejectedEntry } from './ranking.js';
import type { RankingInput } from './ranking-input.js';

/** A candidate with the sum of its contributions. */
export interface Scored extends Omit<RankedEntry, 'adjustments'> {
  readonly authorId: string;
}

/** @param scored the highest score first */
export function place(
  { size, diversityWindow, explorationEvery }: Algorithm,
  { seed, authorsBefore }: RankingInput,
  scored: readonly Scored[],
): Ranking {
  const draw = openLottery(seed);
  const isDrawn = ({ source }: Scored) => explorationEvery !== null && source === 'EXPLORATION';
  const pool = scored.filter((each) => !isDrawn(each));
  const drawn = shuffled(scored.filter(isDrawn), draw);
  const slots = lotterySlots(size, explorationEvery, draw);
  const inARow = Math.min(
    diversityWindow ?? 1,
    new Set(scored.map(({ authorId }) => authorId)).size,
  );
  const entries: RankedEntry[] = [];
  const authors = [...authorsBefore];
  while (entries.length < size) {
    const recent = inARow > 1 ? authors.slice(1 - inARow) : [];
    const byLot = slots.has(entries.length) ? takeFirst(drawn, recent) : null;
    const next = byLot ?? takeFirst(pool, recent);
    if (!next) break;
    const above = entries.at(-1)?.score ?? null;
    entries.push(settle(next, above, byLot ? 'EXPLORATION' : 'AUTHOR_DIVERSITY'));
    authors.push(next.authorId);
  }
  const reason: Rejection = entries.length < size ? 'AUTHOR_SHARE' : 'NO_ROOM';
  return { entries, rejected: [...rejectAll(pool, reason), ...rejectAll(drawn, 'NOT_DRAWN')] };
}

/** The best whose author has none of the recent places. */
function takeFirst(from: Scored[], recent: readonly string[]): Scored | null {
  const index = from.findIndex(({ authorId }) => !recent.includes(authorId));
  return index < 0 ? null : from.splice(index, 1)[0]!;
}

/** The order is that of the scores: whoever stands elsewhere than its signals say gets the score above. */
function settle(
  { id, source, contributions, score }: Scored,
  above: number | null,
  key: AdjustmentKey,
): RankedEntry {
  const isElsewhere = above !== null && (key === 'EXPLORATION' || score > above);
  const adjustments = isElsewhere ? [{ key, delta: above - score }] : [];
  return { id, source, score: isElsewhere ? above : score, contributions, adjustments };
}

/** One place in each so many; never the very first. */
function lotterySlots(size: number, every: number | null, draw: Draw): Set<number> {
  const slots = new Set<number>();
  if (every === null) return slots;
  for (let start = 0; start < size; start += every) slots.add(start + 1 + draw(every - 1));
  return slots;
}

function rejectAll(left: readonly Scored[], reason: Rejection): RejectedEntry[] {
  return left.map(({ id }) => ({ id, reason }));
}
