/** What becomes of an entry whose reason is gone: it stays for another reason, or it goes. */
import { followedHashtagOf } from './home-reasons.js';

/**
 * Statement that releases entries and answers how many there were, as `count`. One whose author is followed, or is
 * the owner, goes back to where the post was published, and so does one with a followed hashtag; else the newest
 * repost of somebody followed takes over. An entry that a repost brings up meanwhile is left alone.
 *
 * @param batch selects owner_id, post_id, author_id and repost_id of entries; whatever was their reason is gone already
 */
export function releaseEntries(batch: string): string {
  return `with batch as (${batch}), next as (
     select batch.owner_id, batch.post_id, batch.repost_id as known_repost_id,
       batch.owner_id = batch.author_id or exists (select from follows
         where follower_id = batch.owner_id and followee_id = batch.author_id and state = 'ACCEPTED') as is_followed,
       post.id is not null and ${followedHashtagOf('batch.owner_id', 'batch.post_id')} is not null as has_hashtag,
       other.id as repost_id, other.actor_id as reposter_id
     from batch left join posts post on post.id = batch.post_id and ${bringsHome('post')}
     left join lateral (
       select r.id, r.actor_id from follows f join reposts r on r.post_id = batch.post_id and r.actor_id = f.followee_id
       where f.follower_id = batch.owner_id and f.state = 'ACCEPTED' and f.shows_reposts
       order by r.id desc limit 1) other on true
   ), kept as (
     update home_timeline_entries entry set is_by_hashtag = next.has_hashtag,
       repost_id = case when next.is_followed or next.has_hashtag then null else next.repost_id end,
       reposter_id = case when next.is_followed or next.has_hashtag then null else next.reposter_id end
     from next where entry.owner_id = next.owner_id and entry.post_id = next.post_id
       and entry.repost_id is not distinct from next.known_repost_id
       and (next.is_followed or next.has_hashtag or next.repost_id is not null)
   ), gone as (
     delete from home_timeline_entries entry using next
     where entry.owner_id = next.owner_id and entry.post_id = next.post_id
       and entry.repost_id is not distinct from next.known_repost_id
       and not next.is_followed and not next.has_hashtag and next.repost_id is null
   ) select count(*)::int as count from batch`;
}

/** True for posts that come home by their hashtags: those for everybody, of authors who are not limited. */
export function bringsHome(alias: string): string {
  return `${alias}.kind <> 'comment' and ${alias}.visibility in ('PUBLIC', 'LOCAL')
    and exists (select from actors where id = ${alias}.author_id and status <> 'LIMITED')`;
}
