/** Who answered a post or comment in public. */
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { singlePage } from '../posts/page-sql.js';
import type { CommentId } from '../posts/post.entity.js';
import { commentVisibleTo } from '../posts/visibility.js';
import type { FederatedPost } from './federated-post.queries.js';

const SEEN = commentVisibleTo('c', 'null::uuid', { authorStatus: 'author.status' });
const FROM = `from posts c join actors author on author.id = c.author_id where c.kind = 'comment' and ${SEEN}`;
const TO_POST = `c.root_id = $3::uuid and c.parent_id is null`;
const TO_COMMENT = `c.parent_id = $3::uuid`;

const OF_POST = singlePage('federation.replies_to_post', {
  select: `select c.id, c.uri ${FROM} and ${TO_POST}`,
  key: 'c.id',
});
const OF_COMMENT = singlePage('federation.replies_to_comment', {
  select: `select c.id, c.uri ${FROM} and ${TO_COMMENT}`,
  key: 'c.id',
});

/** Answers are counted up to here. */
const COUNTED = 10_000;
const count = (name: string, which: string) =>
  statement(
    name,
    `select count(*)::int as count from (select ${FROM} and ${which.replace('$3', '$1')} limit ${COUNTED}) counted`,
  );
const COUNT_OF_POST = count('federation.count_replies_to_post', TO_POST);
const COUNT_OF_COMMENT = count('federation.count_replies_to_comment', TO_COMMENT);

/** An answer, by its identity. */
export interface ReplyRow {
  readonly id: CommentId;
  readonly uri: string;
}

/** A page of the answers to a post or comment that everybody sees, the newest first. */
export async function findRepliesPage(
  reader: Reader,
  { id, kind }: Pick<FederatedPost, 'id' | 'kind'>,
  request: PageRequest,
): Promise<Page<ReplyRow>> {
  const page = kind === 'comment' ? OF_COMMENT : OF_POST;
  return toPage(request, await reader.rows<ReplyRow>(...page(request, [id])));
}

/** How many answers to a post or comment everybody sees, counted up to 10,000. */
export async function countReplies(
  reader: Reader,
  { id, kind }: Pick<FederatedPost, 'id' | 'kind'>,
): Promise<number> {
  const query = kind === 'comment' ? COUNT_OF_COMMENT : COUNT_OF_POST;
  return (await reader.row<{ count: number }>(query, [id]))?.count ?? 0;
}
