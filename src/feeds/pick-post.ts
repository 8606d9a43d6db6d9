/** The staff picks a post, in public, and takes that back. */
import { recordAct } from '../accounts/audit.js';
import { isBlank } from '../platform/blank-text.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, Forbidden, Invalid, NotFound } from '../platform/errors.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { composeContent } from '../posts/content/compose-content.js';
import type { PostId } from '../posts/post.entity.js';
import { findPosts } from '../posts/post.queries.js';
import { requireLength } from '../posts/text-limits.js';
import {
  LONGEST_PICK_DAYS,
  PICK_DAYS,
  PICK_REASON_LENGTH,
  type EditorialCriterion,
} from './editorial-pick.js';
import type { EditorialPickId } from './feed.js';

/** A post with the reason why it is picked. */
export interface PickDraft {
  readonly postId: PostId;
  readonly criterion: EditorialCriterion;
  /** Markdown; public. */
  readonly reason: string;
  /** Null = in 14 days. */
  readonly expiresAt: Date | null;
}

const DAY = 86_400;
const END_EXPIRED = statement(
  'editorial_picks.end_expired',
  `update editorial_picks set withdrawn_at = expires_at where post_id = $1 and withdrawn_at is null and expires_at <= $2`,
);
const INSERT = statement(
  'editorial_picks.insert',
  `insert into editorial_picks (id, post_id, curator_id, criterion, reason_html, reason_source, picked_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
);
const WITHDRAW = statement(
  'editorial_picks.withdraw',
  `update editorial_picks set withdrawn_at = $2 where id = $1 and withdrawn_at is null returning post_id as "postId"`,
);

/**
 * Picks a public post. It stands in the editorial feed until the pick ends; who picked it, why, and by which criterion is
 * public.
 *
 * @throws {Forbidden} FORBIDDEN below the role CURATOR, for an own post, and for one whose author wants it in no list
 * @throws {NotFound} NOT_FOUND for a post that is not there, or not for everybody
 * @throws {Invalid} INVALID_INPUT
 * @throws {Conflict} ALREADY_EXISTS when the post has a pick
 */
export async function pickPost(
  context: CommandContext,
  { postId, criterion, reason, expiresAt }: PickDraft,
): Promise<EditorialPickId> {
  const { actorId } = requireRole(context, 'CURATOR');
  const now = context.clock.now();
  const end = readEnd(expiresAt, now);
  const text = readReason(reason);
  return context.database.transaction(async (tx) => {
    const [post] = await findPosts(tx, [postId], null);
    if (!post) throw new NotFound(['postId']);
    if (post.authorId === actorId)
      throw new Forbidden('Nobody picks a post of their own.', 'FORBIDDEN', ['postId']);
    if (post.visibility !== 'PUBLIC' || !post.authorIsDiscoverable)
      throw new Forbidden('Its author does not want it to be found.', 'FORBIDDEN', ['postId']);
    await tx.rows(END_EXPIRED, [postId, now]);
    const id: EditorialPickId = newId(now);
    const { html } = await composeContent(tx, context.config, text);
    const row = [id, postId, actorId, criterion, html, text, now, end];
    if (!(await tx.row(INSERT, row)))
      throw new Conflict('It is picked already.', 'ALREADY_EXISTS', ['postId']);
    const subjectId = toGlobalId('post', postId);
    await recordAct(context, tx, { action: 'pickPost', subjectId, details: { criterion } });
    return id;
  });
}

/**
 * Takes a pick back, whoever made it.
 *
 * @throws {Forbidden} FORBIDDEN below the role CURATOR
 * @throws {NotFound} NOT_FOUND
 */
export async function withdrawPick(context: CommandContext, id: EditorialPickId): Promise<void> {
  requireRole(context, 'CURATOR');
  await context.database.transaction(async (tx) => {
    const row = await tx.row<{ postId: PostId }>(WITHDRAW, [id, context.clock.now()]);
    if (!row) throw new NotFound(['pickId']);
    const subjectId = toGlobalId('post', row.postId);
    await recordAct(context, tx, { action: 'withdrawPick', subjectId, details: {} });
  });
}

function readReason(reason: string): string {
  const text = reason.trim();
  if (isBlank(text)) throw new Invalid('A pick needs a public reason.', ['reason'], 'REQUIRED');
  requireLength(text, PICK_REASON_LENGTH, ['reason']);
  return text;
}

function readEnd(expiresAt: Date | null, now: Date): Date {
  const end = expiresAt ?? addSeconds(now, PICK_DAYS * DAY);
  if (end > now && end <= addSeconds(now, LONGEST_PICK_DAYS * DAY)) return end;
  if (end <= now) throw new Invalid('A pick ends later than now.', ['expiresAt'], 'FUTURE');
  const message = `A pick ends within ${LONGEST_PICK_DAYS} days.`;
  throw new Invalid(message, ['expiresAt'], 'LATEST', `P${LONGEST_PICK_DAYS}D`);
}
