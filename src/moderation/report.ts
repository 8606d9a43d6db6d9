/** Words of reports. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';
import type { CommentId, PostId } from '../posts/post.entity.js';
import type { StarterPackId } from '../starterpacks/starter-pack.js';
import type { StoryId } from '../stories/story.entity.js';

/** Identity of a report. */
export type ReportId = Id<'report'>;

/** Why something is reported; the categories of the DSA's statements of reasons. */
export const REPORT_CATEGORIES = {
  SPAM: 'Unwanted advertising, or repeated noise.',
  HARASSMENT: 'Attacks on a person.',
  HATE: 'Attacks on people for what they are.',
  VIOLENCE: 'Violence, or a threat of it.',
  SELF_HARM: 'Harm that somebody does or may do to themselves.',
  SEXUAL: 'Sexual content where it does not belong.',
  CHILD_SAFETY: 'Anything that endangers children.',
  ILLEGAL: 'Against the law in another way.',
  COPYRIGHT: 'Uses the work of somebody else.',
  MISINFORMATION: 'False and harmful.',
  IMPERSONATION: 'Pretends to be somebody else.',
  RULE_VIOLATION: 'Against the rules of this server.',
  OTHER: 'Something else; the comment says what.',
} as const;

/** One of the categories. */
export type ReportCategory = keyof typeof REPORT_CATEGORIES;

/** Where a report stands. */
export const REPORT_STATUSES = {
  OPEN: 'Nobody looks at it yet.',
  ASSIGNED: 'Somebody of the staff looks at it.',
  RESOLVED: 'Something was done.',
  DISMISSED: 'Nothing needed to be done.',
} as const;

/** One of the states. */
export type ReportStatus = keyof typeof REPORT_STATUSES;

/** What can be reported, and removed. */
export type SubjectId = PostId | CommentId | StoryId | StarterPackId;

/** A post, comment, story or starter pack as it was when it was reported. */
export interface ReportedSubject {
  readonly id: SubjectId;
  readonly kind: 'post' | 'comment' | 'story' | 'starterpack';
  readonly url: string;
  /** Sanitised HTML. */
  readonly content: string;
  readonly contentWarning: string | null;
  /** ISO 8601. */
  readonly publishedAt: string;
}

/** A message that was written inside the encryption to who reports it; it is certain by whom. */
export interface ReportedMessage {
  /** All of it, as it was encrypted. */
  readonly text: string;
  /** Its words as sanitised HTML. */
  readonly content: string;
  /** ISO 8601. */
  readonly sentAt: string;
  /** Domain of the server whose word it is. */
  readonly provenBy: string;
}

/** A report as the staff and its author see it. */
export interface ReportRow {
  readonly id: ReportId;
  /** Null when that account is gone, and for a server that names nobody. */
  readonly reporterId: ActorId | null;
  /** Server that sent it; null = somebody here made it. */
  readonly reporterHost: string | null;
  /** It went to the staff of the other server, too. */
  readonly isForwarded: boolean;
  readonly targetId: ActorId;
  readonly category: ReportCategory;
  /** Plain text; empty when nothing was said. */
  readonly comment: string;
  readonly ruleIds: readonly string[];
  readonly subjects: readonly ReportedSubject[];
  readonly messages: readonly ReportedMessage[];
  readonly status: ReportStatus;
  readonly assigneeId: ActorId | null;
  /** Plain text for the staff alone. */
  readonly staffNote: string;
  readonly createdAt: Date;
  readonly resolvedAt: Date | null;
}
