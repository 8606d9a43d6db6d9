/** The staff decides what may trend. */
import { recordAct } from '../accounts/audit.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { findHashtags } from '../posts/hashtag.queries.js';
import { findPosts } from '../posts/post.queries.js';

/** A hashtag or a post, and whether it may trend. */
export interface TrendDecision {
  readonly kind: 'hashtag' | 'post';
  readonly id: string;
  readonly allow: boolean;
}

const decide = (column: string) =>
  statement(
    `trends.decide_${column}`,
    `insert into trend_decisions (${column}, is_allowed, decided_at) values ($1, $2, $3)
     on conflict (${column}) do update set is_allowed = excluded.is_allowed, decided_at = excluded.decided_at
     where trend_decisions.is_allowed <> excluded.is_allowed returning true as changed`,
  );
const DECIDE = { hashtag: decide('hashtag_id'), post: decide('post_id') };

/**
 * Lets a hashtag or a public post trend, or keeps it out, until it is decided otherwise. A repeat leaves no trace.
 *
 * @throws {Forbidden} FORBIDDEN below the role CURATOR
 * @throws {NotFound} NOT_FOUND for what is not there, or not public
 */
export async function decideTrend(
  context: CommandContext,
  { kind, id, allow }: TrendDecision,
): Promise<void> {
  requireRole(context, 'CURATOR');
  await context.database.transaction(async (tx) => {
    const isThere =
      kind === 'hashtag'
        ? (await findHashtags(tx, [id], null)).length > 0
        : (await findPosts(tx, [id], null)).length > 0;
    if (!isThere) throw new NotFound(['subjectId']);
    const changed = await tx.row(DECIDE[kind], [id, allow, context.clock.now()]);
    if (!changed) return;
    await recordAct(context, tx, {
      action: 'decideTrend',
      subjectId: toGlobalId(kind, id),
      details: { allow },
    });
  });
}
