/** Keeps a version of a post or comment before it is changed. */
import type { MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { newId } from '../../platform/ids.js';
import type { Post } from '../post.entity.js';

const KEEP = statement(
  'posts.keep_revision',
  `insert into post_revisions (id, post_id, content_html, content_source, content_warning, media, edited_at)
   values ($1, $2, $3, $4, $5, $6::jsonb, $7)`,
);

/** Stores the present version, which was written when the post was published or last edited. */
export async function keepRevision(
  tx: Transaction,
  post: Post,
  mediaIds: readonly MediaId[],
  now: Date,
): Promise<void> {
  const { contentHtml, contentSource, contentWarning } = post;
  const writtenAt = post.editedAt ?? post.publishedAt;
  await tx.rows(KEEP, [
    newId<'revision'>(now),
    post.id,
    contentHtml,
    contentSource,
    contentWarning,
    JSON.stringify(mediaIds),
    writtenAt,
  ]);
}
