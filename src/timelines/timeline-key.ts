/** What tells the timelines of one person apart. */

/** Timelines. */
export const TIMELINE_KINDS = {
  HOME: 'The home timeline.',
  PUBLIC: 'The public timeline.',
  LOCAL: 'The timeline of this server.',
  LIST: 'That of a list of actors.',
  HASHTAG: 'That of a hashtag.',
  PLACE: 'That of a place.',
} as const;

/** One of the timelines. */
export type TimelineKind = keyof typeof TIMELINE_KINDS;

/** Which timeline. */
export interface TimelineKey {
  readonly kind: TimelineKind;
  /** The list, hashtag or place; null for the others. */
  readonly subjectId: string | null;
}
