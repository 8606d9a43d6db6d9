/** What became of activities that were carried out together. */
import type { Services } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
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
 * One for each, in their order. What was refused may be about something that came before it and is still to be carried out
 * apart: then it has its turn after that.
 */
export async function outcomesOf(
  { config }: Pick<Services, 'config'>,
  reader: Reader,
  all: readonly { readonly touched: Touched }[],
  ends: readonly JointEnd<string | null>[],
): Promise<Outcome[]> {
  const first = ends.map(outcomeOf);
  const about = all.map(({ touched }, place) =>
    first[place]?.refusal ? touched.joined.filter((uri) => !isOurs(config, uri)) : [],
  );
  const underway = await findUnderway(reader, about.flat());
  return first.map((outcome, place) => {
    const isLeft = outcome === null || about[place]!.some((uri) => underway.has(uri));
    if (isLeft) for (const uri of all[place]!.touched.own) underway.add(uri);
    return isLeft ? null : outcome;
  });
}

function outcomeOf(end: JointEnd<string | null>): Outcome {
  if (end.status === 'fulfilled') return { refusal: end.value };
  const refusal = refusalOf(end.reason);
  return refusal === null ? null : { refusal };
}

async function findUnderway(reader: Reader, uris: readonly string[]): Promise<Set<string>> {
  if (uris.length === 0) return new Set();
  const rows = await reader.rows<{ uri: string }>(UNDERWAY, [uris]);
  return new Set(rows.map(({ uri }) => uri));
}
