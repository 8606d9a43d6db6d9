/**
 * THE rule of who sees what, once in SQL and once in code; a property test holds the two together.
 * Every list, count, node and live event asks here; no other file decides about visibility.
 */
import type { ActorId, ActorStatus } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';

/** Authors in these states are shown; of all others nothing is. */
const SHOWN_STATUSES: readonly ActorStatus[] = ['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL'];

/** Who looks. */
export interface Onlooker {
  readonly actorId: ActorId;
  /** True for people of this server. */
  readonly isLocal: boolean;
}

/** Whom something is for, and how the onlooker stands to its author. */
export interface AudienceFacts {
  readonly authorId: ActorId;
  readonly visibility: Visibility;
  /** The onlooker is an accepted follower of the author. */
  readonly isFollower: boolean;
  /** The onlooker is mentioned. */
  readonly isMentioned: boolean;
}

/** Everything the rule needs to know about one post or comment and one onlooker. */
export interface VisibilityFacts extends AudienceFacts {
  readonly authorStatus: ActorStatus;
  readonly isDeleted: boolean;
  /** Its author put it away: it is for nobody else. False for a comment. */
  readonly isArchived: boolean;
  /** A block between onlooker and author, in either direction. */
  readonly isBlocked: boolean;
  /** Of a comment: it, and those above it, as far as each is for fewer people than see the post. Empty for a post. */
  readonly narrowings: readonly AudienceFacts[];
  /** Of a comment: the author of the post hid it, or one above it. False for a post. */
  readonly isHidden: boolean;
  /** Of a comment: the same facts about its post. Null for a post. */
  readonly root: VisibilityFacts | null;
}

/** The rule in code. `onlooker` null = anonymous. */
export function canSee(onlooker: Onlooker | null, facts: VisibilityFacts): boolean {
  if (!isPresent(facts)) return false;
  if (facts.root === null) return isAddressed(onlooker, facts);
  if (facts.isHidden && !isEither(onlooker, facts.authorId, facts.root.authorId)) return false;
  // What stands below words that are not for the onlooker would tell of them.
  if (!facts.narrowings.every((one) => isAmong(onlooker, one))) return false;
  return isPresent(facts.root) && isAddressed(onlooker, facts.root);
}

function isEither(onlooker: Onlooker | null, one: ActorId, other: ActorId): boolean {
  return onlooker !== null && (onlooker.actorId === one || onlooker.actorId === other);
}

function isPresent(facts: VisibilityFacts): boolean {
  return !facts.isDeleted && SHOWN_STATUSES.includes(facts.authorStatus) && !facts.isBlocked;
}

function isAddressed(onlooker: Onlooker | null, facts: VisibilityFacts): boolean {
  if (onlooker !== null && onlooker.actorId === facts.authorId) return true;
  return !facts.isArchived && isAmong(onlooker, facts);
}

function isAmong(onlooker: Onlooker | null, facts: AudienceFacts): boolean {
  if (onlooker !== null && onlooker.actorId === facts.authorId) return true;
  if (facts.visibility === 'PUBLIC' || facts.visibility === 'UNLISTED') return true;
  if (onlooker === null) return false;
  switch (facts.visibility) {
    case 'LOCAL':
      return onlooker.isLocal;
    case 'FOLLOWERS':
      return facts.isFollower || facts.isMentioned;
    case 'MENTIONED':
      return facts.isMentioned;
  }
}

/** Where a statement already has what the rule would look up. */
export interface KnownColumns {
  /** Expression of the author's state; without it the rule reads `actors`. */
  readonly authorStatus?: string;
}

/**
 * The rule in SQL, for rows of `posts` that may be posts or comments.
 *
 * Every part is a primary key look-up per row, so a keyset page stays as cheap as its rows.
 *
 * @param alias alias of `posts` in the statement
 * @param viewer SQL expression of the onlooker's actor id, null = anonymous; write `$1::uuid`, not `$1`
 */
export function visibleTo(alias: string, viewer: string, known: KnownColumns = {}): string {
  const root = 'visible_root';
  return `(${presentTo(alias, viewer, known.authorStatus)} and case when ${alias}.root_id is null
    then ${addressedTo(alias, viewer)}
    else exists (select from posts ${root} where ${root}.id = ${alias}.root_id
      and (${alias}.hidden_through is null or ${alias}.author_id = ${viewer} or ${root}.author_id = ${viewer})
      and ${amongNarrowedTo(alias, viewer)} and ${presentTo(root, viewer)} and ${addressedTo(root, viewer)}) end)`;
}

/** As `visibleTo`, for statements whose rows are posts and never comments. */
export function postVisibleTo(alias: string, viewer: string, known: KnownColumns = {}): string {
  return `(${presentTo(alias, viewer, known.authorStatus)} and ${addressedTo(alias, viewer)})`;
}

/** As `postVisibleTo`, for lists and counts: what its author put away stands in none, not even the author's own. */
export function postListedTo(alias: string, viewer: string, known: KnownColumns = {}): string {
  return `(${alias}.archived_at is null and ${postVisibleTo(alias, viewer, known)})`;
}

/** As `visibleTo`, for comments of a post that the statement's caller has already found visible. */
export function commentVisibleTo(alias: string, viewer: string, known: KnownColumns = {}): string {
  return `(${presentTo(alias, viewer, known.authorStatus)} and (${alias}.hidden_through is null or ${alias}.author_id = ${viewer}
    or exists (select from posts where id = ${alias}.root_id and author_id = ${viewer}))
    and ${amongNarrowedTo(alias, viewer)})`;
}

/** True when a block stands between two actors, in either direction; both are SQL expressions. */
export function blockedBetween(one: string, other: string): string {
  return `(exists (select from blocks where blocker_id = ${one} and blocked_id = ${other})
    or exists (select from blocks where blocker_id = ${other} and blocked_id = ${one}))`;
}

/** True for actors that are shown at all; `status` is an SQL expression. */
export function isShown(status: string): string {
  return `${status} in (${SHOWN_STATUSES.map((name) => `'${name}'`).join(', ')})`;
}

function presentTo(alias: string, viewer: string, authorStatus?: string): string {
  const status =
    authorStatus ??
    `(select author.status from actors author where author.id = ${alias}.author_id)`;
  return `(${alias}.deleted_at is null and ${isShown(status)}
    and not ${blockedBetween(`${alias}.author_id`, viewer)})`;
}

/**
 * The rule for rows that have an owner and a visibility, such as collections and stories.
 *
 * @param alias alias of a table with the columns `owner_id` and `visibility`
 * @param known.owner SQL expression of the owner where the column has another name
 * @param known.isMentioned SQL expression of whether the row mentions the onlooker, where it can
 */
export function ownedVisibleTo(
  alias: string,
  viewer: string,
  { owner = `${alias}.owner_id`, isMentioned = 'false' } = {},
): string {
  return `(${isShown(`(select status from actors where id = ${owner})`)} and not ${blockedBetween(owner, viewer)}
    and (${alias}.visibility in ('PUBLIC', 'UNLISTED') or ${owner} = ${viewer} or ${isMentioned}
      or case ${alias}.visibility when 'LOCAL' then ${isLocalActor(viewer)}
        when 'FOLLOWERS' then ${followsActor(viewer, owner)}
        when 'CLOSE_FRIENDS' then ${isCloseFriend(viewer, owner)} else false end))`;
}

function addressedTo(alias: string, viewer: string): string {
  const isMentioned = `exists (select from post_mentions where post_id = ${alias}.id and actor_id = ${viewer})`;
  return `(${alias}.author_id = ${viewer} or ${alias}.archived_at is null and (${alias}.visibility in ('PUBLIC', 'UNLISTED')
    or case ${alias}.visibility when 'LOCAL' then ${isLocalActor(viewer)}
      when 'FOLLOWERS' then ${followsActor(viewer, `${alias}.author_id`)} or ${isMentioned}
      when 'MENTIONED' then ${isMentioned} else false end))`;
}

/** True where each comment that is for fewer people, the row's own and those above it, is for the onlooker; one that is missing is for nobody. */
function amongNarrowedTo(alias: string, viewer: string): string {
  const one = 'narrowing';
  return `(${alias}.narrowed_through is null or cardinality(${alias}.narrowed_through) = (select count(*) from posts ${one}
    where ${one}.id = any(${alias}.narrowed_through) and (${one}.author_id = ${viewer}
      or ${one}.narrowed_to = 'FOLLOWERS' and ${followsActor(viewer, `${one}.author_id`)}
      or exists (select from post_mentions where post_id = ${one}.id and actor_id = ${viewer}))))`;
}

function followsActor(follower: string, followee: string): string {
  return `exists (select from follows where follower_id = ${follower} and followee_id = ${followee} and state = 'ACCEPTED')`;
}

function isCloseFriend(friend: string, owner: string): string {
  return `exists (select from close_friends where owner_id = ${owner} and friend_id = ${friend})`;
}

function isLocalActor(actor: string): string {
  return `exists (select from actors where id = ${actor} and domain is null)`;
}
