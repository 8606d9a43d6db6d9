/** Takes a deleted post out of all home timelines. Nobody sees it there even before: reads ask the rule. */
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { removeBatch } from '../home-entries.js';

/** One transaction per batch of entries. */
export const withdrawPost = defineJob<{ postId: PostId }>(
  'withdrawPost',
  async ({ database }, { postId }) => {
    while ((await database.transaction((tx) => removeBatch(tx, postId))) > 0);
  },
);
