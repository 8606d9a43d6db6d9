/** Brings a repost into the home timelines of the reposter's followers, then tells live readers. */
import { statement } from '../../platform/db/database.js';
import type { Id } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId, RepostId } from '../../posts/post.entity.js';
import { writeRepostBatch, type FannedRepost } from '../home-reposts.js';
import { homeTimelineReposted } from '../timelines.events.js';

const FIND = statement(
  'fan_out.repost',
  `select r.id, r.post_id as "postId", r.actor_id as "reposterId", r.created_at as "createdAt"
   from reposts r join posts p on p.id = r.post_id where r.id = $1 and p.deleted_at is null`,
);
const FINISH = statement(
  'fan_out.finish_repost',
  'update reposts set fanned_out_at = $2 where id = $1 and fanned_out_at is null returning id',
);

/** One transaction per batch of followers; a repeat writes what is missing and tells nobody twice. */
export const fanOutRepost = defineJob<{ repostId: RepostId }>(
  'fanOutRepost',
  async ({ database, clock }, { repostId }) => {
    const repost = await database.row<FannedRepost & { postId: PostId }>(FIND, [repostId]);
    if (!repost) return;
    let last: Id<'follow'> | null = null;
    do {
      const after: Id<'follow'> | null = last;
      last = await database.transaction((tx) => writeRepostBatch(tx, repost, after));
    } while (last !== null);
    await database.transaction(async (tx) => {
      if (!(await tx.row(FINISH, [repostId, clock.now()]))) return;
      const { postId, reposterId } = repost;
      await tx.append(homeTimelineReposted, { repostId, postId, reposterId });
    });
  },
);
