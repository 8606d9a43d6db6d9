/** Taking one's own post out of a post that quotes it. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from './post.entity.js';
import { quoteDetached } from './posts.events.js';
import { canDetachQuote } from './quote.policy.js';
import { lockSeenSubject } from './seen-subject.js';

const QUOTED = statement(
  'quotes.quoted',
  `select quoted.id, quoted.author_id as "authorId", p.quote_detached_at is not null as "isDetached"
   from posts p join posts quoted on quoted.id = p.quoted_id where p.id = $1`,
);
const DETACH = statement('quotes.detach', 'update posts set quote_detached_at = $2 where id = $1');

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
    const post = await lockSeenSubject(tx, viewer, postId, ['postId']);
    const quoted = await tx.row<{ id: PostId; authorId: ActorId; isDetached: boolean }>(QUOTED, [
      postId,
    ]);
    if (!quoted || !canDetachQuote(viewer.actorId, quoted.authorId)) throw new NotFound(['postId']);
    if (quoted.isDetached) return;
    await tx.rows(DETACH, [postId, context.clock.now()]);
    await tx.append(quoteDetached, {
      postId,
      authorId: post.authorId,
      quotedPostId: quoted.id,
      quotedAuthorId: quoted.authorId,
    });
  });
}
