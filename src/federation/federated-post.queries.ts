/** Local posts and comments with everything that their federated form says. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../actors/visibility.js';
import type { RemixParts } from './documents/remix-document.js';
import type { QuoteParts } from './documents/quote-document.js';
import type { DrawnEmoji } from '../emojis/emojis.queries.js';
import { albumOf, readAlbum, type AlbumWords, type MediaRow } from '../media/media-row.js';
import { statement, type Reader } from '../platform/db/database.js';
import { viewsToldOf } from '../playback/playback.queries.js';
import { emojisUsedInEach } from './used-emojis.queries.js';
import type { Narrowing } from '../posts/comment-visibility.js';
import type { AiDisclosure, CommentId, PostId, PostKind } from '../posts/post.entity.js';
import { postListedTo } from '../posts/visibility.js';

/** Somebody who is named in a text. */
export interface MentionedActor {
  readonly uri: string;
  readonly username: string;
  /** Null for a local one. */
  readonly domain: string | null;
}

/** A post or comment of this server. */
export interface FederatedPost {
  readonly id: PostId | CommentId;
  readonly kind: PostKind;
  readonly uri: string;
  readonly url: string;
  readonly authorId: ActorId;
  readonly authorUri: string;
  readonly authorUsername: string;
  readonly authorIsLocked: boolean;
  /** Of a video, as the next two; null where it has none. */
  readonly title: string | null;
  readonly category: string | null;
  readonly allowsDownload: boolean;
  readonly contentHtml: string;
  readonly contentSource: string | null;
  readonly language: string | null;
  /** Of a comment that of its post, unless it is for fewer people. */
  readonly visibility: Visibility;
  /** Of a comment: the fewer people whom it is for; null = whoever sees its post, or a post. */
  readonly narrowedTo: Narrowing | null;
  readonly contentWarning: string | null;
  readonly isSensitive: boolean;
  readonly commentPolicy: CommentPolicy;
  readonly quotePolicy: QuotePolicy;
  readonly license: string | null;
  readonly aiDisclosure: AiDisclosure;
  /** Where the author of what a comment answers lets it stand; null for a post, and as long as nobody said so. */
  readonly approval: {
    readonly uri: string;
    /** It is PeerTube's ApproveReply itself. */
    readonly isActivity: boolean;
  } | null;
  readonly publishedAt: Date;
  readonly editedAt: Date | null;
  readonly isDeleted: boolean;
  readonly isArchived: boolean;
  /** When it was deleted, removed or archived, or its post was deleted; null = it is there. */
  readonly goneAt: Date | null;
  /** What a comment answers: a comment, or the post. Null for a post. */
  readonly inReplyTo: string | null;
  /** Author of what a comment answers; null for a post. */
  readonly answeredUri: string | null;
  /** Author of the post under which a comment stands; null for a post. */
  readonly rootAuthorId: ActorId | null;
  readonly rootAuthorUri: string | null;
  /** Collection of that author's followers; null for a post, and where there is none. */
  readonly rootFollowersUri: string | null;
  /** Who is named in that post. */
  readonly rootMentionUris: readonly string[];
  readonly place: {
    readonly name: string;
    readonly latitude: number;
    readonly longitude: number;
  } | null;
  readonly likeCount: number;
  /** Of a video; 0 for all else. */
  readonly viewCount: number;
  readonly repostCount: number;
  /** Its author shows the counters to nobody. */
  readonly hidesCounts: boolean;
  /** What it quotes; null = nothing, or no longer. */
  readonly quote: (QuoteParts & { readonly isLocal: boolean }) | null;
  /** What it is made of; null = it is no remix, or of nothing that everybody still sees. */
  readonly remix: RemixParts | null;
  readonly media: readonly MediaRow[];
  readonly mentions: readonly MentionedActor[];
  /**
   * Whom a comment is for beside those whom its text names: who wrote what it answers, and everybody for whom its post is
   * where that is for named people. None for a post.
   */
  readonly addressed: readonly MentionedActor[];
  /** As they were first written, without #. */
  readonly hashtags: readonly { readonly name: string; readonly displayName: string }[];
  /** That text and content warning write. */
  readonly emojis: readonly DrawnEmoji[];
}

/** A comment for whoever sees a post that is for named people. */
const IS_FOR_NAMED = `root.visibility = 'MENTIONED' and p.narrowed_to is null`;

const FIND = statement(
  'federation.posts',
  `select p.id, p.kind, p.uri, p.url, p.author_id as "authorId", author.uri as "authorUri",
     author.username as "authorUsername", author.is_locked as "authorIsLocked", p.title, p.category,
     p.allows_download as "allowsDownload",
     p.content_html as "contentHtml", p.content_source as "contentSource", p.language,
     case when root.visibility = 'LOCAL' then 'LOCAL' else coalesce(p.narrowed_to, root.visibility, p.visibility) end as visibility,
     p.narrowed_to as "narrowedTo", p.content_warning as "contentWarning",
     p.is_sensitive as "isSensitive", p.comment_policy as "commentPolicy", p.quote_policy as "quotePolicy",
     p.license, p.ai_disclosure as "aiDisclosure", (select json_build_object('uri', stamp.uri, 'isActivity', stamp.is_activity) from quote_authorizations stamp
       where stamp.quoting_uri = p.uri and stamp.quoted_uri = answered.uri) as approval,
     p.published_at as "publishedAt", p.edited_at as "editedAt",
     p.deleted_at is not null or root.deleted_at is not null as "isDeleted",
     p.archived_at is not null as "isArchived", coalesce(p.deleted_at, root.deleted_at, p.archived_at) as "goneAt",
     root.author_id as "rootAuthorId", root_author.uri as "rootAuthorUri",
     case when root_author.domain is null then root_author.uri || '/followers' else root_remote.followers_uri end as "rootFollowersUri",
     array(select a.uri from post_mentions m join actors a on a.id = m.actor_id where m.post_id = root.id) as "rootMentionUris", answered.uri as "inReplyTo", answered_author.uri as "answeredUri",
     coalesce(counts.likes, 0) as "likeCount", coalesce(counts.reposts, 0) as "repostCount",
     case when p.kind = 'video' then ${viewsToldOf('p.id')} else 0 end as "viewCount",
     exists (select from accounts where actor_id = p.author_id and settings->>'hideCounts' = 'true') as "hidesCounts",
     (select json_build_object('name', places.name, 'latitude', latitude, 'longitude', longitude)
       from places where places.id = p.place_id) as place,
     (select json_build_object('uri', quoted.uri, 'url', quoted.url, 'isLocal', quoted.is_local, 'authorizationUri', stamp.uri)
       from posts quoted left join quote_authorizations stamp on stamp.quoting_uri = p.uri and stamp.quoted_uri = quoted.uri
       where quoted.id = p.quoted_id and p.quote_detached_at is null and quoted.deleted_at is null) as quote,
     (select json_build_object('kind', r.kind, 'uri', o.uri, 'username', maker.username)
       from post_media part join remixes r on r.media_id = part.media_id join posts o on o.id = r.original_id join actors maker on maker.id = o.author_id
       where part.post_id = p.id and r.detached_at is null and o.visibility in ('PUBLIC', 'UNLISTED')
         and ${postListedTo('o', 'null::uuid')} limit 1) as remix,
     ${albumOf('p.id')} as album,
     (select coalesce(json_agg(json_build_object('uri', a.uri, 'username', a.username, 'domain', a.domain) order by a.id), '[]')
       from post_mentions named join actors a on a.id = named.actor_id where named.post_id = p.id) as mentions,
     (select coalesce(json_agg(json_build_object('uri', a.uri, 'username', a.username, 'domain', a.domain) order by a.id), '[]')
       from (select answered.author_id as id union select root.author_id where ${IS_FOR_NAMED}
           union select m.actor_id from post_mentions m where m.post_id = root.id and ${IS_FOR_NAMED}) one
         join actors a on a.id = one.id
       where a.id <> p.author_id and not exists (select from post_mentions named where named.post_id = p.id and named.actor_id = a.id)
     ) as addressed,
     (select coalesce(json_agg(json_build_object('name', h.name, 'displayName', h.display_name) order by h.name), '[]')
       from post_hashtags used join hashtags h on h.id = used.hashtag_id where used.post_id = p.id) as hashtags
   from posts p join actors author on author.id = p.author_id
     left join post_counts counts on counts.post_id = p.id
     left join posts root on root.id = p.root_id
     left join actors root_author on root_author.id = root.author_id
     left join remote_actors root_remote on root_remote.actor_id = root.author_id
     left join posts answered on answered.id = coalesce(p.parent_id, p.root_id)
     left join actors answered_author on answered_author.id = answered.author_id
   where p.id = any($1::uuid[]) and p.is_local`,
);

/** One of this server's own; null for all others. Deleted ones are there, without what they said. */
export async function findFederatedPost(reader: Reader, id: string): Promise<FederatedPost | null> {
  return (await findFederatedPosts(reader, [id]))[0] ?? null;
}

/** As `findFederatedPost`, for several at once, in no particular order. */
export async function findFederatedPosts(
  reader: Reader,
  ids: readonly string[],
): Promise<FederatedPost[]> {
  type Stored = Omit<FederatedPost, 'media' | 'emojis'> & {
    readonly album: AlbumWords | null;
  };
  const rows = await reader.rows<Stored>(FIND, [ids]);
  const texts = rows.map(({ contentHtml, contentWarning }) => [contentHtml, contentWarning]);
  const emojis = await emojisUsedInEach(reader, texts);
  return rows.map(({ album, ...row }, index) => ({
    ...row,
    media: readAlbum(album),
    emojis: emojis[index]!,
  }));
}
