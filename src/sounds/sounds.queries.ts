/** Reads of sounds, and of the videos in which they are heard. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaAccess, MediaId } from '../media/media.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { firstIdAt } from '../platform/ids.js';
import { batchedPage } from '../posts/page-sql.js';
import type { PostId } from '../posts/post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from '../posts/post.queries.js';
import { postListedTo, postVisibleTo } from '../posts/visibility.js';
import type { SoundId, SoundSource } from './sound.js';

/** The video in which a sound was first heard, as far as the viewer sees it. */
export interface SoundOrigin {
  readonly postId: PostId;
  readonly authorId: ActorId;
  /** Where the sound is to be had; null = nowhere any more. */
  readonly mediaId: MediaId | null;
  readonly access: MediaAccess | null;
  /** Name and type of the rendition with the sound, in one word each; null = none. */
  readonly rendition: string | null;
}

/** A sound as lists show it. */
export interface SoundRow {
  readonly id: SoundId;
  /** As its author named it; null = not named. */
  readonly title: string | null;
  readonly durationMs: number;
  /** Peaks, 0 to 100. */
  readonly waveform: readonly number[];
  /** Null when the viewer does not see it, or it is gone. */
  readonly origin: SoundOrigin | null;
}

/** The sound of a video. */
export interface SoundUse {
  readonly postId: PostId;
  readonly soundId: SoundId;
  readonly source: SoundSource;
}

/** Uses are counted up to here: the exact number of a very popular sound would cost more than it says. */
export const COUNTED_USES = 10_000;

/** Of a sound whose origin the viewer does not see: the newest uses among which one must be that they see. */
const USES_LOOKED_AT = 100;

const ORIGIN = `(select json_build_object('postId', o.id, 'authorId', o.author_id, 'mediaId', m.id, 'access', m.access,
    'rendition', (select r.name || ' ' || r.mime_type from renditions r
      where r.media_id = m.id and r.name in ('audio', 'mp4') order by r.name limit 1))
  from posts o left join post_media part on part.post_id = o.id
    left join media m on m.id = part.media_id and m.deleted_at is null
  where o.id = s.origin_id and ${postVisibleTo('o', '$2::uuid')} order by part.position limit 1)`;

// A sound is nobody's business who sees none of the videos in which it is heard.
const IS_HEARD = `exists (select from (select post_id from sound_uses where sound_id = s.id
    order by post_id desc limit ${USES_LOOKED_AT}) used
  join posts p on p.id = used.post_id where ${postListedTo('p', '$2::uuid')})`;

const BY_IDS = statement(
  'sounds.by_ids',
  `select id, title, "durationMs", waveform, origin from (
     select s.id, s.title, s.duration_ms as "durationMs", s.waveform, ${ORIGIN} as origin, ${IS_HEARD} as is_heard
     from sounds s where s.id = any($1::uuid[])) found
   where origin is not null or is_heard`,
);
const OF_POSTS = statement(
  'sounds.of_posts',
  `select post_id as "postId", sound_id as "soundId", source from sound_uses where post_id = any($1::uuid[])`,
);
const VIDEOS = batchedPage('sounds.videos', {
  select: `${selectPosts('$4::uuid', 'sound_uses used join posts p on p.id = used.post_id')}
    where used.sound_id = owner.id and ${selectedVisibleTo('$4::uuid')}`,
  key: 'used.post_id',
});
const COUNTS = statement(
  'sounds.counts',
  `select owner.id, (select count(*)::int from (
     select from sound_uses used join posts p on p.id = used.post_id
     where used.sound_id = owner.id and ${postListedTo('p', '$2::uuid')} limit ${COUNTED_USES}) counted) as count
   from unnest($1::uuid[]) as owner(id)`,
);

/** Sounds of videos that the viewer sees, by id, in no particular order; all others are left out. */
export async function findSounds(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<SoundRow[]> {
  const rows = await reader.rows<SoundRow>(BY_IDS, [ids, viewerId]);
  // A name may say who made it.
  return rows.map((row) => (row.origin ? row : { ...row, title: null }));
}

/** The sounds of posts, as far as they have one. */
export function findSoundUses(reader: Reader, postIds: readonly string[]): Promise<SoundUse[]> {
  return reader.rows<SoundUse>(OF_POSTS, [postIds]);
}

/** A page of the videos in which each of several sounds is heard, the newest first. */
export function findVideosWithSounds(
  reader: Reader,
  ids: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<(PostRow & { ownerId: SoundId })[]> {
  return reader.rows(...VIDEOS(ids, request, [viewerId]));
}

/** In how many videos each sound is heard, as far as the viewer sees them. */
export function countSoundUses(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<{ id: SoundId; count: number }[]> {
  return reader.rows(COUNTS, [ids, viewerId]);
}

/** How much a sound was used in a time. */
export interface SoundTrend {
  readonly soundId: SoundId;
  /** Videos of that time in which it is heard and which everybody sees. */
  readonly uses: number;
  /** Different people who published them. */
  readonly authors: number;
}

/** Videos of a time that are looked at, the newest first. */
const TREND_USES = 20_000;

// Ids tell when a post was published, so that the time is a range of the primary key.
const TRENDS = statement(
  'sounds.trends',
  `select used.sound_id as "soundId", count(*)::int as uses, count(distinct p.author_id)::int as authors
   from (select post_id, sound_id from sound_uses where post_id >= $1 and post_id < $2
     order by post_id desc limit ${TREND_USES}) used
   join posts p on p.id = used.post_id join sounds s on s.id = used.sound_id join posts o on o.id = s.origin_id
   where p.visibility = 'PUBLIC' and ${postListedTo('p', 'null::uuid')}
     and o.visibility in ('PUBLIC', 'UNLISTED') and ${postListedTo('o', 'null::uuid')}
   group by used.sound_id order by authors desc, uses desc, used.sound_id desc limit $3`,
);

/**
 * What was heard most from one instant until another: sounds by the number of people who published public videos with
 * them. Only sounds whose origin everybody sees. Looks at the newest 20,000 uses of that time.
 */
export function findSoundTrends(
  reader: Reader,
  { since, until, limit }: { since: Date; until: Date; limit: number },
): Promise<SoundTrend[]> {
  return reader.rows<SoundTrend>(TRENDS, [firstIdAt(since), firstIdAt(until), limit]);
}
