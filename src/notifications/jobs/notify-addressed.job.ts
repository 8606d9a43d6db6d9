/** Tells those whom posts and comments are for: whose post or comment they answer, and who is mentioned. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJobOfMany } from '../../platform/jobs/job.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import type { NotificationKind } from '../notification-kinds.js';
import { notify, NOTIFY_BATCH } from '../notify.js';

// One notification per person, the closest reason first.
const ADDRESSED = statement(
  'notifications.addressed',
  `select distinct on (p.id, reason."recipientId") p.id as "subjectId", reason.kind, reason."recipientId", p.author_id as "actorId"
   from posts p left join posts root on root.id = p.root_id left join posts parent on parent.id = p.parent_id
   cross join lateral (
     values (1, 'REPLY', parent.author_id), (2, 'COMMENT', root.author_id)
     union all select 3, 'MENTION', m.actor_id from post_mentions m where m.post_id = p.id
   ) as reason (rank, kind, "recipientId")
   where p.id = any($1::uuid[]) and p.deleted_at is null and reason."recipientId" is not null
   order by p.id, reason."recipientId", reason.rank`,
);

interface Addressed {
  readonly subjectId: PostId | CommentId;
  readonly kind: Extract<NotificationKind, 'REPLY' | 'COMMENT' | 'MENTION'>;
  readonly recipientId: ActorId;
  readonly actorId: ActorId;
}

/** A repeat, also after an edit, tells only those who were not told before. */
export const notifyAddressed = defineJobOfMany<{ subjectId: PostId | CommentId }>(
  'notifyAddressed',
  (context, inputs) =>
    context.database.transaction(async (tx) => {
      const subjectIds = inputs.map(({ subjectId }) => subjectId);
      const addressed = await tx.rows<Addressed>(ADDRESSED, [subjectIds]);
      const causes = addressed.map(({ subjectId, ...cause }) => {
        return { ...cause, groupKey: subjectId, postId: subjectId };
      });
      for (let from = 0; from < causes.length; from += NOTIFY_BATCH)
        await notify(context, tx, causes.slice(from, from + NOTIFY_BATCH));
    }),
);
