/** How commands reach drafts: one command at a time per author, and only the author's own. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import type { DraftId } from '../draft.js';
import { completeDraft, DRAFT_COLUMNS, type DraftRow } from '../draft.queries.js';

const LOCK_AUTHOR = statement(
  'drafts.lock_author',
  `select pg_advisory_xact_lock(hashtextextended('drafts:' || $1::text, 0))`,
);
// The media are read by a statement of its own: one that waits for a lock would show those of before.
const LOCK = statement(
  'drafts.lock',
  'select id from drafts where id = $1 and author_id = $2 for update',
);
const READ = statement('drafts.read', `select ${DRAFT_COLUMNS} from drafts d where d.id = $1`);

/** Makes commands about one author's drafts wait for each other until the end of the transaction. */
export async function lockDraftsOf(tx: Transaction, authorId: ActorId): Promise<void> {
  await tx.rows(LOCK_AUTHOR, [authorId]);
}

/**
 * A draft of the author, locked until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when there is none, or it is somebody else's
 */
export async function lockOwnDraft(
  tx: Transaction,
  authorId: ActorId,
  id: DraftId,
): Promise<DraftRow> {
  await lockDraftsOf(tx, authorId);
  if (!(await tx.row(LOCK, [id, authorId]))) throw new NotFound(['draftId']);
  return readDraft(tx, id);
}

/** A draft that is known to be there. */
export async function readDraft(tx: Transaction, id: DraftId): Promise<DraftRow> {
  return completeDraft((await tx.row<DraftRow>(READ, [id]))!);
}
