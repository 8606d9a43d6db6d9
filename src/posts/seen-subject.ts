/** How commands reach a post or comment: locked, and as a rule only if the viewer may see it. */
import type { Acting } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import type { CommentId, PostId } from './post.entity.js';
import { canSee } from './visibility.js';
import { findSubjectFacts, type SubjectFacts } from './visibility.queries.js';

const ROOT_OF = statement(
  'posts.root_of',
  'select coalesce(root_id, id) as id from posts where id = $1',
);
const LOCK = statement('posts.lock', 'select from post_counts where post_id = $1 for update');

/**
 * A post or comment that the viewer sees, with its counters locked until the end of the transaction:
 * whatever changes it, or anything below it, waits its turn.
 *
 * @throws {NotFound} NOT_FOUND when it is not there or not visible: the two look the same
 */
export async function lockSeenSubject(
  tx: Transaction,
  viewer: Acting,
  id: PostId | CommentId,
  path: readonly string[],
): Promise<SubjectFacts> {
  const facts = await lockSubject(tx, viewer, id, path);
  requireSeen(viewer, facts, path);
  return facts;
}

/**
 * A post or comment that may be out of the viewer's sight, or deleted, locked in the same way: for taking back what
 * the viewer did themselves. Everything else needs `requireSeen`.
 *
 * @throws {NotFound} NOT_FOUND when there was never one
 */
export async function lockSubject(
  tx: Transaction,
  viewer: Acting,
  id: PostId | CommentId,
  path: readonly string[],
): Promise<SubjectFacts> {
  // Always the post before the comment: two commands never wait for each other in a circle.
  const root = await tx.row<{ id: PostId }>(ROOT_OF, [id]);
  if (!root) throw new NotFound(path);
  await tx.rows(LOCK, [root.id]);
  if (root.id !== id) await tx.rows(LOCK, [id]);
  return (await findSubjectFacts(tx, [id], viewer.actorId)).get(id)!;
}

/**
 * Refuses what the viewer may not see.
 *
 * @throws {NotFound} NOT_FOUND as if it were not there
 */
export function requireSeen(
  { actorId, isRemote }: Acting,
  facts: SubjectFacts,
  path: readonly string[],
): void {
  if (!canSee({ actorId, isLocal: isRemote !== true }, facts)) throw new NotFound(path);
}
