/** How commands reach a post or comment: locked, and as a rule only if the viewer may see it. */
import type { Acting } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { statementForMany } from '../platform/db/for-many.js';
import { NotFound } from '../platform/errors.js';
import type { CommentId, PostId } from './post.entity.js';
import { canSee } from './visibility.js';
import { findSubjectFacts, type SubjectFacts } from './visibility.queries.js';

// In the order of what is locked: two that lock several never wait for each other in a circle.
const LOCK_ROOT = statementForMany(
  'posts.lock_root',
  `select asked.place, c.post_id as id from jsonb_to_recordset($1::jsonb) as asked(place int, id uuid)
     join posts p on p.id = asked.id join post_counts c on c.post_id = coalesce(p.root_id, p.id)
   order by c.post_id for update of c`,
);
const LOCK = statementForMany(
  'posts.lock',
  `select from post_counts c where post_id in (select id from jsonb_to_recordset($1::jsonb) as asked(id uuid))
   order by post_id for update`,
);

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
  const [root] = await tx.ask<{ id: PostId }>(LOCK_ROOT, { id });
  if (!root) throw new NotFound(path);
  if (root.id !== id) await tx.ask(LOCK, { id });
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
