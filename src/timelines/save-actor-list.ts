/** Making a list of actors, and changing one. */
import type { ActorId } from '../actors/actor.entity.js';
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { requireLength } from '../posts/text-limits.js';
import type { ActorListId } from './actor-lists.queries.js';
import { addMembers, removeMembers, requireFew } from './internal/list-members.js';
import { lockOwnList } from './internal/own-list.js';

/** What to change; absent = as it is, or as a new list is without it. */
export interface ActorListChange {
  /** Null = a new one. */
  readonly listId: ActorListId | null;
  /** Needed for a new one. */
  readonly title?: string;
  readonly isExclusive?: boolean;
  readonly addActorIds?: readonly ActorId[];
  readonly removeActorIds?: readonly ActorId[];
}

/** Most lists of one person. */
export const ACTOR_LISTS = 100;

/** Characters of a list's title. */
export const LIST_TITLE_LENGTH = 100;

// The owner's lock keeps the number of lists right; a statement of its own, so that the count is taken after it.
const LOCK_OWNER = statement(
  'actor_lists.lock_owner',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 4))',
);
const COUNT = statement(
  'actor_lists.count',
  'select count(*)::int as count from actor_lists where owner_id = $1',
);
const INSERT = statement(
  'actor_lists.insert',
  `insert into actor_lists (id, owner_id, title, created_at, updated_at) values ($1, $2, '', $3, $3)`,
);
const UPDATE = statement(
  'actor_lists.update',
  `update actor_lists set title = coalesce($2, title), is_exclusive = coalesce($3, is_exclusive), updated_at = $4
   where id = $1`,
);

/**
 * Makes or changes a list of the viewer. Opens its own transaction. Who is both added and removed is not in it.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's list
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 lists, or 500 members
 */
export async function saveActorList(
  context: CommandContext,
  change: ActorListChange,
): Promise<ActorListId> {
  const viewer = requireViewer(context);
  const title = readTitle(change);
  const { addActorIds = [], removeActorIds = [] } = change;
  requireFew(addActorIds, 'addActorIds');
  requireFew(removeActorIds, 'removeActorIds');
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    const id = change.listId ?? (await startList(tx, viewer.actorId, now));
    await lockOwnList(tx, viewer, id);
    const hasNew = await addMembers(tx, { id, ownerId: viewer.actorId }, addActorIds, now);
    const hasLost = await removeMembers(tx, id, removeActorIds);
    const isExclusive = change.isExclusive ?? null;
    if (hasNew || hasLost || title !== null || isExclusive !== null)
      await tx.rows(UPDATE, [id, title, isExclusive, now]);
    return id;
  });
}

/** The title without blanks around it; null = as it is. */
function readTitle({ title, listId }: ActorListChange): string | null {
  if (title === undefined && listId !== null) return null;
  const trimmed = title?.trim() ?? '';
  if (isBlank(trimmed)) throw new Invalid('A list needs a title.', ['title'], 'REQUIRED');
  requireLength(trimmed, LIST_TITLE_LENGTH, ['title']);
  return trimmed;
}

async function startList(tx: Transaction, ownerId: ActorId, now: Date): Promise<ActorListId> {
  await tx.rows(LOCK_OWNER, [ownerId]);
  const lists = await tx.row<{ count: number }>(COUNT, [ownerId]);
  if ((lists?.count ?? 0) >= ACTOR_LISTS)
    throw new TooMany(`At most ${ACTOR_LISTS} lists.`, ACTOR_LISTS);
  const id = newId<'list'>(now);
  await tx.rows(INSERT, [id, ownerId, now]);
  return id;
}
