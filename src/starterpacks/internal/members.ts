/** The people of a pack: each once, in order, and none who does not want it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import { Forbidden, Invalid, NotFound, TooMany } from '../../platform/errors.js';
import { blockedBetween } from '../../posts/visibility.js';
import { isPackable } from '../starter-pack-visibility.js';
import { PACK_MEMBERS, type StarterPackId } from '../starter-pack.js';
import { starterPackExtended } from '../starter-packs.events.js';
import type { OwnPack } from './own-pack.js';

interface Candidate {
  readonly id: ActorId;
  readonly isBlocked: boolean;
  readonly isPackable: boolean;
  readonly hasRefused: boolean;
}

const CANDIDATES = statement(
  'starter_packs.candidates',
  `select a.id, ${blockedBetween('a.id', '$2::uuid')} as "isBlocked", ${isPackable('a', '$2::uuid')} as "isPackable",
     exists (select from starter_pack_refusals where pack_id = $3 and actor_id = a.id) as "hasRefused"
   from actors a where a.id = any($1::uuid[]) and a.status not in ('PENDING', 'SUSPENDED', 'DELETED')`,
);
const NEWCOMERS = statement(
  'starter_packs.newcomers',
  `select count(*)::int as count from unnest($1::uuid[]) as wanted(id) where id <> $2 and not exists (
     select from starter_pack_members member join starter_packs pack on pack.id = member.pack_id
     where member.pack_id = $3 and pack.owner_id = $2 and member.actor_id = wanted.id)`,
);
const KEEP_ONLY = statement(
  'starter_packs.keep_only',
  'delete from starter_pack_members where pack_id = $1 and actor_id <> all($2::uuid[])',
);
const FILL = statement(
  'starter_packs.fill',
  `insert into starter_pack_members (pack_id, actor_id, position, added_at)
   select $1, id, place, $3 from unnest($2::uuid[]) with ordinality as wanted(id, place)
   on conflict (pack_id, actor_id) do update set position = excluded.position
   returning actor_id as "actorId", xmax = 0 as "isNew"`,
);
// Whoever is not shown any more keeps the place until others need it.
const TIDY = statement(
  'starter_packs.tidy',
  `delete from starter_pack_members member using actors a
   where member.pack_id = $1 and a.id = member.actor_id and not ${isPackable('a', '$2::uuid')}`,
);
const LAST = statement(
  'starter_packs.last',
  `select count(*)::int as count, coalesce(max(position), 0) as position from starter_pack_members where pack_id = $1`,
);
const ADD = statement(
  'starter_packs.add',
  `insert into starter_pack_members (pack_id, actor_id, position, added_at) values ($1, $2, $3, $4)
   on conflict (pack_id, actor_id) do nothing returning actor_id`,
);
const TAKE = statement(
  'starter_packs.take',
  'delete from starter_pack_members where pack_id = $1 and actor_id = $2',
);

/**
 * Refuses a list of people that can't be a pack's.
 *
 * @throws {Invalid} INVALID_INPUT for more than 150, and for a repeated one
 */
export function requireMembers(actorIds: readonly ActorId[]): void {
  if (actorIds.length > PACK_MEMBERS) {
    const limit = String(PACK_MEMBERS);
    throw new Invalid(`At most ${limit} people.`, ['actorIds'], 'MAX_ITEMS', limit);
  }
  const known = new Set<ActorId>();
  for (const [index, id] of actorIds.entries()) {
    if (known.has(id))
      throw new Invalid('Each person can stand here once.', ['actorIds', String(index)], 'UNIQUE');
    known.add(id);
  }
}

/** How many of these people would be told that they are in the owner's pack now; null = a new pack. */
export async function countNewcomers(
  reader: Reader,
  ownerId: ActorId,
  packId: StarterPackId | null,
  actorIds: readonly ActorId[],
): Promise<number> {
  const row = await reader.row<{ count: number }>(NEWCOMERS, [actorIds, ownerId, packId]);
  return row?.count ?? 0;
}

/**
 * Gives a pack its people. Needs the pack's lock.
 *
 * @throws {NotFound} NOT_FOUND, {@link Forbidden} BLOCKED or FORBIDDEN for somebody who can't be in it, with their place in `actorIds`
 */
export async function replaceMembers(
  tx: Transaction,
  pack: OwnPack,
  actorIds: readonly ActorId[],
  now: Date,
): Promise<void> {
  await requirePackable(tx, pack, actorIds, (index) => ['actorIds', String(index)]);
  await tx.rows(KEEP_ONLY, [pack.id, actorIds]);
  if (actorIds.length === 0) return;
  const filled = await tx.rows<{ actorId: ActorId; isNew: boolean }>(FILL, [
    pack.id,
    actorIds,
    now,
  ]);
  await tellNew(
    tx,
    pack,
    filled.filter(({ isNew }) => isNew).map(({ actorId }) => actorId),
  );
}

/**
 * Puts somebody at the end of a pack; does nothing when they are in it. Needs the pack's lock.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Forbidden} BLOCKED, FORBIDDEN for somebody who does not want to be in it
 * @throws {TooMany} LIMIT_EXCEEDED when the pack is full
 */
export async function addMember(
  tx: Transaction,
  pack: OwnPack,
  actorId: ActorId,
  now: Date,
): Promise<void> {
  await requirePackable(tx, pack, [actorId], () => ['actorId']);
  const last = await findPlace(tx, pack);
  const added = await tx.row(ADD, [pack.id, actorId, last.position + 1, now]);
  if (!added) return;
  if (last.count >= PACK_MEMBERS)
    throw new TooMany(`At most ${PACK_MEMBERS} people.`, PACK_MEMBERS, ['actorId']);
  await tellNew(tx, pack, [actorId]);
}

/** Takes somebody out of a pack; does nothing when they are not in it. */
export async function removeMember(
  tx: Transaction,
  packId: StarterPackId,
  actorId: ActorId,
): Promise<void> {
  await tx.rows(TAKE, [packId, actorId]);
}

interface LastPlace {
  readonly count: number;
  readonly position: number;
}

async function findPlace(tx: Transaction, pack: OwnPack): Promise<LastPlace> {
  const last = (await tx.row<LastPlace>(LAST, [pack.id]))!;
  if (last.count < PACK_MEMBERS) return last;
  await tx.rows(TIDY, [pack.id, pack.ownerId]);
  return (await tx.row<LastPlace>(LAST, [pack.id]))!;
}

async function tellNew(
  tx: Transaction,
  { id: packId, ownerId }: OwnPack,
  newIds: readonly ActorId[],
): Promise<void> {
  const actorIds = newIds.filter((id) => id !== ownerId);
  if (actorIds.length > 0) await tx.append(starterPackExtended, { packId, ownerId, actorIds });
}

async function requirePackable(
  tx: Transaction,
  pack: OwnPack,
  actorIds: readonly ActorId[],
  pathOf: (index: number) => readonly string[],
): Promise<void> {
  const rows = await tx.rows<Candidate>(CANDIDATES, [actorIds, pack.ownerId, pack.id]);
  const known = new Map(rows.map((candidate) => [candidate.id, candidate]));
  for (const [index, id] of actorIds.entries()) {
    const candidate = known.get(id);
    const path = pathOf(index);
    if (!candidate) throw new NotFound(path);
    if (candidate.isBlocked)
      throw new Forbidden('A block stands between you and this person.', 'BLOCKED', path);
    if (candidate.hasRefused || !candidate.isPackable)
      throw new Forbidden('This person is not to be recommended.', 'FORBIDDEN', path);
  }
}
