/** Forgets what was made of somebody's acts. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';

const FORGET = statement(
  'feeds.forget_all',
  `insert into feed_preferences (owner_id, forgotten_before, updated_at) values ($1, $2, $2)
   on conflict (owner_id) do update set forgotten_before = excluded.forgotten_before, updated_at = excluded.updated_at`,
);
const DROP_RESETS = statement(
  'feeds.drop_resets',
  'delete from interest_resets where owner_id = $1',
);
const DROP_FEEDBACK = statement(
  'feeds.drop_feedback',
  'delete from feed_feedback where owner_id = $1',
);
const DROP_SNAPSHOTS = statement(
  'feeds.drop_profiled_snapshots',
  `delete from feed_snapshots where owner_id = $1 and input->'viewer'->'profile' <> 'null'`,
);

/** From now on nothing that somebody did before counts; pages that a profile had a part in go, too. */
export async function forgetProfile(tx: Transaction, ownerId: ActorId, now: Date): Promise<void> {
  await tx.rows(FORGET, [ownerId, now]);
  await tx.rows(DROP_RESETS, [ownerId]);
  await tx.rows(DROP_FEEDBACK, [ownerId]);
  await dropProfiledSnapshots(tx, ownerId);
}

/** Removes the stored pages that hold parts of a profile. */
export async function dropProfiledSnapshots(tx: Transaction, ownerId: ActorId): Promise<void> {
  await tx.rows(DROP_SNAPSHOTS, [ownerId]);
}
