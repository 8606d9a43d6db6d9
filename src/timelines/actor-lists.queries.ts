/** Reads of lists of actors. Only their owner ever asks; for everybody else a list is not there. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import type { Id } from '../platform/ids.js';
import { batchedPage } from '../posts/page-sql.js';

/** Identity of a list of actors. */
export type ActorListId = Id<'list'>;

/** A list. */
export interface ActorListRow {
  readonly id: ActorListId;
  readonly title: string;
  /** What its members publish or repost stays out of the home timeline. */
  readonly isExclusive: boolean;
  readonly memberCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Somebody in a list. */
export interface ListMemberRow {
  readonly ownerId: ActorListId;
  /** Of the membership: the place in the list of members. */
  readonly id: string;
  readonly actorId: ActorId;
  readonly since: Date;
}

// Whoever is gone for good is not counted, as the list of members does not show them.
const SHOWN_MEMBER = `member.list_id = list.id and exists (select from actors
  where id = member.actor_id and status not in ('PENDING', 'SUSPENDED', 'DELETED'))`;
const COLUMNS = `list.id, list.title, list.is_exclusive as "isExclusive", list.created_at as "createdAt",
  list.updated_at as "updatedAt", (select count(*)::int from actor_list_members member where ${SHOWN_MEMBER}) as "memberCount"`;

const ALL = statement(
  'actor_lists.all',
  `select ${COLUMNS} from actor_lists list where list.owner_id = $1 order by lower(list.title), list.id`,
);
const BY_IDS = statement(
  'actor_lists.by_ids',
  `select ${COLUMNS} from actor_lists list where list.id = any($1::uuid[]) and list.owner_id = $2`,
);
const OF_ACTORS = statement(
  'actor_lists.of_actors',
  `select member.actor_id as "actorId", ${COLUMNS} from actor_list_members member
   join actor_lists list on list.id = member.list_id and list.owner_id = $2
   where member.actor_id = any($1::uuid[]) order by lower(list.title), list.id`,
);
const MEMBERS = batchedPage('actor_lists.members', {
  select: `select member.id, member.actor_id as "actorId", member.added_at as since
    from actor_lists list join actor_list_members member on ${SHOWN_MEMBER}
    where list.id = owner.id and list.owner_id = $4::uuid`,
  key: 'member.id',
});

const MEMBER_IDS = statement(
  'actor_lists.member_ids',
  `select member.actor_id as "actorId" from actor_list_members member
   join actor_lists list on list.id = member.list_id and list.owner_id = $2 where list.id = $1`,
);

/** Everybody in a list of the viewer; nobody when it is not theirs. */
export async function findMemberIds(
  reader: Reader,
  listId: ActorListId,
  viewerId: ActorId,
): Promise<ActorId[]> {
  const rows = await reader.rows<{ actorId: ActorId }>(MEMBER_IDS, [listId, viewerId]);
  return rows.map(({ actorId }) => actorId);
}

/** All lists of the viewer, by title. */
export function findActorLists(reader: Reader, viewerId: ActorId): Promise<ActorListRow[]> {
  return reader.rows<ActorListRow>(ALL, [viewerId]);
}

/** Lists of the viewer, by id, in no particular order; those of others are left out. */
export function findActorListsById(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<ActorListRow[]> {
  return reader.rows<ActorListRow>(BY_IDS, [ids, viewerId]);
}

/** The viewer's lists that each of several actors is in, by title. */
export function findListsOfActors(
  reader: Reader,
  actorIds: readonly ActorId[],
  viewerId: ActorId,
): Promise<(ActorListRow & { actorId: ActorId })[]> {
  return reader.rows(OF_ACTORS, [actorIds, viewerId]);
}

/** A page of the members of each of several lists of the viewer, the last added first. */
export function findListMembers(
  reader: Reader,
  listIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId,
): Promise<ListMemberRow[]> {
  return reader.rows<ListMemberRow>(...MEMBERS(listIds, request, [viewerId]));
}
