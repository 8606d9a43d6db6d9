/** What somebody published, in pages, with everything that an ActivityStreams object of it names. */
import { statement, type Reader, type Statement } from '../../platform/db/database.js';
import type { Visibility } from '../../actors/visibility.js';
import { visibleTo } from '../../posts/visibility.js';
import { LIKE } from '../../posts/reaction-content.js';
import type { RemixPolicyChoice } from '../../posts/remix-policies.js';

/** A picture or video of a post. */
export interface ArchivedMedia {
  readonly id: string;
  readonly mimeType: string;
  readonly altText: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly blurhash: string | null;
  readonly focalX: number;
  readonly focalY: number;
  /** Length of a video in milliseconds; null when not known, and for pictures. */
  readonly durationMs: number | null;
  /** As it was uploaded, or the best that is left of a video; null when the file is not kept any more. */
  readonly originalKey: string | null;
}

/** A post or comment. */
export interface ArchivedPost {
  readonly id: string;
  /** When it was published, as text: a Date would lose microseconds. */
  readonly position: string;
  readonly uri: string;
  readonly url: string;
  readonly contentHtml: string;
  readonly contentSource: string | null;
  /** Of a video, as the next five; null where it has none. */
  readonly title: string | null;
  readonly category: string | null;
  readonly allowsDownload: boolean;
  readonly isVideo: boolean;
  /** What its author called its own sound; null = nothing, or the sound of another video. */
  readonly soundTitle: string | null;
  /** Who may make what of it, as far as its author said so for it alone. */
  readonly remixPolicies: RemixPolicyChoice | null;
  readonly language: string | null;
  readonly visibility: Visibility;
  readonly contentWarning: string | null;
  readonly isSensitive: boolean;
  readonly publishedAt: Date;
  readonly editedAt: Date | null;
  /** Of a comment: what it answers. */
  readonly inReplyTo: string | null;
  readonly quotedUri: string | null;
  readonly place: {
    readonly name: string;
    readonly latitude: number;
    readonly longitude: number;
  } | null;
  readonly media: readonly ArchivedMedia[];
  readonly mentions: readonly {
    readonly uri: string;
    readonly username: string;
    readonly domain: string | null;
  }[];
  readonly hashtags: readonly string[];
}

/** A repost. */
export interface ArchivedRepost {
  readonly id: string;
  readonly uri: string;
  readonly createdAt: Date;
}

const PAGE = 100;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const MP4 = `(select r.storage_key from renditions r where r.media_id = m.id and r.name = 'mp4' and m.kind = 'video')`;

/** Where the best file of `media m` is kept, and its type. */
export const BEST_KEY = `coalesce(m.original_key, ${MP4})`;

/** Its type. */
export const BEST_TYPE = `case when m.original_key is null and m.kind = 'video' then 'video/mp4' else m.mime_type end`;

/** Columns of `media m` as an attachment names them. */
export const MEDIA_COLUMNS = `'id', m.id, 'mimeType', ${BEST_TYPE}, 'altText', m.alt_text, 'width', m.width,
  'height', m.height, 'blurhash', m.blurhash, 'focalX', m.focal_x, 'focalY', m.focal_y, 'originalKey', ${BEST_KEY},
  'durationMs', (m.video ->> 'durationMs')::float8`;

const POSTS = statement(
  'export.posts',
  `select p.id, p.published_at::text as position, p.uri, p.url, p.content_html as "contentHtml", p.content_source as "contentSource", p.language,
     p.title, p.category, p.allows_download as "allowsDownload", p.kind = 'video' as "isVideo",
     (select s.title from sounds s where s.origin_id = p.id) as "soundTitle",
     (select jsonb_build_object('duet', chosen.duet, 'stitch', chosen.stitch, 'sound', chosen.sound)
       from remix_policies chosen where chosen.post_id = p.id) as "remixPolicies",
     coalesce(p.narrowed_to, p.visibility) as visibility, p.content_warning as "contentWarning", p.is_sensitive as "isSensitive",
     p.published_at as "publishedAt", p.edited_at as "editedAt",
     (select above.uri from posts above where above.id = coalesce(p.parent_id, p.root_id)) as "inReplyTo",
     (select quoted.uri from posts quoted where quoted.id = p.quoted_id and p.quote_detached_at is null) as "quotedUri",
     (select jsonb_build_object('name', places.name, 'latitude', latitude, 'longitude', longitude)
       from places where places.id = p.place_id) as place,
     coalesce((select jsonb_agg(jsonb_build_object(${MEDIA_COLUMNS}) order by pm.position)
       from post_media pm join media m on m.id = pm.media_id where pm.post_id = p.id), '[]') as media,
     coalesce((select jsonb_agg(jsonb_build_object('uri', a.uri, 'username', a.username, 'domain', a.domain) order by a.id)
       from post_mentions pm join actors a on a.id = pm.actor_id where pm.post_id = p.id), '[]') as mentions,
     coalesce((select jsonb_agg(h.display_name order by h.name)
       from post_hashtags ph join hashtags h on h.id = ph.hashtag_id where ph.post_id = p.id), '[]') as hashtags
   from posts p where p.author_id = $1 and p.deleted_at is null
     and (p.published_at, p.id) > ($2::timestamptz, $3::uuid) order by p.published_at, p.id limit ${PAGE}`,
);
const REPOSTS = statement(
  'export.reposts',
  `select r.id, p.uri, r.created_at as "createdAt" from reposts r join posts p on p.id = r.post_id
   where r.actor_id = $1 and r.id > $2 and ${visibleTo('p', '$1::uuid')} order by r.id limit ${PAGE}`,
);
const REACTIONS = statement(
  'export.reactions',
  `select r.id, p.uri, r.content from reactions r join posts p on p.id = r.post_id
   where r.actor_id = $1 and r.id > $2 and ${visibleTo('p', '$1::uuid')} order by r.id limit ${PAGE}`,
);
const BOOKMARKS = statement(
  'export.bookmarked',
  `select b.id, p.uri from bookmarks b join posts p on p.id = b.post_id
   where b.owner_id = $1 and b.id > $2 and ${visibleTo('p', '$1::uuid')} order by b.id limit ${PAGE}`,
);

/** Posts and comments, oldest first; those that were put away too. */
export async function* archivedPosts(
  reader: Reader,
  actorId: string,
): AsyncGenerator<ArchivedPost> {
  let last = { position: '-infinity', id: BEFORE_ALL };
  for (;;) {
    const rows = await reader.rows<ArchivedPost>(POSTS, [actorId, last.position, last.id]);
    yield* rows;
    if (rows.length < PAGE) return;
    last = rows.at(-1)!;
  }
}

/** Reposts of what is still there, oldest first. */
export function archivedReposts(reader: Reader, actorId: string): AsyncGenerator<ArchivedRepost> {
  return pagesOf<ArchivedRepost>(reader, REPOSTS, actorId);
}

/** Likes of what the person still sees, oldest first. */
export async function* archivedLikes(reader: Reader, actorId: string): AsyncGenerator<string> {
  for await (const { uri, content } of reactionsOf(reader, actorId))
    if (content === LIKE) yield uri;
}

/** Reactions with another emoji than the like, oldest first. */
export async function* archivedReactions(
  reader: Reader,
  actorId: string,
): AsyncGenerator<{ uri: string; content: string }> {
  for await (const reaction of reactionsOf(reader, actorId))
    if (reaction.content !== LIKE) yield reaction;
}

/** Bookmarks of what the person still sees, oldest first. */
export async function* archivedBookmarks(reader: Reader, actorId: string): AsyncGenerator<string> {
  for await (const { uri } of pagesOf<{ id: string; uri: string }>(reader, BOOKMARKS, actorId))
    yield uri;
}

const reactionsOf = (reader: Reader, actorId: string) =>
  pagesOf<{ id: string; uri: string; content: string }>(reader, REACTIONS, actorId);

/** Rows of a statement with $1 the actor and $2 the id behind which its hundred rows begin. */
export async function* pagesOf<Row extends { readonly id: string }>(
  reader: Reader,
  query: Statement,
  actorId: string,
): AsyncGenerator<Row> {
  let after = BEFORE_ALL;
  for (;;) {
    const rows = await reader.rows<Row>(query, [actorId, after]);
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}
