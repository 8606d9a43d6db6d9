/** Gives a new follower the recent posts of whom they follow now. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { writeRecent } from '../home-entries.js';

/** Does nothing when the follow has ended again. */
export const backfillHome = defineJob<{ followerId: ActorId; followeeId: ActorId }>(
  'backfillHome',
  ({ database }, { followerId, followeeId }) =>
    database.transaction((tx) => writeRecent(tx, followerId, followeeId)),
);
