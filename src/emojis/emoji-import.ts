/** Words of archives of emoji that come in by upload. */
import type { AccountId } from '../accounts/account.entity.js';
import type { Id } from '../platform/ids.js';

/** Identity of an import. */
export type EmojiImportId = Id<'emojiimport'>;

/** Where an import stands. */
export const EMOJI_IMPORT_STATES = {
  QUEUED: 'It begins within moments.',
  RUNNING: 'The archive is being read.',
  SUCCEEDED: 'Every picture was looked at; the numbers say what became of them.',
  FAILED: 'It ended before the last picture; `failure` says why. What was taken in stays.',
} as const;

/** One of the states. */
export type EmojiImportState = keyof typeof EMOJI_IMPORT_STATES;

/** A picture that was not taken in. */
export interface EmojiRefusal {
  readonly fileName: string;
  /** Null for a file that stands for none. */
  readonly shortcode: string | null;
  readonly reason: string;
}

/** Refusals that are kept of one import; the number of all is exact. */
export const KEPT_REFUSALS = 100;

/** An import as the staff sees it. */
export interface EmojiImportRow {
  readonly id: EmojiImportId;
  readonly accountId: AccountId;
  /** Instead of the categories of the archive; null = those. */
  readonly category: string | null;
  readonly replaces: boolean;
  readonly state: EmojiImportState;
  /** Pictures in the archive; null until they are counted. */
  readonly total: number | null;
  readonly added: number;
  readonly replaced: number;
  readonly kept: number;
  readonly refused: number;
  readonly refusals: readonly EmojiRefusal[];
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}
