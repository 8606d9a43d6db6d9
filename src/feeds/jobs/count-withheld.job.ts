/** Counts what people who are suspended did with posts, so that feeds leave it out. */
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { firstIdAt } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';
import { isCountedIn } from '../../posts/comment-visibility.js';

/** As long as a post can be in feeds: picks are in force for so long at most. */
const DAYS = 90;

const LOCK = statement(
  'feeds.lock_withheld',
  `select pg_advisory_xact_lock(hashtextextended('feed_withheld_counts', 0))`,
);
const CLEAR = statement('feeds.clear_withheld', 'delete from feed_withheld_counts');
// Ids begin with the time. It begins with the few who are suspended, never with a post.
const FILL = statement(
  'feeds.fill_withheld',
  `insert into feed_withheld_counts (post_id, positives)
   select act.post_id, count(*)::int from (select id from actors where status = 'SUSPENDED') who
     cross join lateral (
       select r.post_id from reactions r where r.actor_id = who.id and r.id >= $1::uuid
       union all select c.root_id from posts c where c.author_id = who.id and c.kind = 'comment' and c.deleted_at is null
         and c.hidden_through is null and ${isCountedIn('c')} and c.id >= $1::uuid
       union all select r.post_id from reposts r where r.actor_id = who.id and r.id >= $1::uuid) act
     join posts p on p.id = act.post_id and p.kind <> 'comment' and p.author_id <> who.id and p.id >= $1::uuid
   group by act.post_id`,
);

/** Runs by the clock, and computes everything anew. */
export const countWithheld = defineJob<Record<string, never>>(
  'countWithheld',
  async ({ database, clock }) => {
    const since = firstIdAt(addSeconds(clock.now(), -DAYS * 86_400));
    await database.transaction(async (tx) => {
      await tx.rows(LOCK, []);
      await tx.rows(CLEAR, []);
      await tx.rows(FILL, [since]);
    });
  },
);
