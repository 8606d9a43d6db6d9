/** Takes what came through somebody who is not followed any more out of a home timeline. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { removeFollowed } from '../home-entries.js';

/** Does nothing when there is a new follow by now. */
export const emptyHome = defineJob<{ followerId: ActorId; followeeId: ActorId }>(
  'emptyHome',
  ({ database }, { followerId, followeeId }) =>
    database.transaction((tx) => removeFollowed(tx, followerId, followeeId)),
);
