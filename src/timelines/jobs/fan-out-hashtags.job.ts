/** Brings a changed post home to who follows a hashtag of it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { writeToHashtagFollowers } from '../home-hashtags.js';

/** Whoever has the post already keeps it where it is. */
export const fanOutHashtags = defineJob<{ postId: PostId; authorId: ActorId }>(
  'fanOutHashtags',
  ({ database }, { postId: id, authorId }) => writeToHashtagFollowers(database, { id, authorId }),
);
