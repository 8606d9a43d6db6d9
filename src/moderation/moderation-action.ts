/** Words of what the staff does. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';
import type { ReportId } from './report.js';

/** Identity of a moderation action. */
export type ModerationActionId = Id<'moderationaction'>;

/** What a moderator can do. */
export const MODERATION_ACTION_KINDS = {
  WARN: 'Tell the person, and do nothing else.',
  MARK_SENSITIVE: 'Mark posts as sensitive.',
  REMOVE_CONTENT:
    'Take posts, comments, stories and starter packs out of sight, for their author too.',
  RESTORE_CONTENT: 'Bring removed posts, comments, stories and starter packs back.',
  LIMIT: 'Show the actor to those who follow or look for them only.',
  UNLIMIT: 'Take a limit back.',
  SUSPEND: 'Close every door: nothing of the actor is there any more.',
  UNSUSPEND: 'Take a suspension back.',
} as const;

/** One of the kinds. */
export type ModerationActionKind = keyof typeof MODERATION_ACTION_KINDS;

const AGAINST_TARGET: readonly ModerationActionKind[] = [
  'WARN',
  'MARK_SENSITIVE',
  'REMOVE_CONTENT',
  'LIMIT',
  'SUSPEND',
];

/** Whether it is held against the person, and not something that is taken back. */
export function isAgainstTarget(kind: ModerationActionKind): boolean {
  return AGAINST_TARGET.includes(kind);
}

/** What was done. */
export interface ModerationActionRow {
  readonly id: ModerationActionId;
  readonly kind: ModerationActionKind;
  readonly targetId: ActorId;
  /** Null when that account is gone. */
  readonly moderatorId: ActorId | null;
  /** Plain text for the person. */
  readonly reason: string;
  readonly ruleIds: readonly string[];
  /** Inner ids of posts, comments, stories and starter packs. */
  readonly subjectIds: readonly string[];
  readonly reportIds: readonly ReportId[];
  readonly createdAt: Date;
}
