/** What became of activities that were carried out together. */
import type { JointEnd } from '../../platform/db/joint-part.js';
import { refusalOf } from '../receive/carry-out.js';
import type { Touched } from './shareable.js';

/** What was refused, or nothing; null = it has to be carried out apart. */
export type Outcome = { readonly refusal: string | null } | null;

/**
 * One for each, in their order. What was refused may be about something that came before it and is still to be carried out
 * apart: then it has its turn after that.
 *
 * @param underway what was still to be carried out apart before these were
 */
export function outcomesOf(
  all: readonly { readonly touched: Touched }[],
  ends: readonly JointEnd<string | null>[],
  underway: ReadonlySet<string>,
): Outcome[] {
  const left = new Set(underway);
  return ends.map((end, place) => {
    const outcome = outcomeOf(end);
    const { own, joined } = all[place]!.touched;
    const isLeft =
      outcome === null || (outcome.refusal !== null && joined.some((uri) => left.has(uri)));
    if (isLeft) for (const uri of own) left.add(uri);
    return isLeft ? null : outcome;
  });
}

function outcomeOf(end: JointEnd<string | null>): Outcome {
  if (end.status === 'fulfilled') return { refusal: end.value };
  const refusal = refusalOf(end.reason);
  return refusal === null ? null : { refusal };
}
