/** Reads of starter packs and of who is in them. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, GREATEST_INTEGER, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { batchedPage, singlePage } from '../posts/page-sql.js';
import { blockedBetween } from '../posts/visibility.js';
import { memberVisibleTo, packVisibleTo } from './starter-pack-visibility.js';
import type { StarterPackId, StarterPackRow } from './starter-pack.js';

/** Orders of the packs to discover. */
export const STARTER_PACK_SORTS = {
  POPULAR: 'Those that most people have used first.',
  NEWEST: 'The newest first.',
} as const;

/** One of the orders. */
export type StarterPackSort = keyof typeof STARTER_PACK_SORTS;

/** Packs in which one sees fewer people are not worth discovering. */
export const FEWEST_TO_DISCOVER = 3;

/** Somebody in a pack. */
export interface PackMember {
  readonly ownerId: StarterPackId;
  readonly actorId: ActorId;
  readonly position: number;
  readonly since: Date;
}

/** Numbers of a pack, as somebody sees it. */
export interface PackCounts {
  readonly id: StarterPackId;
  readonly members: number;
  /** How many of them the viewer follows or has asked. */
  readonly followed: number;
}

function selectPacks(viewer: string): string {
  const has = (table: string): string =>
    `exists (select from ${table} where pack_id = pack.id and actor_id = ${viewer})`;
  return `select pack.id, pack.owner_id as "ownerId", pack.title, pack.description_html as description,
    case when pack.owner_id = ${viewer} then pack.description_source end as "descriptionSource", pack.hashtags,
    pack.is_listed as "isListed", pack.use_count as "useCount", pack.created_at as "createdAt", pack.updated_at as "updatedAt",
    ${has('starter_pack_uses')} as "viewerHasUsed", ${has('starter_pack_members')} as "viewerIsMember",
    ${has('starter_pack_refusals')} as "viewerHasRefused" from starter_packs pack`;
}

const seenMembers = (viewer: string): string =>
  `from starter_pack_members member join actors a on a.id = member.actor_id
   where member.pack_id = pack.id and ${memberVisibleTo('a', 'pack.owner_id', viewer)}`;

const BY_IDS = statement(
  'starter_packs.by_ids',
  `${selectPacks('$2::uuid')} where pack.id = any($1::uuid[]) and ${packVisibleTo('pack', '$2::uuid')}`,
);
// One that is not listed is for whoever has its link; the profile shows it to its owner only.
const OF_OWNERS = batchedPage('starter_packs.of_owners', {
  select: `${selectPacks('$4::uuid')} where pack.owner_id = owner.id and ${packVisibleTo('pack', '$4::uuid')}
    and (pack.is_listed or pack.owner_id = $4::uuid)`,
  key: 'pack.id',
});
const WITH_ACTOR = singlePage('starter_packs.with_actor', {
  select: `${selectPacks('$3::uuid')} join starter_pack_members joined on joined.pack_id = pack.id
    where joined.actor_id = $3 and pack.owner_id <> $3 and ${packVisibleTo('pack', '$3::uuid')}`,
  key: 'pack.id',
});

const MEMBERS = bothWays({
  name: 'starter_packs.members',
  order: 'asc',
  lowest: ['-1'],
  highest: [GREATEST_INTEGER],
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id)
     join starter_packs pack on pack.id = owner.id cross join lateral (
       select member.actor_id as "actorId", member.position, member.added_at as since ${seenMembers('$4::uuid')}
         and member.position ${beyond} $2::int order by member.position ${order} limit $3) page
     order by page.position ${order}`,
});
const IS_FOLLOWED = `exists (select from follows where follower_id = $2::uuid and followee_id = a.id)`;
const COUNTS = statement(
  'starter_packs.counts',
  `select pack.id, counted.* from starter_packs pack cross join lateral (
     select count(*)::int as members, (count(*) filter (where ${IS_FOLLOWED}))::int as followed ${seenMembers('$2::uuid')}
   ) counted where pack.id = any($1::uuid[])`,
);

// Whose owner wishes to be found, with enough people whom the viewer sees in it.
const DISCOVERABLE = `${selectPacks('$3::uuid')} join actors owner on owner.id = pack.owner_id
  where pack.is_listed and pack.removed_at is null and owner.status = 'ACTIVE' and owner.is_discoverable
    and not ${blockedBetween('owner.id', '$3::uuid')}
    and (select count(*) from (select ${seenMembers('$3::uuid')} limit ${FEWEST_TO_DISCOVER}) few) = ${FEWEST_TO_DISCOVER}`;
const DISCOVERED: Readonly<Record<StarterPackSort, ReturnType<typeof bothWays>>> = {
  POPULAR: bothWays({
    name: 'starter_packs.popular',
    order: 'desc',
    lowest: ['-1', LOWEST_ID],
    highest: [GREATEST_INTEGER, HIGHEST_ID],
    text: ({
      beyond,
      order,
    }) => `${DISCOVERABLE} and (pack.use_count, pack.id) ${beyond} ($1::int, $2::uuid)
      order by pack.use_count ${order}, pack.id ${order} limit $4`,
  }),
  NEWEST: bothWays({
    name: 'starter_packs.newest',
    order: 'desc',
    lowest: ['-1', LOWEST_ID],
    highest: [GREATEST_INTEGER, HIGHEST_ID],
    text: ({
      beyond,
      order,
    }) => `${DISCOVERABLE} and $1::int is not null and pack.id ${beyond} $2::uuid
      order by pack.id ${order} limit $4`,
  }),
};

const TO_FOLLOW = statement(
  'starter_packs.to_follow',
  `select a.id from starter_packs pack join starter_pack_members member on member.pack_id = pack.id
     join actors a on a.id = member.actor_id
   where pack.id = $1 and a.id <> $2 and a.id <> all($3::uuid[]) and ${memberVisibleTo('a', 'pack.owner_id', '$2::uuid')}
     and not exists (select from follows where follower_id = $2 and followee_id = a.id)
     and not exists (select from mutes where muter_id = $2 and muted_id = a.id and (expires_at is null or expires_at > $4))
   order by member.position`,
);

/** Packs that the viewer sees, by id, in no particular order; all others are left out. */
export function findStarterPacks(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<StarterPackRow[]> {
  return reader.rows<StarterPackRow>(BY_IDS, [ids, viewerId]);
}

/** A page of the packs of each of several actors, newest first. Those that are not listed only for their owner. */
export function findStarterPacksOfOwners(
  reader: Reader,
  ownerIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<(Omit<StarterPackRow, 'ownerId'> & { readonly ownerId: ActorId })[]> {
  return reader.rows(...OF_OWNERS(ownerIds, request, [viewerId]));
}

/** A page of the packs of others that the viewer is in, the newest first. */
export async function findStarterPacksWith(
  reader: Reader,
  viewerId: ActorId,
  request: PageRequest,
): Promise<Page<StarterPackRow>> {
  return toPage(request, await reader.rows<StarterPackRow>(...WITH_ACTOR(request, [viewerId])));
}

/** A page of listed packs of people who wish to be found. */
export async function discoverStarterPacks(
  reader: Reader,
  viewerId: ActorId | null,
  sort: StarterPackSort,
  request: PageRequest,
): Promise<Page<StarterPackRow>> {
  const { query, from } = DISCOVERED[sort](request);
  const rows = await reader.rows<StarterPackRow>(query, [...from, viewerId, request.size + 1]);
  return toPage(request, rows);
}

/** A page of whom the viewer sees in each of several packs that they are known to see, in the order of the owner. */
export function findPackMembers(
  reader: Reader,
  packIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<PackMember[]> {
  const { query, from } = MEMBERS(request);
  return reader.rows<PackMember>(query, [packIds, ...from, request.size + 1, viewerId]);
}

/** Numbers of packs that the viewer is known to see. */
export function countPackMembers(
  reader: Reader,
  packIds: readonly string[],
  viewerId: ActorId | null,
): Promise<PackCounts[]> {
  return reader.rows<PackCounts>(COUNTS, [packIds, viewerId]);
}

/** Whom somebody follows who uses a pack that they are known to see: in its order, without those named. */
export async function findToFollow(
  reader: Reader,
  packId: StarterPackId,
  followerId: ActorId,
  exceptActorIds: readonly ActorId[],
  now: Date,
): Promise<ActorId[]> {
  const values = [packId, followerId, exceptActorIds, now];
  const rows = await reader.rows<{ id: ActorId }>(TO_FOLLOW, values);
  return rows.map(({ id }) => id);
}
