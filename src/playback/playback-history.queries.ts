/** What somebody watched, for themselves alone; a post that they see no more is left out. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import type { Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { selectedVisibleTo, selectPosts, type PostRow } from '../posts/post.queries.js';

/** A post that somebody watched. */
export interface WatchedRow extends PostRow {
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly watchedMs: number;
  /** Null = not told, or watched to its end. */
  readonly positionMs: number | null;
  readonly isCompleted: boolean;
}

const SELECT = selectPosts('$4::uuid', 'playback_history h join posts p on p.id = h.post_id', [
  'h.first_seen_at as "firstSeenAt"',
  'h.last_seen_at as "lastSeenAt"',
  'h.watched_ms as "watchedMs"',
  'h.position_ms as "positionMs"',
  'h.is_completed as "isCompleted"',
]);
const HISTORY = bothWays({
  name: 'playback.history',
  order: 'desc',
  lowest: ['-infinity', LOWEST_ID],
  highest: ['infinity', HIGHEST_ID],
  text: ({ beyond, order }) =>
    `${SELECT} where h.actor_id = $4 and (h.last_seen_at, h.post_id) ${beyond} ($1::timestamptz, $2::uuid)
       and ${selectedVisibleTo('$4::uuid')}
     order by h.last_seen_at ${order}, h.post_id ${order} limit $3`,
});

/** A page of what the viewer watched, the last one first. Its sort key is the time and the post. */
export async function findPlaybackHistory(
  reader: Reader,
  viewerId: ActorId,
  request: PageRequest,
): Promise<Page<WatchedRow>> {
  const { query, from } = HISTORY(request);
  const rows = await reader.rows<WatchedRow>(query, [...from, request.size + 1, viewerId]);
  return toPage(request, rows);
}
