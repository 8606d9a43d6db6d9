/** Reporting somebody to the staff of this server. */
import type { ActorId } from '../actors/actor.entity.js';
import { findActors, isThere } from '../actors/actor.queries.js';
import type { MessageClaim } from '../chat/prove-message.js';
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireActing } from '../platform/require-viewer.js';
import { findStarterPacks } from '../starterpacks/starter-packs.queries.js';
import { findStories } from '../stories/stories.queries.js';
import type { StoryId } from '../stories/story.entity.js';
import { requireLength } from '../posts/text-limits.js';
import { canSee } from '../posts/visibility.js';
import { findSubjectFacts } from '../posts/visibility.queries.js';
import { reportFiled, reportForwarded } from './moderation.events.js';
import type { ReportCategory, ReportedSubject, ReportId, SubjectId } from './report.js';
import { keptSubjects } from './internal/kept-subjects.js';
import { provenMessages } from './internal/proven-messages.js';
import { requireRules } from './internal/require-rules.js';

/** What is reported. */
export interface ReportDraft {
  readonly actorId: ActorId;
  /** Posts, comments, stories and starter packs of that actor that the viewer sees; none = the actor as such. */
  readonly subjectIds: readonly SubjectId[];
  /** What that actor wrote to the viewer inside the encryption. */
  readonly messages?: readonly MessageClaim[];
  readonly category: ReportCategory;
  /** Plain text; may be empty. */
  readonly comment: string;
  /** Rules of this server that were broken. */
  readonly ruleIds: readonly string[];
  /** Of somebody of another server: its staff gets to know, too, but not who reports. */
  readonly isForwarded?: boolean;
}

const COMMENT_LENGTH = 2000;
const MAX_SUBJECTS = 20;
const REPORT_LIMIT = { name: 'report', points: 30, windowSeconds: 3600, failsClosed: false };

const INSERT = statement(
  'reports.insert',
  `insert into reports as r (id, reporter_id, target_id, category, comment, rule_ids, subjects, subject_ids, status, created_at,
     is_forwarded, messages)
   values ($1, $2, $3, $4, $5, $6::uuid[], $7::jsonb, $8::uuid[], 'OPEN', $9, $10, $11::jsonb)
   on conflict (reporter_id, target_id, category, subject_ids) where status in ('OPEN', 'ASSIGNED')
   do update set comment = excluded.comment, rule_ids = excluded.rule_ids,
     is_forwarded = r.is_forwarded or excluded.is_forwarded
   returning id, xmax = 0 as "isNew"`,
);

/**
 * Reports an actor, and some of what it published, or wrote to the viewer inside the encryption. The same report again, while the first one is open, only
 * replaces its comment. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for an actor or thing that the viewer does not see, or that is not the actor's
 * @throws {Invalid} INVALID_INPUT; UNPROVEN_MESSAGE for a message that the server has not seen so
 * @throws {RateLimited} RATE_LIMITED for more than 30 in an hour
 */
export async function fileReport(context: CommandContext, draft: ReportDraft): Promise<ReportId> {
  const viewer = requireActing(context);
  await requireDraft(context, draft);
  await requireRate(context, REPORT_LIMIT, viewer.actorId);
  const { messages = [], actorId } = draft;
  const proven = await provenMessages(context, messages, actorId, viewer.actorId);
  return context.database.transaction(async (tx) => {
    const [target] = await findActors(tx, [draft.actorId]);
    if (!target || !isThere(target)) throw new NotFound(['actorId']);
    if (target.id === viewer.actorId)
      throw new Invalid('This cannot be done to yourself.', ['actorId'], 'NOT_SELF');
    const now = context.clock.now();
    const isForwarded = draft.isForwarded === true && target.domain !== null;
    const subjects = await readSubjects(tx, viewer.actorId, draft, now);
    const row = await tx.row<{ id: ReportId; isNew: boolean }>(INSERT, [
      newId<'report'>(now),
      viewer.actorId,
      target.id,
      draft.category,
      draft.comment.trim(),
      draft.ruleIds,
      JSON.stringify(subjects),
      [...subjects.map(({ id }) => id), ...proven.map(({ id }) => id).toSorted()],
      now,
      isForwarded,
      JSON.stringify(proven.map(({ message }) => message)),
    ]);
    const { id: reportId, isNew } = row!;
    if (isNew) await tx.append(reportFiled, { reportId, targetId: target.id });
    if (isForwarded) await tx.append(reportForwarded, { reportId });
    return reportId;
  });
}

async function requireDraft(context: CommandContext, draft: ReportDraft): Promise<void> {
  requireLength(draft.comment, COMMENT_LENGTH, ['comment']);
  if (draft.category === 'OTHER' && isBlank(draft.comment))
    throw new Invalid('Say what it is about.', ['comment'], 'REQUIRED');
  if (draft.subjectIds.length > MAX_SUBJECTS) {
    const limit = String(MAX_SUBJECTS);
    throw new Invalid(`At most ${limit} things at once.`, ['subjectIds'], 'MAX_ITEMS', limit);
  }
  await requireRules(context, draft.ruleIds);
}

async function readSubjects(
  tx: Transaction,
  viewerId: ActorId,
  { subjectIds, actorId }: ReportDraft,
  now: Date,
): Promise<ReportedSubject[]> {
  if (subjectIds.length === 0) return [];
  const facts = await findSubjectFacts(tx, subjectIds, viewerId);
  const stories = await findStories(tx, subjectIds as readonly StoryId[], viewerId, now);
  const packs = await findStarterPacks(tx, subjectIds, viewerId);
  const seen = new Set<SubjectId>([
    ...stories.filter(({ authorId }) => authorId === actorId).map(({ id }) => id),
    ...packs.filter(({ ownerId }) => ownerId === actorId).map(({ id }) => id),
  ]);
  const onlooker = { actorId: viewerId, isLocal: true };
  const index = subjectIds.findIndex((id) => {
    if (seen.has(id)) return false;
    const subject = facts.get(id);
    return !subject || subject.authorId !== actorId || !canSee(onlooker, subject);
  });
  if (index >= 0) throw new NotFound(['subjectIds', String(index)]);
  return keptSubjects(tx, subjectIds, actorId);
}
