/** How commands reach a post that only its author may change. */
import type { Acting } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { Post, type PostId } from './post.entity.js';
import { lockSeenSubject } from './seen-subject.js';

/**
 * The viewer's own post, locked until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when it is not there, deleted, a comment, or somebody else's
 */
export async function lockOwnPost(
  tx: Transaction,
  viewer: Acting,
  id: PostId,
  path: readonly string[],
): Promise<Post> {
  const facts = await lockSeenSubject(tx, viewer, id, path);
  if (facts.kind === 'comment' || facts.authorId !== viewer.actorId) throw new NotFound(path);
  return tx.em.findOneOrFail(Post, { id });
}
