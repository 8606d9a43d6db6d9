/** Tells an author that a scheduled draft was not published when its time came, and is kept. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { toGlobalId } from '../../platform/ids.js';
import type { DraftId } from '../../posts/draft.js';
import { notify } from '../notify.js';

const FAILED = statement(
  'notifications.failed_draft',
  `select author_id as "authorId", failed_at as "failedAt" from drafts where id = $1 and failed_at is not null`,
);

/** One that was saved again or thrown away since is no news. A repeat tells nobody twice, a further failure does. */
export const notifyOfFailedDraft = defineJob<{ draftId: DraftId }>(
  'notifyOfFailedDraft',
  (context, { draftId }) =>
    context.database.transaction(async (tx) => {
      const draft = await tx.row<{ authorId: ActorId; failedAt: Date }>(FAILED, [draftId]);
      if (!draft) return;
      await notify(context, tx, [
        {
          recipientId: draft.authorId,
          kind: 'DRAFT_FAILED',
          groupKey: `${draftId} ${draft.failedAt.toISOString()}`,
          actorId: null,
          postId: null,
          detail: { draftId: toGlobalId('draft', draftId) },
        },
      ]);
    }),
);
