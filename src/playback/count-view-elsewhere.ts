/** A view of a video of this server that another server tells of. */
import { statement, type Database } from '../platform/db/database.js';
import type { PostId } from '../posts/post.entity.js';
import { postListedTo } from '../posts/visibility.js';

// A column of its own: nobody can prove such a view, so nothing is ranked by it.
const COUNT = statement(
  'playback.count_view_elsewhere',
  `insert into post_days as known (post_id, day, views_elsewhere)
   select p.id, $2::date, 1 from posts p
   where p.id = $1 and p.is_local and p.kind = 'video' and ${postListedTo('p', 'null::uuid')}
   on conflict (post_id, day) do update set views_elsewhere = known.views_elsewhere + 1
   returning post_id`,
);

/**
 * Counts one view. Its caller bounds how many come from one server. Opens its own transaction.
 *
 * @returns false when it is no video of this server that everybody sees
 */
export async function countViewElsewhere(
  database: Database,
  postId: PostId,
  now: Date,
): Promise<boolean> {
  const day = now.toISOString().slice(0, 10);
  return (await database.transaction((tx) => tx.row(COUNT, [postId, day]))) !== null;
}
