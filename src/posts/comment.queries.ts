/** Reads of comments, shaped as lists need them: author and viewer's reaction included. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import type { PageRequest } from '../platform/db/page.js';
import type { CommentVisibility } from './comment-visibility.js';
import { statement, type Reader } from '../platform/db/database.js';
import { notFiltered } from './filtered.js';
import { batchedPage } from './page-sql.js';
import type { CommentId, PostId } from './post.entity.js';
import { AUTHOR_COLUMNS, hasBlocks, joinAuthor, type AuthorColumns } from './post.queries.js';
import { commentVisibleTo, visibleTo } from './visibility.js';

/** A comment as lists show it. */
export interface CommentRow extends AuthorColumns {
  readonly id: CommentId;
  readonly postId: PostId;
  readonly postAuthorId: ActorId;
  readonly parentId: CommentId | null;
  readonly uri: string;
  readonly url: string;
  readonly isLocal: boolean;
  readonly visibility: CommentVisibility;
  /** Sanitised HTML. */
  readonly content: string;
  /** Only for the author. */
  readonly contentSource: string | null;
  readonly language: string | null;
  readonly contentWarning: string | null;
  readonly isSensitive: boolean;
  readonly publishedAt: Date;
  readonly editedAt: Date | null;
  readonly storedLikes: number;
  readonly storedReplies: number;
  /** Place in the order TOP: seconds, the greatest first. */
  readonly topRank: number;
  /** The viewer's reaction; null when there is none. */
  readonly viewerReaction: string | null;
  readonly viewerHasBlocks: boolean;
  readonly isPinned: boolean;
  /** The author of the post hid it, or one above it. */
  readonly isHidden: boolean;
}

/** Orders of comments. */
export const COMMENT_SORTS = {
  TOP: 'Likes and newness together, the greatest `seconds(publishedAt) + 45,000 × log10(1 + likes)` first, with seconds since 1970: ten times as many likes weigh as much as twelve and a half hours. Nothing else counts.',
  NEWEST: 'The newest first.',
  OLDEST: 'The oldest first.',
} as const;

/** One of the orders. */
export type CommentSort = keyof typeof COMMENT_SORTS;

function selectComments(viewer: string): string {
  return `select c.id, c.root_id as "postId", root.author_id as "postAuthorId", c.parent_id as "parentId", c.uri, c.url,
    c.is_local as "isLocal", coalesce(c.narrowed_to, 'AS_POST') as visibility, c.content_html as content,
    case when c.author_id = ${viewer} then c.content_source end as "contentSource", c.language,
    c.content_warning as "contentWarning", c.is_sensitive as "isSensitive", c.published_at as "publishedAt", c.edited_at as "editedAt",
    greatest(counts.likes, counts.remote_likes) as "storedLikes",
    greatest(counts.replies, counts.remote_comments) as "storedReplies", counts.top_rank as "topRank",
    (select content from reactions where post_id = c.id and actor_id = ${viewer}) as "viewerReaction",
    ${hasBlocks(viewer)} as "viewerHasBlocks", c.hidden_through is not null as "isHidden",
    exists (select from pinned_comments where comment_id = c.id) as "isPinned", ${AUTHOR_COLUMNS}
  from posts c join posts root on root.id = c.root_id ${joinAuthor('c')} join post_counts counts on counts.post_id = c.id`;
}

const SEEN = { authorStatus: 'author.status' };

const BY_IDS = statement(
  'comments.by_ids',
  `${selectComments('$2::uuid')} where c.id = any($1::uuid[]) and c.kind = 'comment' and ${visibleTo('c', '$2::uuid', SEEN)}`,
);

const notFilteredAt = (viewer: string, now: string): string =>
  notFiltered('c', { viewer, now }, 'COMMENTS');
const firstLevel = (
  now: string,
): string => `${selectComments('$4::uuid')} where c.kind = 'comment' and c.root_id = owner.id and c.parent_id is null
  and ${commentVisibleTo('c', '$4::uuid', SEEN)} and ${notFilteredAt('$4::uuid', now)}`;
const NEWEST = batchedPage('comments.newest', {
  select: firstLevel('$5::timestamptz'),
  key: 'c.id',
});
const REPLIES = batchedPage('comments.replies', {
  select: `${selectComments('$4::uuid')} where c.kind = 'comment' and c.parent_id = owner.id and ${commentVisibleTo('c', '$4::uuid', SEEN)}
    and ${notFilteredAt('$4::uuid', '$5::timestamptz')}`,
  key: 'c.id',
});
const PINNED = statement(
  'comments.pinned',
  `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
    ${selectComments('$2::uuid')} join pinned_comments pin on pin.comment_id = c.id
    where pin.post_id = owner.id and ${commentVisibleTo('c', '$2::uuid', SEEN)} and ${notFilteredAt('$2::uuid', '$3::timestamptz')}
    order by pin.pinned_at desc, pin.comment_id desc) page`,
);
const TOP = bothWays({
  name: 'comments.top',
  order: 'desc',
  lowest: ['-Infinity', LOWEST_ID],
  highest: ['Infinity', HIGHEST_ID],
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as owner(id) cross join lateral (
      ${firstLevel('$6::timestamptz')} and counts.root_id = owner.id
        and (counts.top_rank, counts.post_id) ${beyond} ($2::float8, $3::uuid)
      order by counts.top_rank ${order}, counts.post_id ${order} limit $5) page`,
});

/** Comments that the viewer sees, by id, in no particular order; all others are left out. */
export function findComments(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<CommentRow[]> {
  return reader.rows<CommentRow>(BY_IDS, [ids, viewerId]);
}

/** A comment in a page, with the post or comment that it stands under. */
export type CommentOfOwner = CommentRow & { readonly ownerId: string };

/** A page of first-level comments of each of several posts, which the viewer is known to see. */
export function findCommentsOfPosts(
  reader: Reader,
  postIds: readonly string[],
  sort: CommentSort,
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<CommentOfOwner[]> {
  if (sort === 'TOP') {
    const { query, from } = TOP(request);
    const values = [postIds, ...from, viewerId, request.size + 1, now];
    return reader.rows<CommentOfOwner>(query, values);
  }
  const walked = sort === 'NEWEST' ? request : { ...request, isBackward: !request.isBackward };
  return reader.rows<CommentOfOwner>(...NEWEST(postIds, walked, [viewerId, now]));
}

/** Pinned comments of posts that the viewer is known to see; of each the last pinned first. */
export function findPinnedComments(
  reader: Reader,
  postIds: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<CommentOfOwner[]> {
  return reader.rows<CommentOfOwner>(PINNED, [postIds, viewerId, now]);
}

/** A page of answers to each of several comments, which the viewer is known to see; the oldest first. */
export function findReplies(
  reader: Reader,
  commentIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
  now: Date,
): Promise<CommentOfOwner[]> {
  const walked = { ...request, isBackward: !request.isBackward };
  return reader.rows<CommentOfOwner>(...REPLIES(commentIds, walked, [viewerId, now]));
}
