/** Turns posts or comments into tombstones. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../post.entity.js';

const ERASE = statement(
  'posts.erase',
  `update posts set deleted_at = $2, title = null, content_html = '', content_source = null, content_warning = null, language = null,
     pinned_at = null, removed_at = null, place_id = null, place_name = null
   where id = any($1::uuid[])`,
);
const DROP_HASHTAGS = statement(
  'posts.erase_hashtags',
  'delete from post_hashtags where post_id = any($1::uuid[])',
);
const DROP_MENTIONS = statement(
  'posts.erase_mentions',
  'delete from post_mentions where post_id = any($1::uuid[])',
);
const DROP_AWAITED = statement(
  'posts.erase_awaited',
  'delete from awaited_mentions where post_id = any($1::uuid[])',
);
const DROP_REVISIONS = statement(
  'posts.erase_revisions',
  'delete from post_revisions where post_id = any($1::uuid[])',
);

const DROP_TAGS = statement(
  'posts.erase_tags',
  'delete from photo_tags where post_id = any($1::uuid[])',
);

const DROP_PINS = statement(
  'posts.erase_pins',
  'delete from pinned_comments where comment_id = any($1::uuid[])',
);

const DROP_LINKS = statement(
  'posts.erase_links',
  'delete from post_links where post_id = any($1::uuid[])',
);

/** Erases what posts or comments said, now and in earlier versions. The rows stay. */
export async function eraseContent(
  tx: Transaction,
  ids: readonly (PostId | CommentId)[],
  now: Date,
): Promise<void> {
  await tx.rows(ERASE, [ids, now]);
  await tx.rows(DROP_HASHTAGS, [ids]);
  await tx.rows(DROP_MENTIONS, [ids]);
  await tx.rows(DROP_AWAITED, [ids]);
  await tx.rows(DROP_REVISIONS, [ids]);
  await tx.rows(DROP_TAGS, [ids]);
  await tx.rows(DROP_PINS, [ids]);
  await tx.rows(DROP_LINKS, [ids]);
}
