/**
 * Where candidates come from, as SQL. Each source reads a bounded piece of an index and nothing more, so that a page costs
 * the same however large the tables are. $1 is the viewer, $2 the time, $3 to $7 the choice of posts, $8 the id below
 * which posts are wanted, $9 what the walk went through, $10 where the lot fell, $11 whether trends need no approval.
 */
import type { FilterContext } from '../../filters/content-filter.js';
import type { CandidateSource } from '../../ranking/ranking-input.js';
import { notFiltered, notLimited, notMuted, showsNobodyHidden } from '../../posts/filtered.js';
import { LIKE } from '../../posts/reaction-content.js';
import { selectedVisibleTo } from '../../posts/post.queries.js';
import { postListedTo } from '../../posts/visibility.js';
import { filterConditions } from '../../posts/timeline-choice.js';
import { hasReason, joinShownRepost, reasonHashtag } from '../../timelines/home-reasons.js';

/** SQL expression of the viewer. */
export const VIEWER = '$1::uuid';

const NOW = '$2::timestamptz';
const LOOKER = { viewer: VIEWER, now: NOW };
const OWNER = { owner: VIEWER, now: NOW };

/** True for posts (alias `p`, of `author`) that may stand in a feed of the viewer at all; `context` is that of keyword filters. */
export function mayStand(context: FilterContext): string {
  return `p.kind <> 'comment' and ${selectedVisibleTo(VIEWER)} and ${notLimited(VIEWER)}
  and ${notMuted('p', LOOKER)} and ${showsNobodyHidden('p', LOOKER)} and ${filterConditions('p', 3)} and ${notFiltered('p', LOOKER, context)}`;
}

const NEAR = 30;
const RECENT = 5;

/** A source in one statement. */
export interface SourceBounds {
  readonly limit: number;
  /** The newest that may stand there, without gaps: for a feed by time. Otherwise what may not stand there costs a place. */
  readonly isGapless: boolean;
}

type MakeSource = (bounds: SourceBounds) => string;

const where = (isGapless: boolean): string => (isGapless ? ` and ${mayStand('HOME')}` : '');
const author = (isGapless: boolean): string =>
  isGapless ? 'join actors author on author.id = p.author_id' : '';

function followed(condition: string): MakeSource {
  return ({
    limit,
    isGapless,
  }) => `select p.id from home_timeline_entries entry join posts p on p.id = entry.post_id
    ${author(isGapless)} ${joinShownRepost(OWNER, 'false')}
    where entry.owner_id = ${VIEWER} and entry.post_id < $8 and ${condition} and ${hasReason(OWNER)}${where(isGapless)}
    order by entry.post_id desc limit ${limit}`;
}

const trending =
  (isLocal: boolean): MakeSource =>
  ({ limit }) =>
    `select p.id from trend join posts p on p.id = trend.post_id where ${isLocal ? '' : 'not '}p.is_local
    order by trend.place limit ${limit}`;

/** One query each; it answers ids of posts. */
export const SOURCES: Readonly<Record<CandidateSource, MakeSource>> = {
  FOLLOWED_ACCOUNT: followed(`${reasonHashtag(OWNER)} is null`),
  FOLLOWED_HASHTAG: followed(`entry.is_by_hashtag and ${reasonHashtag(OWNER)} is not null`),
  EDITORIAL_PICK: ({
    limit,
  }) => `select pick.post_id as id from editorial_picks pick join posts p on p.id = pick.post_id and p.visibility = 'PUBLIC'
    where pick.withdrawn_at is null and pick.expires_at > ${NOW} order by pick.id desc limit ${limit}`,
  LOCAL_TREND: trending(true),
  NETWORK_TREND: trending(false),
  // Of each of the last likes the newest few; who may see what is asked of all candidates alike, and here of what was liked.
  SOUND_OR_REMIX: ({
    limit,
  }) => `select found.id from (select post_id from reactions where actor_id = ${VIEWER} and content = '${LIKE}'
        order by id desc limit ${NEAR}) liked
    join posts source on source.id = liked.post_id and ${postListedTo('source', VIEWER)} and ${notMuted('source', LOOKER)}
    cross join lateral (
      (select used.post_id as id from (select sound_id from sound_uses where post_id = liked.post_id) mine
        cross join lateral (select post_id from sound_uses where sound_id = mine.sound_id and post_id <> liked.post_id
          order by post_id desc limit ${RECENT}) used)
      union all (select remix.post_id from remixes remix where remix.original_id = liked.post_id and remix.post_id is not null
        and remix.detached_at is null order by remix.post_id desc limit ${RECENT})) found
    join posts p on p.id = found.id and p.visibility = 'PUBLIC' and p.deleted_at is null order by found.id desc limit ${limit}`,
  SIMILAR_CREATOR: ({ limit }) => `select newest.id from (
      select far.followee_id as id from (select followee_id from follows where follower_id = ${VIEWER} and state = 'ACCEPTED'
          order by id desc limit ${NEAR}) near
        join actors who on who.id = near.followee_id and not who.hides_follow_lists
        cross join lateral (select followee_id from follows where follower_id = near.followee_id and state = 'ACCEPTED'
          order by id desc limit ${NEAR}) far
      where far.followee_id <> ${VIEWER} and not exists (select from follows
        where follower_id = ${VIEWER} and followee_id = far.followee_id)
      group by far.followee_id order by count(*) desc, far.followee_id limit ${limit}) creator
    join actors who on who.id = creator.id and who.is_discoverable and who.status = 'ACTIVE'
    cross join lateral (select recent.id from (select p.id, p.visibility from posts p
        where p.author_id = creator.id and p.deleted_at is null and p.kind <> 'comment' order by p.id desc limit ${RECENT}) recent
      where recent.visibility = 'PUBLIC' order by recent.id desc limit 1) newest`,
  LOCAL_PUBLIC: ({ limit, isGapless }) => `select p.id from posts p ${author(isGapless)}
    where p.kind <> 'comment' and p.deleted_at is null and p.is_local and p.visibility in ('PUBLIC', 'LOCAL') and p.id < $8${where(isGapless)}
    order by p.id desc limit ${limit}`,
  EXPLORATION: ({ limit }) => `select found.id from unnest($10::uuid[]) as point(at)
    cross join lateral (select p.id from posts p where p.kind <> 'comment' and p.deleted_at is null and p.visibility = 'PUBLIC'
      and p.id >= point.at order by p.id limit 1) found limit ${limit}`,
};
