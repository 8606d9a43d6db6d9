/** Tells those whom a post or comment is for: whose post or comment it answers, and who is mentioned. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import type { NotificationKind } from '../notification-kinds.js';
import { notify, NOTIFY_BATCH } from '../notify.js';

// One notification per person, the closest reason first.
const ADDRESSED = statement(
  'notifications.addressed',
  `select distinct on (reason."recipientId") reason.kind, reason."recipientId", p.author_id as "actorId"
   from posts p left join posts root on root.id = p.root_id left join posts parent on parent.id = p.parent_id
   cross join lateral (
     values (1, 'REPLY', parent.author_id), (2, 'COMMENT', root.author_id)
     union all select 3, 'MENTION', m.actor_id from post_mentions m where m.post_id = p.id
   ) as reason (rank, kind, "recipientId")
   where p.id = $1 and p.deleted_at is null and reason."recipientId" is not null
   order by reason."recipientId", reason.rank`,
);

interface Addressed {
  readonly kind: Extract<NotificationKind, 'REPLY' | 'COMMENT' | 'MENTION'>;
  readonly recipientId: ActorId;
  readonly actorId: ActorId;
}

/** A repeat, also after an edit, tells only those who were not told before. */
export const notifyAddressed = defineJob<{ subjectId: PostId | CommentId }>(
  'notifyAddressed',
  (context, { subjectId }) =>
    context.database.transaction(async (tx) => {
      const addressed = await tx.rows<Addressed>(ADDRESSED, [subjectId]);
      for (let from = 0; from < addressed.length; from += NOTIFY_BATCH) {
        const batch = addressed.slice(from, from + NOTIFY_BATCH);
        await notify(
          context,
          tx,
          batch.map((cause) => ({ ...cause, groupKey: subjectId, postId: subjectId })),
        );
      }
    }),
);
