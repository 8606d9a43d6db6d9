/** What is published of an algorithm. */
import type { CandidateSource } from './ranking-input.js';
import type { Signal } from './signal.js';

/** Why a candidate has another place than its signals give it. */
export const ADJUSTMENTS = {
  AUTHOR_DIVERSITY:
    'At most one of so many in a row is by the same author, or of as many as there are authors among the candidates where these are fewer; who has to wait is lowered to the score above.',
  EXPLORATION:
    'One place of so many is drawn by lot from EXPLORATION: it gets the score of the place above.',
} as const;

/** One of the adjustments. */
export type AdjustmentKey = keyof typeof ADJUSTMENTS;

/** Why a candidate has no place. */
export const REJECTIONS = {
  OWN: 'It is the viewer’s own.',
  SEEN: 'The viewer has seen it.',
  HIDDEN_AUTHOR: 'The viewer wants nothing of its author in ranked feeds.',
  MUTED_HASHTAG: 'It has a hashtag that the viewer muted in feeds.',
  AI: 'Its author says that AI was used, and the viewer hides that.',
  AUTHOR_SHARE: 'Every place would have been too close to another post of its author.',
  NO_ROOM: 'Others have a higher score.',
  NOT_DRAWN: 'The lot did not fall on it.',
} as const;

/** One of the reasons. */
export type Rejection = keyof typeof REJECTIONS;

/** How many candidates come from where. */
export interface SourceRule {
  readonly source: CandidateSource;
  /** Most candidates. */
  readonly limit: number;
}

/** Weight of a signal, in thousandths. */
export interface SignalRule {
  readonly signal: Signal;
  readonly weight: number;
  readonly min: number;
  readonly max: number;
}

/** An entry of the changelog. */
export interface AlgorithmChange {
  readonly version: string;
  /** ISO 8601. */
  readonly changedOn: string;
  readonly summary: string;
}

/** A published recipe. */
export interface Algorithm {
  readonly slug: string;
  readonly version: string;
  readonly name: string;
  readonly description: string;
  /** True when it can make use of a profile; it also works without. */
  readonly usesProfile: boolean;
  /** Places of one ranking. */
  readonly size: number;
  readonly sources: readonly SourceRule[];
  readonly signals: readonly SignalRule[];
  /** At most one by an author in so many places in a row; null = no such rule. */
  readonly diversityWindow: number | null;
  /** One place of so many is drawn by lot; null = none. */
  readonly explorationEvery: number | null;
  /** What the viewer has seen, hidden or muted in feeds is left out. */
  readonly filtersSeen: boolean;
  readonly changelog: readonly AlgorithmChange[];
}
