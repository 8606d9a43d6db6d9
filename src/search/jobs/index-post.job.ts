/** Keeps the document of a post as the post is. */
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { writeDocument } from '../internal/index-post.js';

/** Reads the present state: a late or repeated run does no harm. */
export const indexPost = defineJob<{ postId: PostId }>('indexPost', ({ database }, { postId }) =>
  writeDocument(database, postId),
);
