/** Who sees a starter pack, and whom in it. */
import { blockedBetween, isShown } from '../posts/visibility.js';

/**
 * True when a pack is there for somebody: not removed, by somebody who is shown, and without a block between the two.
 *
 * @param alias alias of `starter_packs` in the statement
 * @param viewer SQL expression of the onlooker's actor id, null = anonymous; write `$1::uuid`, not `$1`
 */
export function packVisibleTo(alias: string, viewer: string): string {
  return `(${alias}.removed_at is null and ${isShown(`(select status from actors where id = ${alias}.owner_id)`)}
    and not ${blockedBetween(`${alias}.owner_id`, viewer)})`;
}

/**
 * True when an actor may be in somebody's pack: themselves, or who wishes to be found and has no block with them. Who is
 * limited is left out as from all discovery.
 *
 * @param actor alias of `actors` in the statement
 * @param owner SQL expression of the owner's actor id
 */
export function isPackable(actor: string, owner: string): string {
  return `(${actor}.status = 'ACTIVE' and (${actor}.id = ${owner} or ${actor}.is_discoverable)
    and not ${blockedBetween(`${actor}.id`, owner)})`;
}

/** True when somebody sees an actor in a pack: it may be there, and there is no block between these two either. */
export function memberVisibleTo(actor: string, owner: string, viewer: string): string {
  return `(${isPackable(actor, owner)} and not ${blockedBetween(`${actor}.id`, viewer)})`;
}
