/** Who is in a list of actors: anybody but its owner, followed or not; nobody is told. */
import type { ActorId } from '../../actors/actor.entity.js';
import { isReachable } from '../../actors/actor.policy.js';
import { findActors, isThere } from '../../actors/actor.queries.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import type { ActorListId } from '../actor-lists.queries.js';

/** Most members of one list. */
export const LIST_MEMBERS = 500;

/** Most actors that one call adds, or removes. */
export const MEMBERS_AT_ONCE = 100;

const ADD = statement(
  'actor_lists.add',
  `insert into actor_list_members (list_id, actor_id, id, added_at)
   select $1, added.actor_id, added.id, $4 from unnest($2::uuid[], $3::uuid[]) as added(actor_id, id)
   on conflict (list_id, actor_id) do nothing returning actor_id`,
);
const COUNT = statement(
  'actor_lists.count_members',
  'select count(*)::int as count from actor_list_members where list_id = $1',
);
const REMOVE = statement(
  'actor_lists.remove',
  'delete from actor_list_members where list_id = $1 and actor_id = any($2::uuid[]) returning actor_id',
);

/**
 * Refuses more actors than one call takes.
 *
 * @throws {Invalid} INVALID_INPUT, MAX_ITEMS
 */
export function requireFew(actorIds: readonly ActorId[], field: string): void {
  if (actorIds.length <= MEMBERS_AT_ONCE) return;
  const limit = String(MEMBERS_AT_ONCE);
  throw new Invalid(`At most ${limit} at once.`, [field], 'MAX_ITEMS', limit);
}

/**
 * Adds members and tells whether any was new; those in the list stay where they are. Needs the list's lock.
 *
 * @throws {NotFound} NOT_FOUND with the place in `addActorIds`
 * @throws {Invalid} INVALID_INPUT for the owner
 * @throws {TooMany} LIMIT_EXCEEDED when the list would have more than 500
 */
export async function addMembers(
  tx: Transaction,
  list: { readonly id: ActorListId; readonly ownerId: ActorId },
  actorIds: readonly ActorId[],
  now: Date,
): Promise<boolean> {
  if (actorIds.length === 0) return false;
  const known = new Map((await findActors(tx, actorIds)).map((actor) => [actor.id, actor]));
  for (const [index, id] of actorIds.entries()) {
    const path = ['addActorIds', String(index)];
    const actor = known.get(id);
    if (!actor || !isThere(actor) || !isReachable(actor)) throw new NotFound(path);
    if (id === list.ownerId)
      throw new Invalid('A list has no place for its owner.', path, 'NOT_SELF');
  }
  // The last named is the newest, whatever the random part of its id.
  const ids = actorIds.map(() => newId<'listmember'>(now)).toSorted();
  const added = await tx.rows(ADD, [list.id, actorIds, ids, now]);
  const members = await tx.row<{ count: number }>(COUNT, [list.id]);
  if ((members?.count ?? 0) > LIST_MEMBERS)
    throw new TooMany(`At most ${LIST_MEMBERS} members.`, LIST_MEMBERS, ['addActorIds']);
  return added.length > 0;
}

/** Takes actors out of a list and tells whether any was in it. Needs the list's lock. */
export async function removeMembers(
  tx: Transaction,
  listId: ActorListId,
  actorIds: readonly ActorId[],
): Promise<boolean> {
  return actorIds.length > 0 && (await tx.rows(REMOVE, [listId, actorIds])).length > 0;
}
