/** Makes a ranking: a pure function of its input. */
import type { Algorithm, Rejection } from './algorithm.js';
import { findAlgorithm } from './algorithms.js';
import { measure } from './measure.js';
import { place, type Scored } from './place.js';
import type { Contribution, Ranking, RejectedEntry } from './ranking.js';
import type { Candidate, RankingInput } from './ranking-input.js';
import { PROFILE_SIGNALS, SIGNAL_NAMES, type Signal } from './signal.js';

/**
 * Ranks candidates.
 *
 * @throws {Error} for an algorithm or a version that is not the built-in one
 */
export function rank(input: RankingInput): Ranking {
  const algorithm = findAlgorithm(input.algorithm);
  if (!algorithm || algorithm.version !== input.version)
    throw new Error(`There is no algorithm ${input.algorithm} ${input.version} here`);
  const rejected: RejectedEntry[] = [];
  const scored: Scored[] = [];
  for (const candidate of [...input.candidates].sort(newerFirst)) {
    const reason = algorithm.filtersSeen ? whyNot(candidate, input) : null;
    if (reason) rejected.push({ id: candidate.id, reason });
    else scored.push(score(candidate, input));
  }
  scored.sort((one, other) => other.score - one.score || newerFirst(one, other));
  const placed = place(algorithm, input, scored);
  return { entries: placed.entries, rejected: [...rejected, ...placed.rejected] };
}

/** The weights that a ranking begins with: those of the algorithm, or the viewer's, and none for a profile that there is not. */
export function effectiveWeights(
  algorithm: Algorithm,
  chosen: Readonly<Partial<Record<Signal, number>>>,
  hasProfile: boolean,
): Partial<Record<Signal, number>> {
  const weights: Partial<Record<Signal, number>> = {};
  for (const { signal, weight, min, max } of algorithm.signals) {
    const wanted = min === max ? weight : (chosen[signal] ?? weight);
    const isUsed = hasProfile || !PROFILE_SIGNALS.has(signal);
    weights[signal] = isUsed ? Math.min(max, Math.max(min, wanted)) : 0;
  }
  return weights;
}

function score(candidate: Candidate, input: RankingInput): Scored {
  const contributions: Contribution[] = [];
  let sum = 0;
  for (const signal of SIGNAL_NAMES) {
    const weight = input.weights[signal];
    if (!weight) continue;
    const { raw, normalized } = measure(signal, candidate, input);
    const contribution = weight * normalized;
    contributions.push({ signal, raw, normalized, weight, contribution });
    sum += contribution;
  }
  const { id, authorId, source } = candidate;
  return { id, authorId, source, contributions, score: sum };
}

function whyNot(candidate: Candidate, { viewer }: RankingInput): Rejection | null {
  if (candidate.isOwn) return 'OWN';
  if (candidate.isSeen) return 'SEEN';
  if (viewer.hiddenAuthors.includes(candidate.authorId)) return 'HIDDEN_AUTHOR';
  if (candidate.hashtags.some((name) => viewer.mutedHashtags.includes(name)))
    return 'MUTED_HASHTAG';
  return viewer.hidesAi && candidate.isAi ? 'AI' : null;
}

/** Ids begin with the time. */
function newerFirst(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0;
}
