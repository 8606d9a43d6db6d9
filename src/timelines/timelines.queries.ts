/** Reads of timelines: one statement per page, with everything a list of posts shows but its media. */
import type { ActorId } from '../actors/actor.entity.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import type { Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import type { PostId, RepostId } from '../posts/post.entity.js';
import { notFiltered, notLimited, notMuted, showsNobodyHidden } from '../posts/filtered.js';
import { singlePage } from '../posts/page-sql.js';
import { selectedVisibleTo, selectPosts, type PostRow } from '../posts/post.queries.js';
import { filterConditions, filterValues, type TimelineChoice } from '../posts/timeline-choice.js';
import { postListedTo } from '../posts/visibility.js';
import type { ActorListId } from './actor-lists.queries.js';
import { hasReason, joinShownRepost, reasonHashtag } from './home-reasons.js';

/** Viewer is $3, the time $4; filters begin behind them. */
const VIEWER = '$3::uuid';

const LOOKER = { viewer: VIEWER, now: '$4::timestamptz' };
const NOT_MUTED = `${notMuted('p', LOOKER)} and ${showsNobodyHidden('p', LOOKER)}`;

/** A post in a home timeline: `entryId` is its place. */
export interface HomeRow extends PostRow {
  readonly entryId: PostId | RepostId;
  /** Through whose repost it is there; null = by itself. */
  readonly reposterId: ActorId | null;
  /** The followed hashtag that it is there by; null = it has another reason. */
  readonly hashtagId: Id<'hashtag'> | null;
}

const READER = { owner: VIEWER, now: '$4::timestamptz' };
const ENTRIES = `home_timeline_entries entry join posts p on p.id = entry.post_id
  ${joinShownRepost(READER, 'not $5::boolean')}`;

const HOME = singlePage('timelines.home', {
  select: `${selectPosts(VIEWER, ENTRIES, ['entry.entry_id as "entryId"', 'repost.actor_id as "reposterId"', `${reasonHashtag(READER)} as "hashtagId"`])}
    where entry.owner_id = ${VIEWER} and ${selectedVisibleTo(VIEWER)} and ${NOT_MUTED} and ${hasReason(READER)}
      and ${filterConditions('p', 6)} and ${notFiltered('p', LOOKER, 'HOME')}`,
  key: 'entry.entry_id',
});

const publicPage = (name: string, belongs: string) =>
  singlePage(name, {
    select: `${selectPosts(VIEWER)} where p.kind <> 'comment' and p.deleted_at is null and ${belongs}
      and ${selectedVisibleTo(VIEWER)} and ${notLimited(VIEWER)} and ${NOT_MUTED} and ${filterConditions('p', 5)}
      and ${notFiltered('p', LOOKER, 'PUBLIC')}`,
    key: 'p.id',
  });

const PUBLIC = publicPage('timelines.public', `p.visibility = 'PUBLIC'`);
const LOCAL = publicPage('timelines.local', `p.is_local and p.visibility in ('PUBLIC', 'LOCAL')`);

// The newest posts of each member, then the newest of all: the index of authors has those of each in order.
const LIST = singlePage('timelines.list', {
  select: (pageEnd) =>
    selectPosts(
      VIEWER,
      `(select newest.* from actor_lists list join actor_list_members member on member.list_id = list.id
        join actors who on who.id = member.actor_id cross join lateral (
          select p.* from posts p where p.author_id = who.id and p.kind <> 'comment' and p.deleted_at is null
            and ${postListedTo('p', VIEWER, { authorStatus: 'who.status' })} and ${filterConditions('p', 6)}
            and ${notFiltered('p', LOOKER, 'HOME')}${pageEnd}) newest
        where list.id = $5 and list.owner_id = ${VIEWER}) p`,
    ) + ` where ${NOT_MUTED}`,
  key: 'p.id',
});

/** A page of the viewer's home timeline, newest entry first. Muted authors and reposters are left out. */
export async function findHomePage(
  reader: Reader,
  viewerId: ActorId,
  choice: TimelineChoice,
  request: PageRequest,
  now: Date,
): Promise<Page<HomeRow>> {
  const values = [viewerId, now, choice.excludeReposts ?? false, ...filterValues(choice)];
  return toPage(request, await reader.rows<HomeRow>(...HOME(request, values)));
}

/** A page of the posts of a list's members, newest first; empty when the list is not the viewer's. Muted members are left out. */
export async function findListPage(
  reader: Reader,
  viewerId: ActorId,
  listId: ActorListId,
  choice: TimelineChoice,
  request: PageRequest,
  now: Date,
): Promise<Page<PostRow>> {
  const values = [viewerId, now, listId, ...filterValues(choice)];
  return toPage(request, await reader.rows<PostRow>(...LIST(request, values)));
}

/**
 * A page of public posts, newest first; with `choice.isLocal` those of this server, for signed-in people
 * with the posts that are for this server only. Muted authors are left out.
 */
export async function findPublicPage(
  reader: Reader,
  viewerId: ActorId | null,
  choice: TimelineChoice,
  request: PageRequest,
  now: Date,
): Promise<Page<PostRow>> {
  const list = choice.isLocal ? LOCAL : PUBLIC;
  return toPage(
    request,
    await reader.rows<PostRow>(...list(request, [viewerId, now, ...filterValues(choice)])),
  );
}
