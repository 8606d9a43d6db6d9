/** Brings the recent posts with a hashtag home to who follows it now. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Id } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';
import { writeRecentOfHashtag } from '../home-hashtags.js';

/** Does nothing when the follow has ended again. */
export const backfillHashtag = defineJob<{ followerId: ActorId; hashtagId: Id<'hashtag'> }>(
  'backfillHashtag',
  ({ database }, { followerId, hashtagId }) =>
    database.transaction((tx) => writeRecentOfHashtag(tx, followerId, hashtagId)),
);
