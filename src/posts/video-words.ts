/** What authors say of a video beside what every format says. */
import { Invalid } from '../platform/errors.js';
import { oneLine } from '../platform/one-line.js';
import type { RemixPolicyChoice } from './remix-policies.js';
import { requireLength, TITLE_LENGTH } from './text-limits.js';
import { VIDEO_CATEGORIES } from './video-categories.js';

/** Title, category and what others may do with it. */
export interface VideoWords {
  /** Plain text; null or blank = none. */
  readonly title: string | null;
  /** One of `VIDEO_CATEGORIES`; null = none. */
  readonly category: string | null;
  /** Whoever sees it may keep a copy. */
  readonly allowsDownload: boolean;
  /** Who may make what of it; absent = as its author has set for themselves. */
  readonly remixPolicies?: RemixPolicyChoice | undefined;
}

/** A video of which nothing was said. */
export const NO_WORDS: VideoWords = { title: null, category: null, allowsDownload: false };

/**
 * Refuses a title that is too long, and a category that is none.
 *
 * @throws {Invalid} INVALID_INPUT with paths into `video`
 */
export function requireVideoWords({
  title,
  category,
}: Partial<Pick<VideoWords, 'title' | 'category'>>): void {
  requireLength(title ?? '', TITLE_LENGTH, ['video', 'title']);
  if (category == null || VIDEO_CATEGORIES.has(category)) return;
  const known = [...VIDEO_CATEGORIES.keys()].join(', ');
  const message = `There is no such category; there are ${known}.`;
  throw new Invalid(message, ['video', 'category'], 'ENUM', known);
}

/** The columns of a post that say it. */
export function videoColumns(
  words: VideoWords | null | undefined,
): Omit<VideoWords, 'remixPolicies'> {
  const { title, category, allowsDownload } = words ?? NO_WORDS;
  return { title: titleOf(title), category, allowsDownload };
}

/** A title on one line; null when nothing is left. */
export function titleOf(title: string | null): string | null {
  return oneLine(title ?? '') || null;
}
