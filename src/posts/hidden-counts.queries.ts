/** What counters hold of people whom the viewer may not see: a number must not tell of them either. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { isCountedIn } from './comment-visibility.js';

/** What to take off the counters of a post or comment. */
export interface HiddenCounts {
  readonly id: string;
  readonly likes: number;
  readonly reactions: number;
  readonly comments: number;
  readonly replies: number;
  readonly reposts: number;
}

const HIDDEN = statement(
  'posts.hidden_counts',
  `with hidden as materialized (
     select blocked_id as id from blocks where blocker_id = $2
     union select blocker_id from blocks where blocked_id = $2
   )
   select subject.id,
     (select count(*)::int from reactions r where r.post_id = subject.id and r.content = '❤' and r.actor_id in (select id from hidden)) as likes,
     (select count(*)::int from reactions r where r.post_id = subject.id and r.actor_id in (select id from hidden)) as reactions,
     (select count(*)::int from posts c where c.root_id = subject.id and c.kind = 'comment' and c.deleted_at is null
       and c.hidden_through is null and ${isCountedIn('c')} and c.author_id in (select id from hidden)) as comments,
     (select count(*)::int from posts above join posts c on c.parent_id = above.id
       where above.id = subject.id and c.kind = 'comment' and c.deleted_at is null and c.narrowed_to is null
         and c.hidden_through is not distinct from above.hidden_through and (c.author_id in (select id from hidden)
           or c.hidden_through is not null and c.author_id <> $2
             and not exists (select from posts where id = c.root_id and author_id = $2))) as replies,
     (select count(*)::int from reposts r where r.post_id = subject.id and r.actor_id in (select id from hidden)) as reposts
   from unnest($1::uuid[]) as subject(id)`,
);

/** Reactions, comments and reposts of people blocked by or blocking the viewer, and hidden answers to a hidden comment; by post or comment. */
export function findHiddenCounts(
  reader: Reader,
  subjectIds: readonly string[],
  viewerId: ActorId,
): Promise<HiddenCounts[]> {
  return reader.rows<HiddenCounts>(HIDDEN, [subjectIds, viewerId]);
}
