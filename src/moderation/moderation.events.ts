/** What people report and what the staff does, as others hear of it. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { ModerationActionId, ModerationActionKind } from './moderation-action.js';
import type { ReportId } from './report.js';

/** Somebody reported an actor. */
export const reportFiled = defineEvent<{ reportId: ReportId; targetId: ActorId }>('reportFiled');

/** The reporter wants the staff of the other server to know, too. */
export const reportForwarded = defineEvent<{ reportId: ReportId }>('reportForwarded');

/** A moderator did something about an actor; `isTold` when the person shall hear of it. */
export const moderationActionTaken = defineEvent<{
  actionId: ModerationActionId;
  targetId: ActorId;
  kind: ModerationActionKind;
  /** Plain text for the person. */
  reason: string;
  isTold: boolean;
}>('moderationActionTaken');
