/** The document of a post: what the full text of posts is searched in. */
import { statement, type Database } from '../../platform/db/database.js';

// The post waits for those who change it; the author's choice cannot change until the document is written.
const LOCK = statement(
  'search.lock_post',
  `select from posts p join actors author on author.id = p.author_id where p.id = $1 and p.kind <> 'comment'
   for no key update of p for share of author`,
);
const IS_PRESENT = `p.kind <> 'comment' and p.deleted_at is null and p.archived_at is null`;
const DROP = statement(
  'search.drop_document',
  `delete from post_documents where post_id = $1 and not exists (select from posts p where p.id = $1 and ${IS_PRESENT})`,
);

/** Whether everybody may find a post, with the aliases `p` and `author`. */
export const IS_OPEN = `(p.visibility in ('PUBLIC', 'LOCAL') and author.is_indexable)`;

const WRITE = statement(
  'search.write_document',
  `insert into post_documents (post_id, is_open, document)
   select p.id, ${IS_OPEN}, post_document(p.id) from posts p join actors author on author.id = p.author_id
   where p.id = $1 and ${IS_PRESENT}
   on conflict (post_id) do update set is_open = excluded.is_open, document = excluded.document`,
);

/** Writes the document of a post from its present state; takes it away when the post is in no list any more. */
export async function writeDocument(database: Database, postId: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.rows(LOCK, [postId]);
    await tx.rows(DROP, [postId]);
    await tx.rows(WRITE, [postId]);
  });
}
