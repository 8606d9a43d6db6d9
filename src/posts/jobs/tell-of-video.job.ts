/** A video with other captions or another still picture is another post to those who watch it, here and elsewhere. */
import type { MediaId } from '../../media/media.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { postUpdated, type PostFact } from '../posts.events.js';

const POST = statement(
  'posts.of_media',
  `select p.id as "postId", p.author_id as "authorId", p.visibility from post_media pm join posts p on p.id = pm.post_id
   where pm.media_id = $1 and p.deleted_at is null`,
);

/** Does nothing for a video that is in no post yet. */
export const tellOfVideo = defineJob<{ mediaId: MediaId }>(
  'tellOfVideo',
  async ({ database }, { mediaId }) => {
    await database.transaction(async (tx) => {
      const post = await tx.row<PostFact>(POST, [mediaId]);
      if (post) await tx.append(postUpdated, { ...post, mentionedIds: [] });
    });
  },
);
