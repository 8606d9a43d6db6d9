/** Takes a repost that was taken back out of the notifications of the author. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { lockGathering } from '../internal/gathering.js';
import { gatheringOfReposts, withdrawReposter } from '../internal/reposts.js';

/** Does nothing when it was reposted again. */
export const forgetRepost = defineJob<{ postId: PostId; actorId: ActorId }>(
  'forgetRepost',
  ({ database }, { postId, actorId }) =>
    database.transaction(async (tx) => {
      const gathering = await gatheringOfReposts(tx, postId);
      if (!gathering) return;
      await lockGathering(tx, gathering);
      await withdrawReposter(tx, gathering, actorId);
    }),
);
