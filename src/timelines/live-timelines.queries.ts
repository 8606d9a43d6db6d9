/** In whose timelines a post stands, asked for everybody who is connected. Mutes are kept here as in the pages. */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { PlaceId } from '../places/place.js';
import type { Onlooker } from '../platform/realtime/live-source.js';
import { statement, type Reader } from '../platform/db/database.js';
import { notFiltered, notLimited, showsNobodyHidden } from '../posts/filtered.js';
import type { PostId, RepostId } from '../posts/post.entity.js';
import { filterConditions, filterValues, type TimelineChoice } from '../posts/timeline-choice.js';
import { postListedTo } from '../posts/visibility.js';
import type { ActorListId } from './actor-lists.queries.js';
import { hasReason, joinShownRepost } from './home-reasons.js';

/** A post that was added to, changed in or removed from timelines. */
export interface TimelinePost {
  readonly id: PostId;
  /** It was deleted or put away: ask as if it were still there. */
  readonly isRemoved: boolean;
}

const SUBJECT = `(select id, kind, author_id, root_id, visibility, is_local, language, is_sensitive, ai_disclosure, content_html, content_warning,
  case when $3 then null else deleted_at end as deleted_at, case when $3 then null else archived_at end as archived_at
  from posts where id = $1)`;
const FOLLOWS = `exists (select from follows where follower_id = onlooker.id and followee_id = p.author_id and state = 'ACCEPTED')`;
const notMuted = (
  actor: string,
): string => `not exists (select from mutes where muter_id = onlooker.id and muted_id = ${actor}
  and (expires_at is null or expires_at > $4::timestamptz)) and not ${blocksDomainOf('onlooker.id', actor)}`;
const LOOKER = { viewer: 'onlooker.id', now: '$4::timestamptz' };
const NOT_MUTED = `${notMuted('p.author_id')} and ${showsNobodyHidden('p', LOOKER)}`;
const NOT_FILTERED_AT_HOME = notFiltered('p', LOOKER, 'HOME');

const READER = { owner: 'onlooker.id', now: '$4::timestamptz' };
const REPOST_FOLLOWS = `exists (select from reposts r join follows f on f.followee_id = r.actor_id
  where r.post_id = p.id and f.follower_id = onlooker.id and f.state = 'ACCEPTED' and f.shows_reposts)`;
const BY_HASHTAG = `exists (select from home_timeline_entries
  where owner_id = onlooker.id and post_id = p.id and is_by_hashtag)`;
const ENTRY = `exists (select from home_timeline_entries entry ${joinShownRepost(READER)}
  where entry.owner_id = onlooker.id and entry.post_id = p.id and ${hasReason(READER)})`;

// The entries of a deleted post are on their way out: whoever follows its author or a reposter had one. Its hashtags
// are gone already, so those whom one of them brought it to are told as long as their entry is there.
const HOME = statement(
  'timelines.live_home',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join ${SUBJECT} p on true
   where (${ENTRY} or ($3 and (p.author_id = onlooker.id or ${FOLLOWS} or ${REPOST_FOLLOWS} or ${BY_HASHTAG})))
     and ${postListedTo('p', 'onlooker.id')} and ${NOT_MUTED} and ${NOT_FILTERED_AT_HOME}`,
);

const REPOSTED = statement(
  'timelines.live_reposted',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join posts p on p.id = $1
   join home_timeline_entries entry on entry.owner_id = onlooker.id and entry.post_id = p.id and entry.repost_id = $3
   ${joinShownRepost(READER)}
   where repost.id is not null and ${postListedTo('p', 'onlooker.id')} and ${NOT_MUTED} and ${NOT_FILTERED_AT_HOME}`,
);

// Whoever saw the reposter's reposts, and does not have the post for another reason.
const WITHDRAWN = statement(
  'timelines.live_withdrawn',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join posts p on p.id = $1
   join follows f on f.follower_id = onlooker.id and f.followee_id = $3 and f.state = 'ACCEPTED' and f.shows_reposts
   where ${postListedTo('p', 'onlooker.id')} and ${NOT_MUTED} and ${notMuted('f.followee_id')}
     and not exists (select from home_timeline_entries where owner_id = onlooker.id and post_id = p.id)`,
);

const PUBLIC = statement(
  'timelines.live_public',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join ${SUBJECT} p on true join actors author on author.id = p.author_id
   where p.visibility in ('PUBLIC', case when $7::boolean then 'LOCAL' end) and ${filterConditions('p', 5)}
     and ${notLimited('onlooker.id')} and ${postListedTo('p', 'onlooker.id', { authorStatus: 'author.status' })} and ${NOT_MUTED}
     and ${notFiltered('p', LOOKER, 'PUBLIC')}`,
);

const LIST = statement(
  'timelines.live_list',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join ${SUBJECT} p on true
   where exists (select from actor_lists list join actor_list_members member on member.list_id = list.id
       where list.id = $5 and list.owner_id = onlooker.id and member.actor_id = p.author_id)
     and ${postListedTo('p', 'onlooker.id')} and ${NOT_MUTED} and ${NOT_FILTERED_AT_HOME}`,
);

// A deleted post has no hashtags any more: whoever could see it is told that it is gone.
const HASHTAG = statement(
  'timelines.live_hashtag',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join ${SUBJECT} p on true join actors author on author.id = p.author_id
   where ${notLimited('onlooker.id')} and (exists (select from post_hashtags used join hashtags h on h.id = used.hashtag_id
       where used.post_id = p.id and h.name = $5)
     or exists (select from posts where id = p.id and deleted_at is not null))
     and ${postListedTo('p', 'onlooker.id')} and ${NOT_MUTED} and ${notFiltered('p', LOOKER, 'PUBLIC')}`,
);

// A deleted post has no place any more either.
const PLACE = statement(
  'timelines.live_place',
  `select onlooker.id from unnest($2::uuid[]) onlooker (id) join ${SUBJECT} p on true join actors author on author.id = p.author_id
   where ${notLimited('onlooker.id')}
     and exists (select from posts where id = p.id and (place_id = $5 or deleted_at is not null))
     and ${postListedTo('p', 'onlooker.id')} and ${NOT_MUTED} and ${notFiltered('p', LOOKER, 'PUBLIC')}`,
);

/** Who has the post in the timeline of this list: its owner, or nobody; one statement. */
export function findListOwner(
  reader: Reader,
  post: TimelinePost,
  listId: ActorListId,
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const values = [post.id, onlookers, post.isRemoved, now, listId];
  return ask(reader.rows<{ id: Onlooker }>(LIST, values));
}

/** Who has the post in the timeline of a hashtag, by its folded name; one statement. */
export function findHashtagReaders(
  reader: Reader,
  post: TimelinePost,
  hashtag: string,
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const values = [post.id, onlookers, post.isRemoved, now, hashtag];
  return ask(reader.rows<{ id: Onlooker }>(HASHTAG, values));
}

/** Who has the post in the timeline of a place; one statement. */
export function findPlaceReaders(
  reader: Reader,
  post: TimelinePost,
  placeId: PlaceId,
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const values = [post.id, onlookers, post.isRemoved, now, placeId];
  return ask(reader.rows<{ id: Onlooker }>(PLACE, values));
}

/** Who has the post in the home timeline; one statement. */
export function findHomes(
  reader: Reader,
  post: TimelinePost,
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  return ask(reader.rows<{ id: Onlooker }>(HOME, [post.id, onlookers, post.isRemoved, now]));
}

/** Who has the post in the home timeline by this very repost; one statement. */
export function findHomesOfRepost(
  reader: Reader,
  repost: { readonly id: RepostId; readonly postId: PostId },
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const values = [repost.postId, onlookers, repost.id, now];
  return ask(reader.rows<{ id: Onlooker }>(REPOSTED, values));
}

/** Who may have had the post in the home timeline by a repost of the actor, and has it no more; one statement. */
export function findFormerHomes(
  reader: Reader,
  repost: { readonly reposterId: ActorId; readonly postId: PostId },
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const values = [repost.postId, onlookers, repost.reposterId, now];
  return ask(reader.rows<{ id: Onlooker }>(WITHDRAWN, values));
}

/** Who has the post in a public timeline with this choice; one statement. */
export function findPublicTimelines(
  reader: Reader,
  post: TimelinePost,
  choice: TimelineChoice,
  onlookers: readonly Onlooker[],
  now: Date,
): Promise<(onlooker: Onlooker) => boolean> {
  const values = [post.id, onlookers, post.isRemoved, now, ...filterValues(choice)];
  return ask(reader.rows<{ id: Onlooker }>(PUBLIC, values));
}

async function ask(rows: Promise<{ id: Onlooker }[]>): Promise<(onlooker: Onlooker) => boolean> {
  const admitted = new Set((await rows).map(({ id }) => id));
  return (onlooker) => admitted.has(onlooker);
}
