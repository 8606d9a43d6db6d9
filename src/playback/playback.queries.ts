/** Reads of what people have watched: each of them of their own, and numbers in which nobody is to be found. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PostId } from '../posts/post.entity.js';

/** True when the viewer has seen a post; both are SQL expressions. */
export function seenBy(viewer: string, postId: string): string {
  return `exists (select from playback_history where actor_id = ${viewer} and post_id = ${postId})`;
}

/** In which steps numbers are told outside of analytics: whoever sees one does not see one person come. */
const STEP = 25;

/** A number of all days of a post, in whole steps; `postId` is an SQL expression. */
export function countedOf(column: 'views' | 'completions', postId: string): string {
  return `coalesce((select div(sum(${column}), ${STEP}) * ${STEP} from post_days where post_id = ${postId}), 0)::float8`;
}

/** How often a video was watched, for everybody: those elsewhere, as their servers told, and those here in whole steps. */
export function viewsToldOf(postId: string): string {
  return `coalesce((select sum(views_elsewhere) + div(sum(views), ${STEP}) * ${STEP} from post_days where post_id = ${postId}), 0)::float8`;
}

const WATCHED = statement(
  'playback.watched_on',
  `select coalesce(sum(watched_ms), 0)::float8 as ms from viewings where actor_id = $1 and day = $2::date`,
);
const POSITIONS = statement(
  'playback.positions',
  `select post_id as "postId", position_ms as "positionMs" from playback_history
   where actor_id = $1 and post_id = any($2::uuid[]) and position_ms is not null`,
);
/** Where the viewer stopped, for those of the posts that were not watched to their end. */
export async function findPositions(
  reader: Reader,
  viewerId: ActorId,
  postIds: readonly PostId[],
): Promise<Map<string, number>> {
  const rows = await reader.rows<{ postId: PostId; positionMs: number }>(POSITIONS, [
    viewerId,
    postIds,
  ]);
  return new Map(rows.map(({ postId, positionMs }) => [postId, positionMs]));
}

/** How long somebody watched on a day of the last two, in milliseconds. */
export async function findWatchedMs(
  reader: Reader,
  viewerId: ActorId,
  day: string,
): Promise<number> {
  return (await reader.row<{ ms: number }>(WATCHED, [viewerId, day]))?.ms ?? 0;
}
