/** A page as it was computed, and how its entries are kept in few bytes. */
import type { ActorId } from '../actors/actor.entity.js';
import type { PostId } from '../posts/post.entity.js';
import type { TimelineChoice } from '../posts/timeline-choice.js';
import type { Rejection, AdjustmentKey } from '../ranking/algorithm.js';
import type { RankedEntry } from '../ranking/ranking.js';
import type { CandidateSource, RankingInput } from '../ranking/ranking-input.js';
import {
  ACT_POINTS,
  PROFILE_SIGNALS,
  SIGNAL_NAMES,
  type ActKind,
  type Signal,
} from '../ranking/signal.js';
import type { FeedSnapshotId } from './feed.js';

/** Weights in thousandths. */
export type Weights = Readonly<Partial<Record<Signal, number>>>;

/** How often the viewer did what with posts of an author. */
export type ActCounts = Readonly<Partial<Record<ActKind, number>>>;

/** A place as it is stored. */
export interface StoredEntry {
  readonly id: PostId;
  readonly authorId: ActorId;
  readonly source: CandidateSource;
  /** Billionths. */
  readonly score: number;
  /** Of each weighed signal in the order of all: raw and normalized, in millionths. */
  readonly signals: readonly (readonly [raw: number, normalized: number])[];
  readonly adjustments: readonly (readonly [key: AdjustmentKey, delta: number])[];
  /** What the viewer did with posts of the author; absent = nothing, or no profile. */
  readonly acts?: ActCounts;
  /** Hashtags of the post that the viewer is known to like. */
  readonly hashtags?: readonly string[];
}

/** A candidate without a place. */
export interface StoredRejection {
  readonly id: PostId;
  readonly reason: Rejection;
}

/** A computed page without its input. */
export interface FeedSnapshot {
  readonly id: FeedSnapshotId;
  /** Null = shared by people who are not signed in. */
  readonly ownerId: ActorId | null;
  readonly algorithm: string;
  readonly version: string;
  readonly choice: TimelineChoice;
  readonly weights: Weights;
  readonly seed: string;
  /** SHA-256 over the canonical text of the input, hexadecimal. */
  readonly inputDigest: string;
  readonly entries: readonly StoredEntry[];
  /** Every post of the walk so far, this page included. */
  readonly placedIds: readonly PostId[];
  readonly computedAt: Date;
  readonly expiresAt: Date;
}

/** Everything that is stored of a page. */
export interface WholeSnapshot extends FeedSnapshot {
  readonly input: RankingInput;
  readonly rejected: readonly StoredRejection[];
}

/** Packs a place; what its evidence needs of the profile goes along. */
export function packEntry(entry: RankedEntry, input: RankingInput): StoredEntry {
  const candidate = input.candidates.find(({ id }) => id === entry.id)!;
  const { profile } = input.viewer;
  const acts = profile?.accounts[candidate.authorId];
  const hashtags = candidate.hashtags.filter((name) => profile?.hashtags[name]);
  return {
    id: entry.id as PostId,
    authorId: candidate.authorId as ActorId,
    source: entry.source,
    score: entry.score,
    signals: entry.contributions.map(({ raw, normalized }) => [raw, normalized]),
    adjustments: entry.adjustments.map(({ key, delta }) => [key, delta]),
    ...(acts && { acts: countActs(acts.map(([kind]) => kind)) }),
    ...(hashtags.length > 0 && { hashtags }),
  };
}

/** A signal of a place with its weight. */
export interface UnpackedSignal {
  readonly signal: Signal;
  readonly raw: number;
  readonly normalized: number;
  readonly weight: number;
}

/** Signals of a place, with the weights that its page was computed with. */
export function unpackSignals(entry: StoredEntry, weights: Weights): UnpackedSignal[] {
  const weighed = SIGNAL_NAMES.filter((signal) => weights[signal]);
  return weighed.map((signal, index) => {
    const [raw, normalized] = entry.signals[index]!;
    return { signal, raw, normalized, weight: weights[signal]! };
  });
}

/** True when a profile had a part in a page. */
export function knowsProfile(weights: Weights): boolean {
  return [...PROFILE_SIGNALS].some((signal) => weights[signal]);
}

/** How many of each kind. */
function countActs(kinds: readonly ActKind[]): ActCounts {
  const counts: Partial<Record<ActKind, number>> = {};
  for (const kind of Object.keys(ACT_POINTS) as ActKind[]) {
    const count = kinds.filter((each) => each === kind).length;
    if (count > 0) counts[kind] = count;
  }
  return counts;
}
