/** Takes in an uploaded archive of emoji, picture by picture; a run that was cut off goes on where it ended. */
import path from 'node:path';
import type { AccountId } from '../../accounts/account.entity.js';
import { actFor } from '../../accounts/act-for.js';
import { releaseMedia } from '../../media/attach-media.js';
import type { MediaId } from '../../media/media.entity.js';
import { copyOriginal } from '../../media/read-original.js';
import type { StorePicture } from '../../media/store-picture.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { DomainError } from '../../platform/errors.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { requireRole } from '../../platform/require-viewer.js';
import { KEPT_REFUSALS, type EmojiImportId } from '../emoji-import.js';
import { importEmojis, type ImportedEntry } from '../import-emojis.js';

interface Order {
  readonly id: EmojiImportId;
  readonly accountId: AccountId;
  readonly mediaId: MediaId;
  readonly category: string | null;
  readonly replaces: boolean;
  /** Pictures that are done. */
  readonly done: number;
}

/** There is nothing that could be taken in any more; the message is shown. */
class ImportAbandoned extends Error {}

const TRIES = 5;

const BEGIN = statement(
  'emoji_imports.begin',
  `update emoji_imports set state = 'RUNNING', updated_at = $2 where id = $1 and state in ('QUEUED', 'RUNNING')
   returning id, account_id as "accountId", media_id as "mediaId", category, replaces,
     added + replaced + kept + refused as done`,
);
const COUNT = statement(
  'emoji_imports.count',
  'update emoji_imports set total = $2, updated_at = $3 where id = $1',
);
const ADVANCE = statement(
  'emoji_imports.advance',
  `update emoji_imports set added = added + ($2 = 'ADDED')::int, replaced = replaced + ($2 = 'REPLACED')::int,
     kept = kept + ($2 = 'KEPT')::int, refused = refused + ($2 = 'REFUSED')::int,
     refusals = case when $2 = 'REFUSED' and jsonb_array_length(refusals) < ${KEPT_REFUSALS}
       then refusals || $3::jsonb else refusals end, updated_at = $4
   where id = $1`,
);
const FINISH = statement(
  'emoji_imports.finish',
  `update emoji_imports set state = $2, failure = $3, updated_at = $4, finished_at = $4
   where id = $1 and state in ('QUEUED', 'RUNNING') returning id`,
);

/** What the job is asked to do. */
export const takeInEmojis = declareJob<{ importId: EmojiImportId }>('takeInEmojis', {
  maxAttempts: TRIES,
  keyOf: ({ importId }) => importId,
});

/** The handler, with what makes pictures of this worker. */
export function createTakeInEmojis(
  storePicture: StorePicture,
): JobType<{ importId: EmojiImportId }> {
  return {
    ...takeInEmojis,
    run: async (context, { importId }) => {
      const order = await context.database.row<Order>(BEGIN, [importId, context.clock.now()]);
      if (!order) return;
      try {
        await takeIn(context, storePicture, order);
        await finish(context, order, null);
      } catch (error) {
        const isFinal = error instanceof DomainError || error instanceof ImportAbandoned;
        if (isFinal) await finish(context, order, error.message);
        else if (context.attempt < TRIES) throw error;
        else {
          context.log.error({ err: error, importId }, 'an archive of emoji could not be read');
          await finish(context, order, 'The archive could not be read on this server.');
        }
      }
    },
  };
}

async function takeIn(
  context: JobContext,
  storePicture: StorePicture,
  order: Order,
): Promise<void> {
  const admin = await actFor(context, order.accountId);
  if (!admin) throw new ImportAbandoned('The account that asked for it is not in use any more.');
  requireRole(admin, 'ADMIN');
  await using scratch = await context.scratch.directory();
  const file = path.join(scratch.path, 'archive');
  if (!(await copyOriginal(context, order.mediaId, file)))
    throw new ImportAbandoned('The archive is not there any more.');
  const choices = { category: order.category ?? undefined, replaces: order.replaces };
  const progress = {
    skips: order.done,
    onSurvey: async (total: number) => {
      await context.database.rows(COUNT, [order.id, total, context.clock.now()]);
    },
  };
  for await (const entry of importEmojis(admin, storePicture, file, choices, progress))
    await advance(context, order, entry);
}

async function advance(
  { database, clock }: JobContext,
  { id }: Order,
  { fileName, shortcode, outcome, reason }: ImportedEntry,
): Promise<void> {
  const refusal = outcome === 'REFUSED' ? [{ fileName, shortcode, reason }] : [];
  await database.rows(ADVANCE, [id, outcome, JSON.stringify(refusal), clock.now()]);
}

/** The archive goes either way. */
async function finish(
  { database, clock }: JobContext,
  { id, mediaId }: Order,
  failure: string | null,
): Promise<void> {
  const now = clock.now();
  await database.transaction(async (tx) => {
    const state = failure === null ? 'SUCCEEDED' : 'FAILED';
    if (await tx.row(FINISH, [id, state, failure, now])) await releaseMedia(tx, now, [mediaId]);
  });
}
