/** Takes reposts that were taken back out of the notifications of authors. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJobOfMany } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { deedsOf, lockGatherings } from '../internal/gathering.js';
import { gatheringsOfReposts, withdrawReposts } from '../internal/reposts.js';

/** Does nothing where it was reposted again. */
export const forgetRepost = defineJobOfMany<{ postId: PostId; actorId: ActorId }>(
  'forgetRepost',
  ({ database }, inputs) =>
    database.transaction(async (tx) => {
      const postIds = inputs.map(({ postId }) => postId);
      const locked = await lockGatherings(tx, await gatheringsOfReposts(tx, postIds));
      const acts = inputs.map(({ postId, actorId }) => ({ subjectId: postId, actorId }));
      await withdrawReposts(tx, deedsOf(locked, acts));
    }),
);
