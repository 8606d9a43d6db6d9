/** Counters of reactions. Every caller holds the lock of the subject, so none of them can race. */
import { statement, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../post.entity.js';
import { LIKE } from '../reaction-content.js';
import { TOP_RANK } from './start-counts.js';

const ENTER_GROUP = statement(
  'reaction_groups.enter',
  `insert into reaction_groups as g (post_id, content, count) values ($1, $2, 1)
   on conflict (post_id, content) do update set count = g.count + 1`,
);
const LEAVE_GROUP = statement(
  'reaction_groups.leave',
  `with last as (delete from reaction_groups where post_id = $1 and content = $2 and count = 1)
   update reaction_groups set count = count - 1 where post_id = $1 and content = $2 and count > 1`,
);
const COUNT = statement(
  'post_counts.reactions',
  'update post_counts set reactions = reactions + $2, likes = likes + $3 where post_id = $1',
);
const RANK = statement(
  'post_counts.rank',
  `update post_counts set top_rank = ${TOP_RANK} where post_id = $1 and root_id is not null`,
);

/** Moves one person from one reaction to another; null = none. */
export async function countReaction(
  tx: Transaction,
  subjectId: PostId | CommentId,
  before: string | null,
  after: string | null,
): Promise<void> {
  if (before !== null) await tx.rows(LEAVE_GROUP, [subjectId, before]);
  if (after !== null) await tx.rows(ENTER_GROUP, [subjectId, after]);
  const likes = Number(after === LIKE) - Number(before === LIKE);
  await tx.rows(COUNT, [subjectId, Number(after !== null) - Number(before !== null), likes]);
  if (likes !== 0) await tx.rows(RANK, [subjectId]);
}
