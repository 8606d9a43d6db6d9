/** Lets a post be found by the new description of one of its pictures. */
import type { MediaId } from '../../media/media.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { writeDocument } from '../internal/index-post.js';

const POST = statement(
  'search.post_of_media',
  'select post_id as "postId" from post_media where media_id = $1',
);

/** Does nothing for a picture in no post. */
export const indexDescribedMedia = defineJob<{ mediaId: MediaId }>(
  'indexDescribedMedia',
  async ({ database }, { mediaId }) => {
    const found = await database.row<{ postId: string }>(POST, [mediaId]);
    if (found) await writeDocument(database, found.postId);
  },
);
