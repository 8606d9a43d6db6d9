/** Takes what came home by hashtags that are not followed any more out of a home timeline. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { removeOfHashtags } from '../home-hashtags.js';

/** One transaction per batch of authors. Nobody sees those entries even before: reads ask for the reason. */
export const emptyHashtag = defineJob<{ followerId: ActorId }>(
  'emptyHashtag',
  async ({ database }, { followerId }) => {
    while ((await database.transaction((tx) => removeOfHashtags(tx, followerId))) > 0);
  },
);
