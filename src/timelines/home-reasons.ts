/**
 * Why an entry stands in a home timeline, the same for pages and live readers: its author or who reposted it is
 * followed, or one of its hashtags is. Whoever is in an exclusive list of the owner is no reason.
 */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import { blockedBetween, isShown } from '../posts/visibility.js';

/** SQL expressions that the conditions are made of. */
export interface HomeReader {
  /** Owner of the home timeline. */
  readonly owner: string;
  /** The time now: mutes end. */
  readonly now: string;
}

/**
 * True for an actor (SQL expression) whose posts the owner reads in a list instead of at home. Most people have no
 * such list: that is looked up once per page.
 */
export function isExclusive(owner: string, actor: string): string {
  return `(exists (select from actor_lists where owner_id = ${owner} and is_exclusive) and exists (
    select from actor_lists list join actor_list_members member on member.list_id = list.id
    where list.owner_id = ${owner} and list.is_exclusive and member.actor_id = ${actor}))`;
}

/**
 * Joins as `repost` the repost that an entry (alias `entry`) came by, with `repost.actor_id`; null when it came by
 * none, or by one that the owner does not see: taken back, of somebody muted, blocked, closed, in an exclusive list
 * or not followed any more, or of somebody whose reposts the owner switched off.
 */
export function joinShownRepost({ owner, now }: HomeReader, condition = 'true'): string {
  return `left join lateral (select r.id, r.actor_id
    from reposts r join actors reposter on reposter.id = r.actor_id
      join follows f on f.follower_id = ${owner} and f.followee_id = r.actor_id and f.state = 'ACCEPTED' and f.shows_reposts
    where entry.repost_id is not null and r.id = entry.repost_id and ${condition} and ${isShown('reposter.status')}
      and not ${blockedBetween('r.actor_id', owner)} and not ${isExclusive(owner, 'r.actor_id')}
      and not exists (select from mutes where muter_id = ${owner} and muted_id = r.actor_id
        and (expires_at is null or expires_at > ${now}))
      and not ${blocksDomainOf(owner, 'r.actor_id')}) repost on true`;
}

/** The first hashtag of a post (SQL expression of its id) that the owner follows; null = none. */
export function followedHashtagOf(owner: string, postId: string): string {
  return `(select followed.hashtag_id from followed_hashtags followed
    join post_hashtags used on used.hashtag_id = followed.hashtag_id and used.post_id = ${postId}
    where followed.follower_id = ${owner} order by followed.id limit 1)`;
}

/** True for an entry (joined as above) that has a reason to be shown. One that came by none was the author's follow. */
export function hasReason({ owner }: Pick<HomeReader, 'owner'>): string {
  return `(repost.id is not null or entry.author_id = ${owner} or not ${isExclusive(owner, 'entry.author_id')} and (
    entry.repost_id is null and not entry.is_by_hashtag or ${isFollowed(owner)}
    or entry.is_by_hashtag and ${followedHashtagOf(owner, 'entry.post_id')} is not null))`;
}

/** The hashtag that an entry (joined as above) is there by; null when it has another reason. */
export function reasonHashtag({ owner }: Pick<HomeReader, 'owner'>): string {
  return `case when entry.is_by_hashtag and repost.id is null and entry.author_id <> ${owner} and not ${isFollowed(owner)}
    then ${followedHashtagOf(owner, 'entry.post_id')} end`;
}

function isFollowed(owner: string): string {
  return `exists (select from follows where follower_id = ${owner} and followee_id = entry.author_id and state = 'ACCEPTED')`;
}
