/** What a moderator does about an actor: one act, its effect and its entry in the record commit together. */
import { findAccountOfActor, type AccountRow } from '../accounts/accounts.queries.js';
import { recordAct } from '../accounts/audit.js';
import { setAccountSuspended } from '../accounts/set-account-suspended.js';
import type { ActorId } from '../actors/actor.entity.js';
import { findActors } from '../actors/actor.queries.js';
import { setActorLimited, setActorSuspended } from '../actors/set-actor-status.js';
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext, Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { markSensitive, setContentRemoved } from '../posts/set-content-removed.js';
import type { CommentId, PostId } from '../posts/post.entity.js';
import { requireLength } from '../posts/text-limits.js';
import type { ModerationActionId, ModerationActionKind } from './moderation-action.js';
import { moderationActionTaken } from './moderation.events.js';
import { requireHigherRole } from './moderation.policy.js';
import { setStarterPacksRemoved } from '../starterpacks/set-starter-packs-removed.js';
import { setStoriesRemoved } from '../stories/set-stories-removed.js';
import type { ReportId, SubjectId } from './report.js';
import { requireRules } from './internal/require-rules.js';

/** The act. */
export interface ModerationDraft {
  readonly targetId: ActorId;
  readonly kind: ModerationActionKind;
  /** Posts, comments, stories and starter packs of the actor, for the kinds about content. */
  readonly subjectIds: readonly SubjectId[];
  /** Plain text for the person, 1–2,000 characters. */
  readonly reason: string;
  readonly ruleIds: readonly string[];
  /** Reports that are resolved with it. */
  readonly reportIds: readonly ReportId[];
  /** Whether the person hears of it. */
  readonly notifyTarget: boolean;
}

const REASON_LENGTH = 2000;
const MAX_SUBJECTS = 100;
const ABOUT_CONTENT: readonly ModerationActionKind[] = [
  'MARK_SENSITIVE',
  'REMOVE_CONTENT',
  'RESTORE_CONTENT',
];

// Two moderators act on one person one after the other.
const LOCK_TARGET = statement(
  'moderation.lock_target',
  'select id from actors where id = $1 for no key update',
);
const OF_TARGET = statement(
  'moderation.subjects',
  `select id from posts where id = any($1::uuid[]) and author_id = $2
     and case when $3 then removed_at is not null else deleted_at is null end
   union all
   select id from stories where $4 and id = any($1::uuid[]) and author_id = $2 and (removed_at is not null) = $3
   union all
   select id from starter_packs where $4 and id = any($1::uuid[]) and owner_id = $2 and (removed_at is not null) = $3`,
);
const REPORTS_OF_TARGET = statement(
  'moderation.reports_of_target',
  'select id from reports where id = any($1::uuid[]) and target_id = $2',
);
const INSERT = statement(
  'moderation.insert',
  `insert into moderation_actions (id, kind, target_id, moderator_id, reason, rule_ids, subject_ids, report_ids, created_at)
   values ($1, $2, $3, $4, $5, $6::uuid[], $7::uuid[], $8::uuid[], $9)`,
);
const RESOLVE = statement(
  'moderation.resolve_reports',
  `update reports set status = 'RESOLVED', resolved_at = $3
   where id = any($1::uuid[]) and target_id = $2 and status in ('OPEN', 'ASSIGNED')`,
);

/**
 * Does something about an actor. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR, and for somebody of the same or a higher role
 * @throws {NotFound} NOT_FOUND for an unknown actor or rule, and for content or reports that are not that actor's
 * @throws {Invalid} INVALID_INPUT
 */
export async function takeModerationAction(
  context: CommandContext,
  draft: ModerationDraft,
): Promise<ModerationActionId> {
  const moderator = requireRole(context, 'MODERATOR');
  requireDraft(draft);
  await requireRules(context, draft.ruleIds);
  return context.database.transaction(async (tx) => {
    const account = await lockTarget(tx, moderator, draft.targetId);
    await requireSubjects(tx, draft);
    await requireReports(tx, draft);
    await takeEffect(context, tx, draft, account);
    return store(context, tx, moderator, draft);
  });
}

function requireDraft({ kind, reason, subjectIds }: ModerationDraft): void {
  requireLength(reason, REASON_LENGTH, ['reason']);
  if (isBlank(reason)) throw new Invalid('Say why.', ['reason'], 'REQUIRED');
  if (subjectIds.length > MAX_SUBJECTS) {
    const limit = String(MAX_SUBJECTS);
    throw new Invalid(`At most ${limit} things at once.`, ['subjectIds'], 'MAX_ITEMS', limit);
  }
  if (ABOUT_CONTENT.includes(kind) && subjectIds.length === 0)
    throw new Invalid('Say which posts or comments.', ['subjectIds'], 'REQUIRED');
}

async function lockTarget(
  tx: Transaction,
  moderator: Viewer,
  targetId: ActorId,
): Promise<AccountRow | null> {
  await tx.rows(LOCK_TARGET, [targetId]);
  const [target] = await findActors(tx, [targetId]);
  if (!target) throw new NotFound(['targetId']);
  const account = await findAccountOfActor(tx, targetId);
  requireHigherRole(moderator.role, account?.role ?? null);
  return account;
}

async function requireSubjects(tx: Transaction, draft: ModerationDraft): Promise<void> {
  const { kind, subjectIds, targetId } = draft;
  // No story is marked: it is gone before long. A starter pack has no picture.
  const mayBeOther = kind !== 'MARK_SENSITIVE';
  const values = [subjectIds, targetId, kind === 'RESTORE_CONTENT', mayBeOther];
  const rows = await tx.rows<{ id: string }>(OF_TARGET, values);
  const known = new Set(rows.map(({ id }) => id));
  const index = subjectIds.findIndex((id) => !known.has(id));
  if (index >= 0) throw new NotFound(['subjectIds', String(index)]);
}

async function requireReports(
  tx: Transaction,
  { reportIds, targetId }: ModerationDraft,
): Promise<void> {
  if (reportIds.length === 0) return;
  const rows = await tx.rows<{ id: string }>(REPORTS_OF_TARGET, [reportIds, targetId]);
  const known = new Set(rows.map(({ id }) => id));
  const index = reportIds.findIndex((id) => !known.has(id));
  if (index >= 0) throw new NotFound(['reportIds', String(index)]);
}

async function takeEffect(
  context: CommandContext,
  tx: Transaction,
  { kind, targetId, subjectIds }: ModerationDraft,
  account: AccountRow | null,
): Promise<void> {
  const now = context.clock.now();
  switch (kind) {
    case 'WARN':
      return;
    case 'MARK_SENSITIVE':
      return markSensitive(tx, asPosts(subjectIds));
    case 'REMOVE_CONTENT':
    case 'RESTORE_CONTENT': {
      const removedAt = kind === 'REMOVE_CONTENT' ? now : null;
      await setStoriesRemoved(tx, subjectIds, removedAt);
      await setStarterPacksRemoved(tx, subjectIds, removedAt);
      return setContentRemoved(tx, asPosts(subjectIds), removedAt);
    }
    case 'LIMIT':
    case 'UNLIMIT':
      return setActorLimited(tx, targetId, kind === 'LIMIT', now);
    case 'SUSPEND':
    case 'UNSUSPEND': {
      const isSuspended = kind === 'SUSPEND';
      if (account) return setAccountSuspended(context, tx, account, isSuspended);
      return setActorSuspended(tx, targetId, isSuspended, now);
    }
  }
}

/** Each command passes over what is not its own. */
function asPosts(ids: readonly SubjectId[]): readonly (PostId | CommentId)[] {
  return ids as readonly (PostId | CommentId)[];
}

async function store(
  context: CommandContext,
  tx: Transaction,
  moderator: Viewer,
  draft: ModerationDraft,
): Promise<ModerationActionId> {
  const now = context.clock.now();
  const id = newId<'moderationaction'>(now);
  const { kind, targetId, subjectIds, reportIds, ruleIds } = draft;
  const reason = draft.reason.trim();
  await tx.rows(INSERT, [
    id,
    kind,
    targetId,
    moderator.actorId,
    reason,
    ruleIds,
    subjectIds,
    reportIds,
    now,
  ]);
  await tx.rows(RESOLVE, [reportIds, targetId, now]);
  await recordAct(context, tx, {
    action: 'takeModerationAction',
    subjectId: toGlobalId('actor', targetId),
    details: { kind, reason, ruleIds, subjectIds, reportIds },
  });
  const isTold = draft.notifyTarget;
  await tx.append(moderationActionTaken, { actionId: id, targetId, kind, reason, isTold });
  return id;
}
