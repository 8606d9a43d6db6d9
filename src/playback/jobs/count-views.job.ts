/** Adds what people watched to the numbers of each post and day: each viewing once, however often the job runs. */
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';

const BATCH = 2000;
/** A video that was left before that was passed over, not viewed. */
const VIEW_MS = 1000;

const COUNT = statement(
  'playback.count',
  `with taken as (
     select v.*, v.watched_ms >= ${VIEW_MS} or v.is_completed or p.kind <> 'video' as is_view
     from viewings v join posts p on p.id = v.post_id where not v.is_counted
     order by v.post_id, v.day, v.actor_id limit ${BATCH} for update of v skip locked),
   marked as (
     update viewings v set is_counted = true, counted_ms = t.watched_ms, counted_view = t.counted_view or t.is_view,
       counted_completion = t.is_completed
     from taken t where v.actor_id = t.actor_id and v.post_id = t.post_id and v.day = t.day),
   added as (
     insert into post_days as known (post_id, day, views, follower_views, watched_ms, completions)
     select post_id, day, count(*) filter (where is_view and not counted_view),
       count(*) filter (where is_view and not counted_view and is_follower), sum(watched_ms - counted_ms),
       count(*) filter (where is_completed and not counted_completion)
     from taken group by post_id, day order by post_id, day
     on conflict (post_id, day) do update set views = known.views + excluded.views,
       follower_views = known.follower_views + excluded.follower_views,
       watched_ms = known.watched_ms + excluded.watched_ms, completions = known.completions + excluded.completions)
   select count(*)::int as count from taken`,
);

/** Runs by the clock; a second run right after the first finds nothing. */
export const countViews = defineJob<Record<string, never>>(
  'countViews',
  async ({ database }: JobContext) => {
    for (let taken = BATCH; taken === BATCH;) {
      const row = await database.transaction((tx) => tx.row<{ count: number }>(COUNT, []));
      taken = row?.count ?? 0;
    }
  },
);
