/**
 * Erases what an author wrote and did with what others wrote, a little at a time. Each piece is a transaction of its
 * own and leaves every counter right, so that whoever begins anew after a crash goes on where it ended.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { Visibility } from '../actors/visibility.js';
import type { Services } from '../platform/context.js';
import { statement, type Statement, type Transaction } from '../platform/db/database.js';
import type { Narrowing } from './comment-visibility.js';
import { dropAlbums } from './internal/album.js';
import { eraseComment } from './internal/erase-comment.js';
import { eraseContent } from './internal/erase-content.js';
import { erasePost } from './internal/erase-post.js';
import { topRank } from './internal/start-counts.js';
import type { CommentId, PostId, RepostId } from './post.entity.js';
import { repostEnded } from './posts.events.js';
import { LIKE } from './reaction-content.js';

/** What erasing needs. */
export type Erasing = Pick<Services, 'database' | 'clock'>;

const POSTS = 50;
const REACTIONS = 200;

// What the staff removed is not erased yet, only out of sight.
const TO_ERASE = `author_id = $1 and (deleted_at is null or removed_at is not null)`;
const NEXT_POSTS = statement(
  'erase.next_posts',
  `select id from posts where ${TO_ERASE} and kind <> 'comment' order by id limit ${POSTS}`,
);
const NEXT_COMMENTS = statement(
  'erase.next_comments',
  `select id from posts where ${TO_ERASE} and kind = 'comment' order by root_id, id limit ${POSTS}`,
);
const LOCK_ROOT = statement(
  'erase.lock_root',
  `select from post_counts where post_id = (select coalesce(root_id, id) from posts where id = $1) for update`,
);
const FACTS = statement(
  'erase.facts',
  `select id, author_id as "authorId", visibility, archived_at as "archivedAt", root_id as "postId",
     parent_id as "parentId", hidden_through as "hiddenThrough", narrowed_to as "narrowedTo", removed_at is not null as "isRemoved"
   from posts where id = $2 and ${TO_ERASE}`,
);

interface Facts {
  readonly id: string;
  readonly authorId: ActorId;
  readonly visibility: Visibility;
  readonly archivedAt: Date | null;
  /** Of a comment; null for a post. */
  readonly postId: PostId | null;
  readonly parentId: CommentId | null;
  readonly hiddenThrough: CommentId | null;
  readonly narrowedTo: Narrowing | null;
  readonly isRemoved: boolean;
}

/** Erases up to 50 posts. @returns how many there were to erase; 0 = it is done */
export function eraseSomePosts(services: Erasing, authorId: ActorId): Promise<number> {
  return eraseEach(services, authorId, NEXT_POSTS);
}

/** Erases up to 50 comments with what answers them. @returns how many there were to erase; 0 = it is done */
export function eraseSomeComments(services: Erasing, authorId: ActorId): Promise<number> {
  return eraseEach(services, authorId, NEXT_COMMENTS);
}

/** Erases one post or comment of its author, who need not see it any more; what is not theirs stays. */
export async function eraseOne(
  { database, clock }: Erasing,
  authorId: ActorId,
  id: PostId | CommentId,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.rows(LOCK_ROOT, [id]);
    const facts = await tx.row<Facts>(FACTS, [authorId, id]);
    if (facts) await eraseFound(tx, clock.now(), facts);
  });
}

async function eraseFound(tx: Transaction, now: Date, facts: Facts): Promise<void> {
  if (facts.postId !== null) {
    await eraseComment(tx, now, { ...facts, id: facts.id as CommentId, postId: facts.postId });
    return;
  }
  const post = { ...facts, id: facts.id as PostId };
  if (!facts.isRemoved) return erasePost(tx, now, post);
  await dropAlbums(tx, now, [post.id]);
  await eraseContent(tx, [post.id], now);
}

async function eraseEach(services: Erasing, authorId: ActorId, next: Statement): Promise<number> {
  const found = await services.database.rows<{ id: PostId | CommentId }>(next, [authorId]);
  for (const { id } of found) await eraseOne(services, authorId, id);
  return found.length;
}

const NEXT_REACTIONS = statement(
  'erase.next_reactions',
  `select post_id as id from reactions where actor_id = $1 order by id limit ${REACTIONS}`,
);
const LOCK_ALL = statement(
  'erase.lock_all',
  'select from post_counts where post_id = any($1::uuid[]) order by post_id for update',
);
const DROP_REACTIONS = statement(
  'erase.reactions',
  `delete from reactions where actor_id = $1 and post_id = any($2::uuid[]) returning post_id as id, content`,
);
const GONE = `unnest($1::uuid[], $2::text[]) as gone(post_id, content)`;
const LEAVE_GROUPS = statement(
  'erase.reaction_groups',
  `with last as (delete from reaction_groups g using ${GONE}
     where g.post_id = gone.post_id and g.content = gone.content and g.count = 1)
   update reaction_groups g set count = count - 1 from ${GONE}
   where g.post_id = gone.post_id and g.content = gone.content and g.count > 1`,
);
const COUNT_REACTIONS = statement(
  'erase.reaction_counts',
  `update post_counts c set reactions = reactions - 1, likes = likes - case when gone.content = '${LIKE}' then 1 else 0 end
   from ${GONE} where c.post_id = gone.post_id`,
);
const RANK = statement(
  'erase.rank',
  `update post_counts set top_rank = ${topRank('likes')} where post_id = any($1::uuid[]) and root_id is not null`,
);

/** Takes back up to 200 reactions. @returns how many there were; 0 = it is done */
export async function eraseSomeReactions({ database }: Erasing, actorId: ActorId): Promise<number> {
  const found = await database.rows<{ id: PostId | CommentId }>(NEXT_REACTIONS, [actorId]);
  if (found.length === 0) return 0;
  await database.transaction(async (tx) => {
    const ids = found.map(({ id }) => id);
    await tx.rows(LOCK_ALL, [ids]);
    const gone = await tx.rows<{ id: string; content: string }>(DROP_REACTIONS, [actorId, ids]);
    const values = [gone.map(({ id }) => id), gone.map(({ content }) => content)];
    await tx.rows(LEAVE_GROUPS, values);
    await tx.rows(COUNT_REACTIONS, values);
    await tx.rows(RANK, [values[0]]);
  });
  return found.length;
}

const NEXT_REPOSTS = statement(
  'erase.next_reposts',
  `select post_id as id from reposts where actor_id = $1 order by id limit ${POSTS}`,
);
const DROP_REPOSTS = statement(
  'erase.reposts',
  `with gone as (delete from reposts where actor_id = $1 and post_id = any($2::uuid[]) returning id, post_id),
     counted as (update post_counts c set reposts = reposts - 1 from gone where c.post_id = gone.post_id)
   select gone.id as "repostId", p.id as "postId", p.author_id as "postAuthorId"
   from gone join posts p on p.id = gone.post_id`,
);

/** Takes back up to 50 reposts. @returns how many there were; 0 = it is done */
export async function eraseSomeReposts({ database }: Erasing, actorId: ActorId): Promise<number> {
  const found = await database.rows<{ id: PostId }>(NEXT_REPOSTS, [actorId]);
  if (found.length === 0) return 0;
  await database.transaction(async (tx) => {
    const ids = found.map(({ id }) => id);
    await tx.rows(LOCK_ALL, [ids]);
    const gone = await tx.rows<{ repostId: RepostId; postId: PostId; postAuthorId: ActorId }>(
      DROP_REPOSTS,
      [actorId, ids],
    );
    for (const repost of gone) await tx.append(repostEnded, { ...repost, actorId });
  });
  return found.length;
}
