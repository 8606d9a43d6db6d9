/** An archive of what is somebody's own: asked for, written by a job, fetched by a link, gone after some days. */
import type { AccountId } from '../accounts/account.entity.js';
import type { Id } from '../platform/ids.js';

/** Identity of an export. */
export type ExportId = Id<'dataexport'>;

/** What an export holds. */
export const EXPORT_FORMATS = {
  ACTIVITYPUB_ARCHIVE:
    'Everything of one’s own. Profile, posts, comments, reposts, likes and bookmarks as ActivityStreams objects with the files of the pictures, and the lists of CSV_LISTS, in the layout of Mastodon’s archives; stories, highlights, drafts, scheduled posts, collections, lists, filters, close friends and settings as JSON in the folder `extras`.',
  CSV_LISTS:
    'Follows, blocks, mutes, bookmarks, lists and followed hashtags in the files that Mastodon exports and imports.',
} as const;

/** One of the formats. */
export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** How far a job is that a person asked for. */
export type JobState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

/** An export as its owner sees it. */
export interface ExportRow {
  readonly id: ExportId;
  readonly accountId: AccountId;
  readonly format: ExportFormat;
  readonly includesMedia: boolean;
  readonly state: JobState;
  readonly progressPercent: number;
  readonly sizeBytes: bigint | null;
  readonly createdAt: Date;
  /** Null until it is done. */
  readonly expiresAt: Date | null;
  /** When its file was removed; null = it is there, or never was. */
  readonly removedAt: Date | null;
}
