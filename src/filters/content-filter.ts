/** Words of keyword filters. */
import type { Id } from '../platform/ids.js';

/** Identity of a filter. */
export type ContentFilterId = Id<'filter'>;

/** What happens to what a filter matches. */
export const FILTER_ACTIONS = {
  WARN: 'Clients show the title of the filter instead, until asked.',
  HIDE: 'It is left out of the lists that the filter is for.',
  BLUR: 'Clients show the text and blur the media, until asked.',
} as const;

/** One of the actions. */
export type FilterAction = keyof typeof FILTER_ACTIONS;

/** Where a filter applies. */
export const FILTER_CONTEXTS = {
  HOME: 'The home timeline and those of lists of actors.',
  PUBLIC: 'The public timeline, that of this server, and those of hashtags and places.',
  NOTIFICATIONS: 'Notifications about posts and comments.',
  COMMENTS: 'Comments of a post and the answers to them.',
  PROFILE: 'The posts, pins and reposts of a profile.',
  SEARCH: 'Posts that a search finds.',
} as const;

/** One of the contexts. */
export type FilterContext = keyof typeof FILTER_CONTEXTS;

/** A text to look for. */
export interface FilterKeyword {
  readonly text: string;
  /** Not as a part of a longer word. */
  readonly isWholeWord: boolean;
}

/** A filter. */
export interface ContentFilterRow {
  readonly id: ContentFilterId;
  readonly title: string;
  readonly action: FilterAction;
  readonly contexts: readonly FilterContext[];
  /** In the order in which they were given. */
  readonly keywords: readonly FilterKeyword[];
  /** Null = it has no end. */
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
