/** Makes mentions real of people who were not known here yet when the text was written. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { composeContent } from './content/compose-content.js';
import { headContent } from './content/head-content.js';
import { linkContent } from './internal/link-content.js';
import { nameAnswered } from './internal/named-by-comment.js';
import { Post, type CommentId, type PostId } from './post.entity.js';

const LOCK = statement(
  'posts.lock_mentions',
  `select from post_counts where post_id = (select coalesce(root_id, id) from posts where id = $1) for update`,
);

/** Reads the text of a local post or comment again, now that more people may be known. It is not edited by that. */
export async function renewMentions(
  { database, config, clock }: Pick<Services, 'database' | 'config' | 'clock'>,
  id: PostId | CommentId,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.rows(LOCK, [id]);
    const post = await tx.em.findOne(Post, { id });
    if (!post || post.deletedAt || !post.isLocal || post.contentSource == null) return;
    const written = await composeContent(tx, config, post.contentSource);
    const content = await nameAnswered(tx, post, headContent(post.title ?? null, written));
    if (content.html === post.contentHtml) return;
    post.contentHtml = content.html;
    await linkContent(tx, id, content, clock.now());
  });
}
