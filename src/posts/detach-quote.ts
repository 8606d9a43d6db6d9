/** Taking one's own post out of a post that quotes it. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from './post.entity.js';
import { quoteDetached, type QuoteFact } from './posts.events.js';
import { canDetachQuote } from './quote.policy.js';
import { lockSeenSubject } from './seen-subject.js';

const QUOTED = statement(
  'quotes.quoted',
  `select quoted.author_id as "authorId"
   from posts p join posts quoted on quoted.id = p.quoted_id where p.id = $1`,
);
const DETACH = statement(
  'quotes.detach',
  `update posts p set quote_detached_at = $2 from posts quoted
   where p.id = $1 and quoted.id = p.quoted_id and quoted.author_id = $3 and p.quote_detached_at is null
   returning p.id as "postId", p.author_id as "authorId", quoted.id as "quotedPostId", quoted.author_id as "quotedAuthorId"`,
);

/**
 * Detaches a quote as the author of the quoted post, for good. Doing it twice is the same as once.
 *
 * Opens its own transaction.
 *
 * @param postId the post that quotes
 * @throws {NotFound} NOT_FOUND, also for a post that quotes nothing of the viewer
 */
export async function detachQuote(context: CommandContext, postId: PostId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    await lockSeenSubject(tx, viewer, postId, ['postId']);
    const quoted = await tx.row<{ authorId: ActorId }>(QUOTED, [postId]);
    if (!quoted || !canDetachQuote(viewer.actorId, quoted.authorId)) throw new NotFound(['postId']);
    await takeQuoteOut(tx, context.clock.now(), postId, viewer.actorId);
  });
}

/** Takes a post of its author out of another one, in the caller's transaction; nothing where it is out already. */
export async function takeQuoteOut(
  tx: Transaction,
  now: Date,
  postId: PostId,
  quotedAuthorId: ActorId,
): Promise<void> {
  const detached = await tx.row<QuoteFact>(DETACH, [postId, now, quotedAuthorId]);
  if (detached) await tx.append(quoteDetached, detached);
}
