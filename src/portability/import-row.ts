/** A list that somebody brings along: a file as Mastodon exports it, taken in line by line. */
import type { AccountId } from '../accounts/account.entity.js';
import type { Id } from '../platform/ids.js';
import type { JobState } from './export-row.js';

/** Identity of an import. */
export type ImportId = Id<'dataimport'>;

/** What a file lists. */
export const IMPORT_SOURCES = {
  CSV_FOLLOWING: 'Whom to follow (following_accounts.csv).',
  CSV_BLOCKS: 'Whom to block (blocked_accounts.csv).',
  CSV_MUTES: 'Whom to mute (muted_accounts.csv).',
  CSV_BOOKMARKS: 'Posts to bookmark, by their uri (bookmarks.csv).',
  CSV_LISTS: 'Lists and who is in them (lists.csv).',
  CSV_DOMAINS: 'Servers to block (blocked_domains.csv).',
  CSV_HASHTAGS: 'Hashtags to follow (followed_hashtags.csv).',
} as const;

/** One of the sources. */
export type ImportSource = keyof typeof IMPORT_SOURCES;

/** What happens to what is there already. */
export const IMPORT_MODES = {
  MERGE: 'It stays.',
  OVERWRITE: 'What the file does not name goes.',
  DRY_RUN: 'Nothing is changed: each line says what would become of it.',
} as const;

/** One of the modes. */
export type ImportMode = keyof typeof IMPORT_MODES;

/** What became of a line. */
export const ROW_OUTCOMES = {
  WAITING: 'Its turn has yet to come.',
  IMPORTED: 'It was taken in, or would be.',
  UNCHANGED: 'It was so already.',
  PENDING:
    'It names somebody, or a post, of another server that this one does not know yet; it is taken in when it does.',
  FAILED: 'It cannot be taken in; the reason says why.',
} as const;

/** One of the outcomes. */
export type RowOutcome = keyof typeof ROW_OUTCOMES;

/** An import as its owner sees it, with how many lines have which outcome. */
export interface ImportRow {
  readonly id: ImportId;
  readonly accountId: AccountId;
  readonly source: ImportSource;
  readonly mode: ImportMode;
  readonly state: JobState;
  /** What OVERWRITE has taken away, or would. */
  readonly removed: number;
  readonly createdAt: Date;
  readonly total: number;
  readonly waiting: number;
  readonly imported: number;
  readonly unchanged: number;
  readonly pending: number;
  readonly failed: number;
}

/** A line of the file. */
export interface ImportLine {
  readonly line: number;
  /** As it stands in the file, at most 500 characters. */
  readonly text: string;
  readonly outcome: RowOutcome;
  /** A code; null while there is nothing to explain. */
  readonly reason: string | null;
}
