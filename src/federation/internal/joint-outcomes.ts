/** What became of activities that were carried out together. */
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { JointEnd } from '../../platform/db/joint-part.js';
import { isOurs } from '../addresses.js';
import { refusalOf } from '../receive/carry-out.js';
import type { Touched } from './shareable.js';

/** What was refused, or nothing; null = it has to be carried out apart. */
export type Outcome = { readonly refusal: string | null } | null;

const UNDERWAY = statement(
  'received_activities.underway',
  `select waiting.uri from (
     select coalesce(body->'object'->>'id', body->>'object') as uri from received_activities
     where handled_at is null and is_apart limit 1000) waiting
   where waiting.uri = any($1::text[])`,
);

/**
 * What others sent that some of these are about, and that is still to be carried out apart. Asked for before these are
 * carried out: whatever ends in between has not been seen by what is refused for want of it.
 */
export async function findUnderway(
  { config, database }: Pick<Services, 'config' | 'database'>,
  all: readonly { readonly touched: Touched }[],
): Promise<ReadonlySet<string>> {
  const uris = all.flatMap(({ touched }) => touched.joined).filter((uri) => !isOurs(config, uri));
  if (uris.length === 0) return new Set();
  const rows = await database.rows<{ uri: string }>(UNDERWAY, [[...new Set(uris)]]);
  return new Set(rows.map(({ uri }) => uri));
}

/**
 * One for each, in their order. What was refused may be about something that came before it and is still to be carried out
 * apart: then it has its turn after that.
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
