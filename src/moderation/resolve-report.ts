/** How the staff works through its queue. */
import { recordAct } from '../accounts/audit.js';
import { findAccountOfActor } from '../accounts/accounts.queries.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { toGlobalId } from '../platform/ids.js';
import { includesRole, requireRole } from '../platform/require-viewer.js';
import { requireLength } from '../posts/text-limits.js';
import type { ReportId, ReportStatus } from './report.js';

/** What becomes of a report. */
export interface ReportDecision {
  readonly reportId: ReportId;
  readonly status: ReportStatus;
  /** For the staff alone; absent = as it is. */
  readonly note?: string;
  /** Who looks at it, with ASSIGNED; null = the viewer. */
  readonly assigneeId: ActorId | null;
}

const NOTE_LENGTH = 5000;
const UPDATE = statement(
  'reports.decide',
  `update reports set status = $2, assignee_id = case when $2 = 'ASSIGNED' then $3::uuid else assignee_id end,
     staff_note = coalesce($4, staff_note),
     resolved_at = case when $2 in ('RESOLVED', 'DISMISSED') then $5::timestamptz end
   where id = $1 returning id`,
);

/**
 * Moves a report on, or opens it again. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {NotFound} NOT_FOUND for an unknown report, and for an assignee who is not of the staff
 * @throws {Invalid} INVALID_INPUT
 */
export async function resolveReport(
  context: CommandContext,
  decision: ReportDecision,
): Promise<void> {
  const moderator = requireRole(context, 'MODERATOR');
  const { reportId, status, note } = decision;
  requireLength(note ?? '', NOTE_LENGTH, ['note']);
  if (decision.assigneeId !== null && status !== 'ASSIGNED')
    throw new Invalid(
      'Only an assigned report has somebody who looks at it.',
      ['assigneeId'],
      'UNUSED',
    );
  await context.database.transaction(async (tx) => {
    const assigneeId = decision.assigneeId ?? moderator.actorId;
    if (decision.assigneeId !== null) await requireStaff(tx, decision.assigneeId);
    const now = context.clock.now();
    const row = await tx.row(UPDATE, [reportId, status, assigneeId, note?.trim() ?? null, now]);
    if (!row) throw new NotFound(['reportId']);
    await recordAct(context, tx, {
      action: 'resolveReport',
      subjectId: toGlobalId('report', reportId),
      details: { status, assigneeId: status === 'ASSIGNED' ? assigneeId : null },
    });
  });
}

async function requireStaff(tx: Transaction, actorId: ActorId): Promise<void> {
  const account = await findAccountOfActor(tx, actorId);
  if (!account || !includesRole(account.role, 'MODERATOR')) throw new NotFound(['assigneeId']);
}
