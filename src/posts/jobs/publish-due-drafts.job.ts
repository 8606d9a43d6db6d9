/** Publishes scheduled drafts whose time has come. Runs every minute; what was missed while nothing ran is made up for. */
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { DraftId } from '../draft.js';
import { publishDueDraft } from '../publish-draft.js';

interface Due {
  readonly id: DraftId;
  /** As text: a Date would lose microseconds. */
  readonly scheduledFor: string;
}

const BATCH = 100;

const DUE = statement(
  'drafts.due',
  `select id, scheduled_for::text as "scheduledFor" from drafts
   where scheduled_for <= $1 and (scheduled_for, id) > ($2::timestamptz, $3::uuid)
   order by scheduled_for, id limit ${BATCH}`,
);

/** Each draft in a transaction of its own; a fault with one does not hold up the others and is tried again. */
export const publishDueDrafts = defineJob<Record<string, never>>(
  'publishDueDrafts',
  async (context) => {
    let last: Due = {
      scheduledFor: '-infinity',
      id: '00000000-0000-0000-0000-000000000000' as DraftId,
    };
    for (;;) {
      const due = await context.database.rows<Due>(DUE, [
        context.clock.now(),
        last.scheduledFor,
        last.id,
      ]);
      for (const { id } of due) {
        await publishDueDraft(context, id).catch((error: unknown) =>
          context.log.error(
            { err: error, draftId: id },
            'a scheduled draft could not be published',
          ),
        );
      }
      if (due.length < BATCH) return;
      last = due.at(-1)!;
    }
  },
);
