/** Other accounts of a local person, as their profile names them. */
import { statement, type Transaction } from '../platform/db/database.js';
import { TooMany } from '../platform/errors.js';
import type { ActorId } from './actor.entity.js';
import { profileUpdated } from './actors.events.js';

/** Most aliases of one actor. */
export const ALIASES = 10;

const LOCK = statement(
  'actors.lock_aliases',
  `select also_known_as as "alsoKnownAs" from actors where id = $1 for no key update`,
);
const SET = statement(
  'actors.set_aliases',
  'update actors set also_known_as = $2::text[], updated_at = $3 where id = $1',
);

/**
 * Names another account, or names it no more, inside the caller's transaction. Idempotent.
 *
 * @throws {TooMany} LIMIT_EXCEEDED for more than 10
 */
export async function setAlias(
  tx: Transaction,
  alias: { readonly actorId: ActorId; readonly uri: string; readonly isPresent: boolean },
  now: Date,
): Promise<void> {
  const { actorId, uri, isPresent } = alias;
  const row = await tx.row<{ alsoKnownAs: string[] }>(LOCK, [actorId]);
  const before = row?.alsoKnownAs ?? [];
  if (before.includes(uri) === isPresent) return;
  const after = isPresent ? [...before, uri] : before.filter((one) => one !== uri);
  if (after.length > ALIASES) throw new TooMany(`At most ${ALIASES} aliases.`, ALIASES, ['alias']);
  await tx.rows(SET, [actorId, after, now]);
  await tx.append(profileUpdated, { actorId });
}
