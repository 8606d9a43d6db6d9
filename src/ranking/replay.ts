/** Computes a stored page again, and says whether it came out the same. */
import { rank } from './rank.js';
import type { Ranking } from './ranking.js';
import type { RankingInput } from './ranking-input.js';

/** A place as it was stored. */
export interface StoredPlace {
  readonly id: string;
  /** Billionths. */
  readonly score: number;
}

/** What came out. */
export interface Replay {
  readonly isSame: boolean;
  /** The first place that differs, from 1 on; null = none. */
  readonly firstDifference: number | null;
  readonly ranking: Ranking;
}

/** Ranks the input again and compares order and scores. */
export function replay(input: RankingInput, stored: readonly StoredPlace[]): Replay {
  const ranking = rank(input);
  const places = Math.max(ranking.entries.length, stored.length);
  for (let index = 0; index < places; index++) {
    const [now, then] = [ranking.entries[index], stored[index]];
    if (now?.id !== then?.id || now?.score !== then?.score)
      return { isSame: false, firstDifference: index + 1, ranking };
  }
  return { isSame: true, firstDifference: null, ranking };
}
