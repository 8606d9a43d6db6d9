/** Pictures of other servers that were not fetched, as nobody here had asked for them: now somebody looks. */
import { statement, type Transaction } from '../platform/db/database.js';
import { askForRemote } from './internal/remote-cache.js';
import type { MediaId } from './media.entity.js';

/** A post and a profile have no more. */
const MOST = 24;

const LEFT = statement(
  'remote_media.left',
  `select m.id from media m join remote_media c on c.media_id = m.id
   where m.id = any($1::uuid[]) and m.state = 'PROCESSING' and c.dropped_at is not null order by m.id limit ${MOST}`,
);

/** Has those of the assets fetched that were left where they are, inside the caller's transaction. */
export async function askForLeftMedia(
  tx: Transaction,
  ids: readonly MediaId[],
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  const left = await tx.rows<{ id: MediaId }>(LEFT, [ids]);
  for (const { id } of left) await askForRemote(tx, id, now);
}
