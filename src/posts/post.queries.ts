/**
 * Reads of posts: whatever a list needs comes in its one statement, author and viewer's reaction
 * included. Lists elsewhere build on `selectPosts`, so that a post has the same shape everywhere.
 */
import type { ActorRow } from '../actors/actor.queries.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../actors/visibility.js';
import { albumOf, type AlbumWords } from '../media/media-row.js';
import type { PlaceId } from '../places/place.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { AiDisclosure, PostId, PostKind } from './post.entity.js';
import { postListedTo, postVisibleTo } from './visibility.js';

type Prefixed<Prefix extends string, Row> = {
  readonly [Name in keyof Row & string as `${Prefix}${Capitalize<Name>}`]: Row[Name];
};

/** Columns of the author, each with the prefix `author`. */
export type AuthorColumns = Prefixed<'author', ActorRow>;

/** A post as lists show it. */
export interface PostRow extends AuthorColumns {
  readonly id: PostId;
  readonly kind: Exclude<PostKind, 'comment'>;
  readonly uri: string;
  readonly url: string;
  readonly isLocal: boolean;
  /** Of a video, or of a text from elsewhere; null where it has none. */
  readonly title: string | null;
  /** Of a video; null where it has none. */
  readonly category: string | null;
  /** Of a video: whoever sees it may keep a copy. */
  readonly allowsDownload: boolean;
  /** Sanitised HTML. */
  readonly caption: string;
  /** Only for the author. */
  readonly captionSource: string | null;
  readonly language: string | null;
  readonly visibility: Visibility;
  readonly contentWarning: string | null;
  readonly isSensitive: boolean;
  readonly aiDisclosure: AiDisclosure;
  readonly license: string | null;
  readonly commentPolicy: CommentPolicy;
  readonly placeId: PlaceId | null;
  /** In the words of an author on another server. */
  readonly placeName: string | null;
  readonly quotePolicy: QuotePolicy;
  /** The post that it quotes, seen or not; null = none, or detached by its author. */
  readonly quotedPostId: PostId | null;
  readonly publishedAt: Date;
  readonly editedAt: Date | null;
  readonly isPinned: boolean;
  /** Put away by its author, who alone still sees it. */
  readonly isArchived: boolean;
  /** For `readAlbum`; null = none. */
  readonly album: AlbumWords | null;
  readonly reactionCount: number;
  readonly likeCount: number;
  readonly commentCount: number;
  readonly repostCount: number;
  /** The author hides the counters from others, or the viewer wants none of others. */
  readonly hidesCounts: boolean;
  /** The viewer's reaction; null when there is none. */
  readonly viewerReaction: string | null;
  readonly viewerHasReposted: boolean;
  readonly viewerHasBookmarked: boolean;
  /** The viewer blocks somebody or is blocked: counters may hold more than the viewer may see. */
  readonly viewerHasBlocks: boolean;
}

/** Columns of the author for the aliases `author` and `author_counts`. */
export const AUTHOR_COLUMNS = `author.id as "authorId", author.kind as "authorKind", author.username as "authorUsername",
  author.domain as "authorDomain", author.uri as "authorUri", author.url as "authorUrl",
  author.display_name as "authorDisplayName", author.bio_html as "authorBioHtml",
  author.bio_source as "authorBioSource", author.pronouns as "authorPronouns", author.fields as "authorFields", author.payment_links as "authorPaymentLinks",
  author.avatar_media_id as "authorAvatarMediaId", author.header_media_id as "authorHeaderMediaId",
  author.is_locked as "authorIsLocked", author.is_discoverable as "authorIsDiscoverable",
  author.is_indexable as "authorIsIndexable", author.hides_follow_lists as "authorHidesFollowLists",
  author.status as "authorStatus", author.also_known_as as "authorAlsoKnownAs",
  author.moved_to_id as "authorMovedToId", author.joined_at as "authorJoinedAt",
  coalesce(greatest(author_counts.posts, author_counts.remote_posts), 0) as "authorPostCount",
  coalesce(greatest(author_counts.followers, author_counts.remote_followers), 0) as "authorFollowerCount",
  coalesce(greatest(author_counts.following, author_counts.remote_following), 0) as "authorFollowingCount"`;

/** Joins that `AUTHOR_COLUMNS` needs; `alias` is that of `posts`. */
export function joinAuthor(alias: string): string {
  return `join actors author on author.id = ${alias}.author_id
    left join actor_counts author_counts on author_counts.actor_id = author.id`;
}

/** True when the viewer blocks anybody or is blocked; evaluated once per statement. */
export function hasBlocks(viewer: string): string {
  return `(exists (select from blocks where blocker_id = ${viewer}) or exists (select from blocks where blocked_id = ${viewer}))`;
}

// With the post, not by a statement of its own: hardly anybody asks for posts without their pictures.
const ALBUM = albumOf('p.id');

// Asked once per statement.
function hidesOthersCounts(viewer: string): string {
  return `exists (select from accounts where actor_id = ${viewer} and settings->>'hideOthersCounts' = 'true')`;
}

/**
 * `select … from …` of posts (alias `p`) with author (alias `author`), up to where the conditions begin.
 *
 * @param viewer SQL expression of the viewer's actor id, null = anonymous
 * @param source what follows `from` and brings the alias `p`
 * @param more further columns
 */
export function selectPosts(
  viewer: string,
  source = 'posts p',
  more: readonly string[] = [],
): string {
  const columns = more.map((column) => `, ${column}`).join('');
  return `select p.id, p.kind, p.uri, p.url, p.is_local as "isLocal", p.title, p.category, p.allows_download as "allowsDownload", p.content_html as caption,
    case when p.author_id = ${viewer} then p.content_source end as "captionSource", p.language, p.visibility,
    p.content_warning as "contentWarning", p.is_sensitive as "isSensitive", p.ai_disclosure as "aiDisclosure",
    p.license, p.comment_policy as "commentPolicy", p.quote_policy as "quotePolicy",
    case when p.quote_detached_at is null then p.quoted_id end as "quotedPostId", p.place_id as "placeId", p.place_name as "placeName", p.published_at as "publishedAt", p.edited_at as "editedAt",
    p.pinned_at is not null as "isPinned", p.archived_at is not null as "isArchived",
    ${ALBUM} as album,
    coalesce(greatest(counts.reactions, counts.remote_likes), 0) as "reactionCount",
    coalesce(greatest(counts.likes, counts.remote_likes), 0) as "likeCount",
    coalesce(greatest(counts.comments, counts.remote_comments), 0) as "commentCount",
    coalesce(greatest(counts.reposts, counts.remote_reposts), 0) as "repostCount",
    p.author_id is distinct from ${viewer} and (exists (select from accounts
      where actor_id = p.author_id and settings->>'hideCounts' = 'true') or ${hidesOthersCounts(viewer)}) as "hidesCounts",
    (select content from reactions where post_id = p.id and actor_id = ${viewer}) as "viewerReaction",
    exists (select from reposts where post_id = p.id and actor_id = ${viewer}) as "viewerHasReposted",
    exists (select from bookmarks where post_id = p.id and owner_id = ${viewer}) as "viewerHasBookmarked",
    ${hasBlocks(viewer)} as "viewerHasBlocks", ${AUTHOR_COLUMNS}${columns}
  from ${source} ${joinAuthor('p')} left join post_counts counts on counts.post_id = p.id`;
}

const KNOWN = { authorStatus: 'author.status' };

/** The rule of visibility for lists made with `selectPosts`: without what authors put away. */
export function selectedVisibleTo(viewer: string): string {
  return postListedTo('p', viewer, KNOWN);
}

const BY_IDS = statement(
  'posts.by_ids',
  `${selectPosts('$2::uuid')} where p.id = any($1::uuid[]) and p.kind <> 'comment' and ${postVisibleTo('p', '$2::uuid', KNOWN)}`,
);
const BY_URL = statement(
  'posts.by_url',
  `${selectPosts('$2::uuid')} where (p.uri = $1 or p.url = $1) and p.kind <> 'comment' and ${postVisibleTo('p', '$2::uuid', KNOWN)} limit 1`,
);

/** Posts that the viewer sees, by id, in no particular order; all others are left out. */
export function findPosts(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<PostRow[]> {
  return reader.rows<PostRow>(BY_IDS, [ids, viewerId]);
}

/** A post that the viewer sees, by its federated identity or its page. */
export function findPostByUrl(
  reader: Reader,
  url: string,
  viewerId: ActorId | null,
): Promise<PostRow | null> {
  return reader.row<PostRow>(BY_URL, [url, viewerId]);
}
