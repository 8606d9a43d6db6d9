/** Deletes what is due of one person, by the commands that they would use themselves. */
import type { ActingContext } from '../../accounts/act-for.js';
import { statement, type Statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { deleteComment } from '../../posts/delete-comment.js';
import { deletePost } from '../../posts/delete-post.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { lockSeenSubject } from '../../posts/seen-subject.js';
import { deleteStory } from '../../stories/delete-story.js';
import type { StoryId } from '../../stories/story.entity.js';
import { DUE, type DueKind } from './due.js';

/** A piece that was due when it was looked for. */
interface Piece {
  readonly id: string;
  /** As text: a Date would lose microseconds. */
  readonly publishedAt: string;
}

interface Deletion {
  /** The next pieces behind one, oldest first. */
  readonly next: Statement;
  /** A row if the piece is due now, and then until the end of the transaction: whoever changes the rules waits. */
  readonly isDue: Statement;
  /** After it nobody marks the piece in a way that would keep it. @throws {NotFound} when it is gone */
  readonly lock: (owner: ActingContext, tx: Transaction, id: string) => Promise<void>;
  readonly run: (owner: ActingContext, id: string) => Promise<unknown>;
}

const PAGE = 50;
const BEFORE_ALL: Piece = {
  id: '00000000-0000-0000-0000-000000000000',
  publishedAt: '-infinity',
};

const RULES = `retention_rules r join accounts a on a.id = r.account_id and a.state = 'ACTIVE'`;
const IN_FORCE = `r.account_id = $1 and r.due_at <= $2`;
const GIVEN = { actorId: 'a.actor_id', now: '$2::timestamptz' };

function statements(kind: DueKind): Pick<Deletion, 'next' | 'isDue'> {
  const due = DUE[kind](GIVEN);
  return {
    next: statement(
      `retention.next_${kind}`,
      `select next.id, next.published_at::text as "publishedAt" from ${RULES} cross join lateral (
         select it.id, it.published_at from ${due} and (it.published_at, it.id) > ($3::timestamptz, $4::uuid)
         order by it.published_at, it.id limit ${PAGE}) next
       where ${IN_FORCE} order by next.published_at, next.id`,
    ),
    isDue: statement(
      `retention.is_due_${kind}`,
      `select 1 from ${RULES} where ${IN_FORCE} and exists (select from ${due} and it.id = $3) for share of r`,
    ),
  };
}

// Whoever puts a post into a collection, or a story into a highlight, refers to its row and waits for this one.
const LOCK_POST = statement('retention.lock_post', 'select from posts where id = $1 for update');
const LOCK_STORY = statement(
  'retention.lock_story',
  'select from stories where id = $1 for update',
);

async function lockSubject({ viewer }: ActingContext, tx: Transaction, id: string): Promise<void> {
  await lockSeenSubject(tx, viewer, id as PostId, []);
  await tx.rows(LOCK_POST, [id]);
}

const DELETIONS: Readonly<Record<DueKind, Deletion>> = {
  post: {
    ...statements('post'),
    lock: lockSubject,
    run: (owner, id) => deletePost(owner, id as PostId),
  },
  comment: {
    ...statements('comment'),
    lock: lockSubject,
    run: (owner, id) => deleteComment(owner, id as CommentId),
  },
  story: {
    ...statements('story'),
    lock: async (_owner, tx, id) => void (await tx.rows(LOCK_STORY, [id])),
    run: (owner, id) => deleteStory(owner, id as StoryId),
  },
};

/**
 * Deletes what is due, oldest first, each piece in a transaction of its own; a fault with one does not hold up the
 * others.
 *
 * @returns how many were deleted; fewer than `most` = there is nothing more for now
 */
export async function deleteDue(
  owner: ActingContext,
  kind: DueKind,
  most: number,
): Promise<number> {
  const { database, clock, viewer, log } = owner;
  let deleted = 0;
  let last = BEFORE_ALL;
  for (;;) {
    const values = [viewer.accountId, clock.now(), last.publishedAt, last.id];
    const pieces = await database.rows<Piece>(DELETIONS[kind].next, values);
    for (const { id } of pieces) {
      if (deleted >= most) return deleted;
      try {
        if (await deleteIfDue(owner, DELETIONS[kind], id)) deleted += 1;
      } catch (error) {
        log.error({ err: error, kind, id }, 'what is due could not be deleted');
      }
    }
    if (pieces.length < PAGE) return deleted;
    last = pieces.at(-1)!;
  }
}

/** Asked again under the lock: meanwhile it may have been pinned, or the rules have changed. */
async function deleteIfDue(owner: ActingContext, deletion: Deletion, id: string): Promise<boolean> {
  const { database, clock, viewer } = owner;
  try {
    return await database.transaction(async (tx) => {
      await deletion.lock(owner, tx, id);
      if (!(await tx.row(deletion.isDue, [viewer.accountId, clock.now(), id]))) return false;
      await deletion.run(owner, id);
      return true;
    });
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
