/** A video may have been put out of reach: what is being made of it is not published any more. */
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { refuseUnpublished } from '../internal/withdrawn.js';

/** Does nothing for those who may still use it. */
export const withdrawOriginal = defineJob<{ postId: PostId }>(
  'withdrawOriginal',
  (context, { postId }) => refuseUnpublished(context, postId),
);
