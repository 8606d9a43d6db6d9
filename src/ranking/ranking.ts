/** What comes out: the order with its explanation, and what is not in it. */
import type { AdjustmentKey, Rejection } from './algorithm.js';
import type { CandidateSource } from './ranking-input.js';
import type { Signal } from './signal.js';

/** Share of a signal in a score. */
export interface Contribution {
  readonly signal: Signal;
  /** Millionths, in the unit of the signal. */
  readonly raw: number;
  /** Millionths. */
  readonly normalized: number;
  /** Thousandths. */
  readonly weight: number;
  /** weight × normalized, billionths. */
  readonly contribution: number;
}

/** A change of the score after the signals. */
export interface Adjustment {
  readonly key: AdjustmentKey;
  /** Billionths. */
  readonly delta: number;
}

/** A place with its explanation: score = Σ contributions + Σ deltas. */
export interface RankedEntry {
  readonly id: string;
  readonly source: CandidateSource;
  /** Billionths. */
  readonly score: number;
  readonly contributions: readonly Contribution[];
  readonly adjustments: readonly Adjustment[];
}

/** A candidate without a place. */
export interface RejectedEntry {
  readonly id: string;
  readonly reason: Rejection;
}

/** The order, and what is not in it. */
export interface Ranking {
  readonly entries: readonly RankedEntry[];
  readonly rejected: readonly RejectedEntry[];
}
