/** After a block neither quotes the other any more: who is quoted could neither see nor detach it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { quoteDetached, type QuoteFact } from '../posts.events.js';

const DETACH = statement(
  'quotes.detach_between',
  `update posts p set quote_detached_at = $3 from posts quoted
   where quoted.id = p.quoted_id and p.quote_detached_at is null and p.deleted_at is null
     and ((p.author_id = $1 and quoted.author_id = $2) or (p.author_id = $2 and quoted.author_id = $1))
     and exists (select from blocks where (blocker_id = $1 and blocked_id = $2) or (blocker_id = $2 and blocked_id = $1))
   returning p.id as "postId", p.author_id as "authorId", quoted.id as "quotedPostId", quoted.author_id as "quotedAuthorId"`,
);

/** Does nothing when the block was lifted meanwhile; a repeat finds nothing more. */
export const detachQuotes = defineJob<{ blockerId: ActorId; blockedId: ActorId }>(
  'detachQuotes',
  ({ database, clock }, { blockerId, blockedId }) =>
    database.transaction(async (tx) => {
      const values = [blockerId, blockedId, clock.now()];
      for (const quote of await tx.rows<QuoteFact>(DETACH, values))
        await tx.append(quoteDetached, quote);
    }),
);
