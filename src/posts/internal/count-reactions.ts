/** Counters of reactions. Every caller holds the lock of the subject, so none of them can race. */
import type { Transaction } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import type { CommentId, PostId } from '../post.entity.js';
import { LIKE } from '../reaction-content.js';
import { topRank } from './start-counts.js';

// One statement for groups, numbers and the rank of comments, and for all who react at once.
const COUNT = statementForMany(
  'post_counts.reactions',
  `with moved as materialized (
     select * from jsonb_to_recordset($1::jsonb) as moved("subjectId" uuid, before text, after text, likes int)),
   change as materialized (
     select "subjectId" as post_id, content, sum(step)::int as step from (
       select "subjectId", after as content, 1 as step from moved where after is not null
       union all select "subjectId", before, -1 from moved where before is not null) one
     group by 1, 2 having sum(step) <> 0 order by 1, 2),
   entered as (
     insert into reaction_groups as g (post_id, content, count) select post_id, content, step from change where step > 0
     on conflict (post_id, content) do update set count = g.count + excluded.count),
   emptied as (
     delete from reaction_groups g using change
     where change.step < 0 and g.post_id = change.post_id and g.content = change.content and g.count <= -change.step),
   lessened as (
     update reaction_groups g set count = g.count + change.step from change
     where change.step < 0 and g.post_id = change.post_id and g.content = change.content and g.count > -change.step)
   update post_counts set reactions = post_counts.reactions + total.reactions, likes = post_counts.likes + total.likes,
     top_rank = case when root_id is null or total.likes = 0 then top_rank
       else ${topRank('post_counts.likes + total.likes')} end
   from (select "subjectId", sum((after is not null)::int - (before is not null)::int)::int as reactions, sum(likes)::int as likes
     from moved group by 1) total
   where post_id = total."subjectId"`,
);

/** Moves one person from one reaction to another; null = none. */
export async function countReaction(
  tx: Transaction,
  subjectId: PostId | CommentId,
  before: string | null,
  after: string | null,
): Promise<void> {
  const likes = Number(after === LIKE) - Number(before === LIKE);
  await tx.ask(COUNT, { subjectId, before, after, likes });
}
