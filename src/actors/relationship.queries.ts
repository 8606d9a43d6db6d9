/** How one viewer and other actors relate, and the lists made of those relations. */
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import type { PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import { blocksDomainOf } from './domain-blocks.queries.js';
import type { ActorId } from './actor.entity.js';

/** State of one ordered pair: the viewer and another actor. */
export interface RelationshipRow {
  readonly actorId: ActorId;
  readonly isFollowing: boolean;
  readonly isRequested: boolean;
  readonly isFollowedBy: boolean;
  readonly hasRequestedViewer: boolean;
  readonly isBlocking: boolean;
  readonly isBlockedBy: boolean;
  /** The viewer blocks the actor's server. */
  readonly isDomainBlocked: boolean;
  /** The actor blocks the viewer's server. */
  readonly isDomainBlockedBy: boolean;
  readonly isMuting: boolean;
  readonly mutedUntil: Date | null;
  readonly isMutingNotifications: boolean;
  readonly notifiesOnPost: boolean;
  readonly showsReposts: boolean;
  readonly isCloseFriend: boolean;
  readonly followedAt: Date | null;
}

const RELATIONSHIPS = statement(
  'relationships.of_viewer',
  `select o.id as "actorId",
     coalesce(f.state = 'ACCEPTED', false) as "isFollowing", coalesce(f.state = 'REQUESTED', false) as "isRequested",
     coalesce(b.state = 'ACCEPTED', false) as "isFollowedBy", coalesce(b.state = 'REQUESTED', false) as "hasRequestedViewer",
     bl.id is not null as "isBlocking", bb.id is not null as "isBlockedBy",
     ${blocksDomainOf('$1::uuid', 'o.id')} as "isDomainBlocked",
     ${blocksDomainOf('o.id', '$1::uuid')} as "isDomainBlockedBy",
     m.id is not null as "isMuting", m.expires_at as "mutedUntil",
     coalesce(m.mutes_notifications, false) as "isMutingNotifications",
     coalesce(f.notifies_on_post, false) as "notifiesOnPost", coalesce(f.shows_reposts, true) as "showsReposts",
     f.accepted_at as "followedAt", c.id is not null as "isCloseFriend"
   from unnest($2::uuid[]) as o(id)
   left join follows f on f.follower_id = $1 and f.followee_id = o.id
   left join follows b on b.follower_id = o.id and b.followee_id = $1
   left join close_friends c on c.owner_id = $1 and c.friend_id = o.id
   left join blocks bl on bl.blocker_id = $1 and bl.blocked_id = o.id
   left join blocks bb on bb.blocker_id = o.id and bb.blocked_id = $1
   left join mutes m on m.muter_id = $1 and m.muted_id = o.id and (m.expires_at is null or m.expires_at > $3)`,
);

/** Relations of the viewer to each of the actors; one row per id that was asked for. */
export function findRelationships(
  reader: Reader,
  viewerId: ActorId,
  actorIds: readonly ActorId[],
  now: Date,
): Promise<RelationshipRow[]> {
  return reader.rows<RelationshipRow>(RELATIONSHIPS, [viewerId, actorIds, now]);
}

/** An actor's place in a list of relations. */
export interface RelatedActor {
  /** Whose list it is. */
  readonly ownerId: ActorId;
  readonly actorId: ActorId;
  /** UUIDv7 of the relation: the sort key. */
  readonly id: string;
  readonly since: Date;
}

/** Lists of relations, newest first. `owner.id` is the list's owner. */
const LISTS = {
  followers: `follows r where r.followee_id = owner.id and r.state = 'ACCEPTED'`,
  following: `follows r where r.follower_id = owner.id and r.state = 'ACCEPTED'`,
  followRequests: `follows r where r.followee_id = owner.id and r.state = 'REQUESTED'`,
  closeFriends: `close_friends r where r.owner_id = owner.id`,
  blocked: `blocks r where r.blocker_id = owner.id`,
  muted: `mutes r where r.muter_id = owner.id and (r.expires_at is null or r.expires_at > now())`,
} as const;

/** Columns of the other actor and of the time. */
const COLUMNS: Record<keyof typeof LISTS, readonly [actor: string, since: string]> = {
  followers: ['r.follower_id', 'r.accepted_at'],
  following: ['r.followee_id', 'r.accepted_at'],
  followRequests: ['r.follower_id', 'r.requested_at'],
  closeFriends: ['r.friend_id', 'r.created_at'],
  blocked: ['r.blocked_id', 'r.created_at'],
  muted: ['r.muted_id', 'r.created_at'],
};

/** One of the lists. */
export type RelationList = keyof typeof LISTS;

/** Suspended and deleted people are left out, and so is whoever has a block with the reader, $2. */
function shown(actor: string): string {
  return `exists (select from actors a where a.id = ${actor} and a.status not in ('SUSPENDED', 'DELETED'))
    and not exists (select from blocks where (blocker_id = $2::uuid and blocked_id = ${actor})
      or (blocked_id = $2::uuid and blocker_id = ${actor}))`;
}

const PAGES = new Map(
  (Object.keys(LISTS) as RelationList[]).map((list) => [list, pagesOf(list)] as const),
);

function pagesOf(list: RelationList) {
  const [actor, since] = COLUMNS[list];
  const isOwnList = list === 'blocked' || list === 'muted';
  return bothWays({
    name: `relations.${list}`,
    order: 'desc',
    lowest: [LOWEST_ID],
    highest: [HIGHEST_ID],
    text: ({ beyond, order }) =>
      `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
         select ${actor} as "actorId", r.id, ${since} as since from ${LISTS[list]}
           and r.id ${beyond} $3::uuid and ${isOwnList ? '$2::uuid is not null' : shown(actor)}
         order by r.id ${order} limit $4) page`,
  });
}

/**
 * One page of the same list of each of several owners, one row more than the page has where there are more.
 *
 * @param readerId null = anonymous
 */
export function findRelations(
  reader: Reader,
  list: RelationList,
  ownerIds: readonly string[],
  readerId: ActorId | null,
  request: PageRequest,
): Promise<RelatedActor[]> {
  const { query, from } = PAGES.get(list)!(request);
  return reader.rows<RelatedActor>(query, [ownerIds, readerId, ...from, request.size + 1]);
}
