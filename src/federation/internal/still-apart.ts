/** What others sent and is still to be carried out apart: what is about it has its turn after that. */
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { isOurs } from '../addresses.js';
import type { ReceivedActivityId } from '../federation.events.js';

const STILL_APART = statement(
  'received_activities.still_apart',
  `select waiting.uri from (
     select coalesce(body->'object'->>'id', body->>'object') as uri from received_activities
     where handled_at is null and is_apart and ($2::uuid is null or id < $2) limit 1000) waiting
   where waiting.uri = any($1::text[])`,
);

/**
 * Which of these addresses something is about that is still to be carried out apart. Asked for before what is about them is
 * carried out: whatever ends in between has not been seen by what is refused for want of it.
 *
 * @param before what came before this one; null = whatever came
 */
export async function findStillApart(
  { config, database }: Pick<Services, 'config' | 'database'>,
  addresses: readonly string[],
  before: ReceivedActivityId | null,
): Promise<ReadonlySet<string>> {
  const uris = new Set(addresses.filter((uri) => !isOurs(config, uri)));
  if (uris.size === 0) return new Set();
  const rows = await database.rows<{ uri: string }>(STILL_APART, [[...uris], before]);
  return new Set(rows.map(({ uri }) => uri));
}
