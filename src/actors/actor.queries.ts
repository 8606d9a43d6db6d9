/** Reads of actors: one statement for a whole batch, with avatar, header and counters joined. */
import { statement, type Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import { isStorable } from '../platform/storable-text.js';
import type { ActorId, ActorKind, ActorStatus, ProfileField } from './actor.entity.js';
import type { PaymentLink } from './payment-link.js';

/** An actor as lists and profiles show it. */
export interface ActorRow {
  readonly id: ActorId;
  readonly kind: ActorKind;
  readonly username: string;
  /** Null for a local actor. */
  readonly domain: string | null;
  readonly uri: string;
  readonly url: string;
  readonly displayName: string;
  readonly bioHtml: string;
  readonly bioSource: string | null;
  readonly pronouns: string | null;
  readonly fields: readonly ProfileField[];
  readonly paymentLinks: readonly PaymentLink[];
  readonly avatarMediaId: Id<'media'> | null;
  readonly headerMediaId: Id<'media'> | null;
  readonly isLocked: boolean;
  readonly isDiscoverable: boolean;
  readonly isIndexable: boolean;
  readonly hidesFollowLists: boolean;
  readonly status: ActorStatus;
  /** Identities of other accounts of the same person, as this one says. */
  readonly alsoKnownAs: readonly string[];
  /** Where it has moved; null = nowhere. */
  readonly movedToId: ActorId | null;
  /** Its server is suspended: for everybody but the staff it is not there. */
  readonly isBarred: boolean;
  readonly joinedAt: Date;
  readonly postCount: number;
  readonly followerCount: number;
  readonly followingCount: number;
}

const COLUMNS = `a.id, a.kind, a.username, a.domain, a.uri, a.url, a.display_name as "displayName",
  a.bio_html as "bioHtml", a.bio_source as "bioSource", a.pronouns, a.fields, a.payment_links as "paymentLinks",
  a.avatar_media_id as "avatarMediaId", a.header_media_id as "headerMediaId",
  a.is_locked as "isLocked", a.is_discoverable as "isDiscoverable", a.is_indexable as "isIndexable",
  a.hides_follow_lists as "hidesFollowLists", a.status, a.domain_severity = 'SUSPEND' as "isBarred", a.also_known_as as "alsoKnownAs",
  a.moved_to_id as "movedToId", a.joined_at as "joinedAt",
  coalesce(greatest(c.posts, c.remote_posts), 0) as "postCount",
  coalesce(greatest(c.followers, c.remote_followers), 0) as "followerCount",
  coalesce(greatest(c.following, c.remote_following), 0) as "followingCount"`;

const FROM = 'from actors a left join actor_counts c on c.actor_id = a.id';

const IS_THERE = `a.status <> 'PENDING' and a.domain_severity <> 'SUSPEND'`;

const BY_IDS = statement('actors.by_ids', `select ${COLUMNS} ${FROM} where a.id = any($1::uuid[])`);
const BY_HANDLE = statement(
  'actors.by_handle',
  `select ${COLUMNS} ${FROM}
   where lower(a.username) = lower($1) and coalesce(a.domain, '') = $2 and ${IS_THERE}`,
);
const BY_URL = statement(
  'actors.by_url',
  `select ${COLUMNS} ${FROM} where (a.uri = $1 or a.url = $1) and ${IS_THERE} limit 1`,
);

/** Whether an actor is there for anybody but the staff. */
export function isThere({ status, isBarred }: ActorRow): boolean {
  return status !== 'PENDING' && !isBarred;
}

/** Actors by id, pending and barred ones too, in no particular order; unknown ids are left out. */
export function findActors(reader: Reader, ids: readonly string[]): Promise<ActorRow[]> {
  return reader.rows<ActorRow>(BY_IDS, [ids]);
}

/** An actor by name, unless it is pending or barred. `domain` null = local. Nobody has a name that is no text, as addresses may. */
export async function findActorByHandle(
  reader: Reader,
  username: string,
  domain: string | null,
): Promise<ActorRow | null> {
  if (!isStorable(username) || !isStorable(domain ?? '')) return null;
  return reader.row<ActorRow>(BY_HANDLE, [username, domain ?? '']);
}

/** An actor by its federated identity or its page, unless it is pending or barred. */
export async function findActorByUrl(reader: Reader, url: string): Promise<ActorRow | null> {
  return isStorable(url) ? reader.row<ActorRow>(BY_URL, [url]) : null;
}
