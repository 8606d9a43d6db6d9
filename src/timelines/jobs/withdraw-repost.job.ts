/** Takes a repost out of all home timelines, then tells live readers. Nobody sees it there even before. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId, RepostId } from '../../posts/post.entity.js';
import { releaseRepostBatch } from '../home-reposts.js';
import { homeRepostWithdrawn } from '../timelines.events.js';

/** One transaction per batch of entries; live readers may be told twice that a post is gone. */
export const withdrawRepost = defineJob<{
  repostId: RepostId;
  postId: PostId;
  reposterId: ActorId;
}>('withdrawRepost', async ({ database }, { repostId, postId, reposterId }) => {
  const repost = { id: repostId, reposterId };
  while ((await database.transaction((tx) => releaseRepostBatch(tx, repost))) > 0);
  await database.transaction((tx) =>
    tx.append(homeRepostWithdrawn, { repostId, postId, reposterId }),
  );
});
