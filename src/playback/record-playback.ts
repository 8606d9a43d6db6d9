/** Remembering what somebody watched, and how far. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from '../posts/post.entity.js';
import { viewerSettings } from '../posts/viewer-settings.js';
import { postVisibleTo } from '../posts/visibility.js';

/** One playback of one post, as far as it has come. */
export interface PlaybackEntry {
  readonly postId: PostId;
  /** Names the playback, so that what is told of it again counts once; null = all of a day are one. */
  readonly playbackKey: string | null;
  /** Of this playback altogether. */
  readonly watchedMs: number;
  readonly isCompleted: boolean;
  /** Where it stands; null = not told. */
  readonly positionMs: number | null;
}

/** Most entries of one call. */
export const ENTRIES_AT_ONCE = 50;
/** Longest name of a playback. */
export const KEY_LENGTH = 64;
/** Most playbacks of one post by one viewer that count on one day. */
const PLAYS_A_DAY = 20;
/** What one playback counts at most. */
const LONGEST_MS = 6 * 3_600_000;

const RECORD_LIMIT = { name: 'record_playback', points: 6, windowSeconds: 60, failsClosed: false };

// Of several entries about one post the last is where the viewer is. In one order, so that two calls at once do not wait
// for each other in a circle; the lock passes over what is deleted meanwhile.
const REMEMBER = statement(
  'playback.remember',
  `insert into playback_history as known (actor_id, post_id, first_seen_at, last_seen_at, position_ms, is_completed)
   select $1, p.id, $5, $5, latest.position_ms, latest.is_completed
   from (select distinct on (post_id) * from unnest($2::uuid[], $3::int[], $4::boolean[]) with ordinality
       as entry (post_id, position_ms, is_completed, place) order by post_id, place desc) latest
     join posts p on p.id = latest.post_id
   where p.kind <> 'comment' and ${postVisibleTo('p', '$1::uuid')}
   order by p.id for key share of p
   on conflict (actor_id, post_id) do update set last_seen_at = excluded.last_seen_at,
     position_ms = case when excluded.is_completed then null else coalesce(excluded.position_ms, known.position_ms) end,
     is_completed = known.is_completed or excluded.is_completed
   returning post_id as "postId"`,
);

// A playback that began yesterday goes on counting there. What somebody says to have watched counts up to the length of
// the video, and from the second time on no more than time has passed since the one before.
const COUNT_PLAYS = statement(
  'playback.count_plays',
  `with told as (
     select post_id, key, max(watched_ms) as watched_ms, bool_or(is_completed) as is_completed
     from unnest($2::uuid[], $3::text[], $4::int[], $5::boolean[]) as entry (post_id, key, watched_ms, is_completed)
     group by post_id, key),
   placed as (
     select told.*, coalesce((select v.day from viewings v where v.actor_id = $1 and v.post_id = told.post_id
       and v.day = $6::date - 1 and v.plays ? told.key and told.key <> ''), $6::date) as day from told),
   merged as (
     select placed.post_id, placed.day, jsonb_object_agg(placed.key, placed.watched_ms) as plays, bool_or(placed.is_completed) as is_completed
     from placed group by placed.post_id, placed.day),
   saved as (insert into viewings as known (actor_id, post_id, day, plays, watched_ms, is_completed, is_follower, told_at)
   select $1, p.id, merged.day, kept.plays,
     case when former.actor_id is null then least(kept.watched_ms, length.ms)
       when kept.plays = former.plays then former.watched_ms
       else least(kept.watched_ms, former.watched_ms + passed.ms) end,
     merged.is_completed,
     exists (select from follows where follower_id = $1 and followee_id = p.author_id and state = 'ACCEPTED'), $7
   from merged join posts p on p.id = merged.post_id
     left join viewings former on former.actor_id = $1 and former.post_id = p.id and former.day = merged.day
     cross join lateral (select least(${LONGEST_MS}, coalesce(nullif(greatest(0, (
         select max((m.video->>'durationMs')::numeric) from post_media part join media m on m.id = part.media_id
         where part.post_id = p.id)), 0), ${LONGEST_MS}))::int as ms) length
     cross join lateral (select least(${LONGEST_MS}, greatest(0, extract(epoch from $7::timestamptz - former.told_at) * 1000))::int as ms) passed
     cross join lateral (
       select jsonb_object_agg(best.key, best.ms) as plays, sum(best.ms)::int as watched_ms from (
         select play.key, least(length.ms, max(play.value::int)) as ms from (
           select key, value, 0 as is_new from jsonb_each_text(coalesce(former.plays, '{}'))
           union all select key, value, 1 from jsonb_each_text(merged.plays)) play
         group by play.key order by min(play.is_new), play.key limit ${PLAYS_A_DAY}) best) kept
   where p.author_id <> $1
   order by p.id, merged.day
   on conflict (actor_id, post_id, day) do update set plays = excluded.plays, told_at = excluded.told_at,
     watched_ms = greatest(known.watched_ms, excluded.watched_ms), is_completed = known.is_completed or excluded.is_completed,
     is_counted = known.is_counted and known.plays = excluded.plays and known.watched_ms >= excluded.watched_ms
       and (known.is_completed or not excluded.is_completed)
   returning post_id, day, watched_ms),
   added as (
     select saved.post_id, sum(saved.watched_ms - coalesce(former.watched_ms, 0)) as ms
     from saved left join viewings former on former.actor_id = $1 and former.post_id = saved.post_id and former.day = saved.day
     group by saved.post_id)
   update playback_history h set watched_ms = least(2147483647, h.watched_ms + added.ms)
   from added where h.actor_id = $1 and h.post_id = added.post_id and added.ms > 0`,
);
// Two calls of one viewer at once: what the first one told has to be read by the second.
const ONE_AT_A_TIME = statement(
  'playback.one_at_a_time',
  `select pg_advisory_xact_lock(hashtextextended($1::text, 5150321))`,
);

/**
 * Remembers how far the viewer has watched posts: what is told again counts once. Posts that the viewer does not see
 * are passed over, and everything is where the viewer keeps no history. Opens its own transaction.
 *
 * @returns how many entries were about posts that the viewer sees
 * @throws {Invalid} INVALID_INPUT for more than 50 entries, and for an impossible one
 * @throws {RateLimited} RATE_LIMITED for more than 6 calls in a minute from one session
 */
export async function recordPlayback(
  context: CommandContext,
  entries: readonly PlaybackEntry[],
): Promise<number> {
  const viewer = requireViewer(context);
  requireEntries(entries);
  await requireRate(context, RECORD_LIMIT, viewer.sessionId);
  const { keepPlaybackHistory } = await viewerSettings(context.database, viewer);
  if (entries.length === 0 || !keepPlaybackHistory) return 0;
  return context.database.transaction(async (tx) => {
    await tx.rows(ONE_AT_A_TIME, [viewer.actorId]);
    return remember(context, tx, viewer.actorId, entries);
  });
}

async function remember(
  { clock }: CommandContext,
  tx: Transaction,
  actorId: ActorId,
  entries: readonly PlaybackEntry[],
): Promise<number> {
  const now = clock.now();
  const seen = await tx.rows<{ postId: PostId }>(REMEMBER, [
    actorId,
    entries.map(({ postId }) => postId),
    entries.map(({ positionMs, isCompleted }) => (isCompleted ? null : positionMs)),
    entries.map(({ isCompleted }) => isCompleted),
    now,
  ]);
  const ids = new Set(seen.map(({ postId }) => postId));
  const counted = entries.filter(({ postId }) => ids.has(postId));
  if (counted.length === 0) return 0;
  await tx.rows(COUNT_PLAYS, [
    actorId,
    counted.map(({ postId }) => postId),
    counted.map(({ playbackKey }) => playbackKey ?? ''),
    counted.map(({ watchedMs }) => Math.min(watchedMs, LONGEST_MS)),
    counted.map(({ isCompleted }) => isCompleted),
    now.toISOString().slice(0, 10),
    now,
  ]);
  return counted.length;
}

function requireEntries(entries: readonly PlaybackEntry[]): void {
  if (entries.length > ENTRIES_AT_ONCE) {
    const limit = String(ENTRIES_AT_ONCE);
    throw new Invalid(`At most ${limit} entries at once.`, ['entries'], 'MAX_ITEMS', limit);
  }
  for (const [index, { playbackKey, watchedMs, positionMs }] of entries.entries()) {
    requireTime(watchedMs, ['entries', String(index), 'watchedMs']);
    requireTime(positionMs ?? 0, ['entries', String(index), 'positionMs']);
    const length = playbackKey?.length ?? 1;
    if (length >= 1 && length <= KEY_LENGTH) continue;
    const path = ['entries', String(index), 'playbackKey'];
    throw new Invalid(`A key has 1–${KEY_LENGTH} characters.`, path, 'LENGTH', `1..${KEY_LENGTH}`);
  }
}

function requireTime(ms: number, path: readonly string[]): void {
  if (ms < 0) throw new Invalid('A time cannot be below 0.', path, 'MIN', '0');
}
