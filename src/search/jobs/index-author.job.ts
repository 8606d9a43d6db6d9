/** Opens or closes the posts of somebody to the search of others, as they chose. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { IS_OPEN } from '../internal/index-post.js';

const BATCH = 1000;

const SET = statement(
  'search.open_posts',
  `update post_documents set is_open = wanted.is_open from (
     select d.post_id, ${IS_OPEN} as is_open from posts p join actors author on author.id = p.author_id
       join post_documents d on d.post_id = p.id
     where p.author_id = $1 and p.kind <> 'comment' and d.is_open <> ${IS_OPEN} limit ${BATCH}) wanted
   where post_documents.post_id = wanted.post_id returning 1`,
);

/** One transaction per batch. Who closed their posts is not found even before: reads ask for the choice itself. */
export const indexAuthor = defineJob<{ actorId: ActorId }>(
  'indexAuthor',
  async ({ database }, { actorId }) => {
    while ((await database.rows(SET, [actorId])).length > 0);
  },
);
