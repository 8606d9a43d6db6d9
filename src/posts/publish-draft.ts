/** From a draft to a post: by its author now, or by the clock when its time has come. */
import type { AccountId, AccountState } from '../accounts/account.entity.js';
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { EntitledOwner } from '../platform/entitlements.js';
import { Conflict, DomainError, Forbidden } from '../platform/errors.js';
import { addSeconds } from '../platform/clock.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { DraftId } from './draft.js';
import type { DraftRow } from './draft.queries.js';
import { draftFailed, draftPublished, type DraftFact } from './drafts.events.js';
import { dissolveDraft } from './internal/draft-album.js';
import { lockOwnDraft, readDraft } from './internal/own-draft.js';
import type { PostId } from './post.entity.js';
import { publishPost } from './publish-post.js';

// A claim that somebody else holds is left to them: of two schedulers one publishes.
const CLAIM = statement(
  'drafts.claim',
  'select id from drafts where id = $1 and scheduled_for <= $2 for update skip locked',
);
const AUTHOR = statement(
  'drafts.author',
  `select id as "accountId", actor_id as "actorId", state from accounts where actor_id = $1`,
);
/** For media that are being processed when the time comes. */
const LONGEST_WAIT_SECONDS = 24 * 3600;

const WAITING = statement(
  'drafts.waiting',
  'select from drafts where id = $1 and scheduled_for > $2',
);
const FAIL = statement(
  'drafts.fail',
  `update drafts d set scheduled_for = null, failure_code = $3, failure_message = $4, failed_at = $2, updated_at = $2
   from accounts a where d.id = $1 and d.scheduled_for <= $2 and a.actor_id = d.author_id
   returning d.id as "draftId", d.author_id as "authorId", a.id as "accountId"`,
);

/**
 * Publishes a draft of the viewer now, scheduled or not. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's draft
 * @throws whatever publishing refuses, with paths as `saveDraft` takes them; the draft stays as it was
 */
export async function publishDraft(context: CommandContext, draftId: DraftId): Promise<PostId> {
  const viewer = requireViewer(context);
  return context.database.transaction(async (tx) =>
    publish(context, tx, viewer, await lockOwnDraft(tx, viewer.actorId, draftId)),
  );
}

/**
 * Publishes a scheduled draft whose time has come, and does nothing to any other: the post and the end of the draft
 * commit together, so it happens once, however many ask. One whose media are still being processed waits for them, for a
 * day at most. What publishing refuses stays with the draft as its failure, and its author is told.
 */
export async function publishDueDraft(services: Services, draftId: DraftId): Promise<void> {
  const now = services.clock.now();
  try {
    await services.database.transaction(async (tx) => {
      if (!(await tx.row(CLAIM, [draftId, now]))) return;
      const draft = await readDraft(tx, draftId);
      await publish(services, tx, await requireAuthor(tx, draft), draft);
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (isTooEarly(error) && (await mayWait(services, draftId, now))) return;
    await keepFailure(services, draftId, now, error);
  }
}

async function publish(
  services: Services,
  tx: Transaction,
  author: EntitledOwner,
  draft: DraftRow,
): Promise<PostId> {
  await dissolveDraft(tx, draft);
  const { kind, post, mediaIds, tags } = draft;
  const postId = await publishPost(services, tx, author, { ...post, kind, mediaIds, tags });
  const { actorId: authorId, accountId } = author;
  await tx.append(draftPublished, { draftId: draft.id, authorId, accountId, postId });
  return postId;
}

async function requireAuthor(
  tx: Transaction,
  { authorId }: Pick<DraftRow, 'authorId'>,
): Promise<EntitledOwner> {
  const account = await tx.row<EntitledOwner & { accountId: AccountId; state: AccountState }>(
    AUTHOR,
    [authorId],
  );
  if (account?.state === 'ACTIVE') return account;
  throw new Forbidden('The account was closed when the time came.', 'ACCOUNT_SUSPENDED');
}

/** What is refused today for media that are being processed. */
function isTooEarly(error: DomainError): boolean {
  return error instanceof Conflict && error.code === 'MEDIA_NOT_READY';
}

async function mayWait({ database }: Services, draftId: DraftId, now: Date): Promise<boolean> {
  const oldest = addSeconds(now, -LONGEST_WAIT_SECONDS);
  return (await database.row(WAITING, [draftId, oldest])) !== null;
}

/** Two that met the same failure tell of it once: the first takes the schedule away. */
async function keepFailure(
  services: Services,
  draftId: DraftId,
  now: Date,
  { code, message }: DomainError,
): Promise<void> {
  await services.database.transaction(async (tx) => {
    const failed = await tx.row<DraftFact>(FAIL, [draftId, now, code, message]);
    if (failed) await tx.append(draftFailed, { ...failed, code });
  });
}
