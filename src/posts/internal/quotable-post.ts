/** The post that a new post quotes. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Transaction } from '../../platform/db/database.js';
import { Forbidden, NotFound } from '../../platform/errors.js';
import type { PostId } from '../post.entity.js';
import { canQuote } from '../quote.policy.js';
import { canSee } from '../visibility.js';
import { findSubjectFacts } from '../visibility.queries.js';

const PATH = ['common', 'quotedPostId'];

/**
 * Refuses a post that the author of a new one may not quote.
 *
 * @throws {NotFound} NOT_FOUND when it is not there or not seen
 * @throws {Forbidden} FORBIDDEN
 */
export async function requireQuotable(
  tx: Transaction,
  author: { readonly actorId: ActorId },
  id: PostId,
): Promise<{ quotedPostId: PostId; quotedAuthorId: ActorId }> {
  const facts = (await findSubjectFacts(tx, [id], author.actorId)).get(id);
  const onlooker = { actorId: author.actorId, isLocal: true };
  if (!facts || facts.kind === 'comment' || !canSee(onlooker, facts)) throw new NotFound(PATH);
  if (!canQuote(author.actorId, facts))
    throw new Forbidden('The author does not let you quote this post.', 'FORBIDDEN', PATH);
  return { quotedPostId: id, quotedAuthorId: facts.authorId };
}
