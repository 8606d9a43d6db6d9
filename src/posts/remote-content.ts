/** What another server says in a post or comment, in the form in which it is stored. */
import type { ActorId } from '../actors/actor.entity.js';
import { cutText, isStorable } from '../platform/storable-text.js';
import { sanitizeHtml } from '../platform/sanitize-html.js';
import { LINKS_PER_TEXT, type Content } from './content/compose-content.js';
import { CONTENT_WARNING_LENGTH } from './text-limits.js';
import { foldHashtag, type HashtagUse } from './content/hashtag.js';

/** A text with what its server says that it names. */
export interface RemoteText {
  /** HTML as it came. */
  readonly html: string;
  /** Names with or without #. */
  readonly hashtags: readonly string[];
  readonly mentionedIds: readonly ActorId[];
}

/** Longest HTML of one text; the rest is cut off. */
const LONGEST_HTML = 64 * 1024;

/** A content warning, as long as one of ours may be. */
export function cutWarning(text: string | null): string | null {
  return text === null ? null : cutText(text, CONTENT_WARNING_LENGTH);
}

/** Cleans a text and reads what it names; what is no hashtag is left out. */
export function readRemoteText({
  html,
  hashtags,
  mentionedIds,
}: RemoteText): Pick<Content, 'html' | 'hashtags' | 'mentionedIds' | 'firstLink'> {
  const uses = new Map<string, HashtagUse>();
  for (const written of hashtags) {
    const name = foldHashtag(written);
    if (name !== null && isStorable(name) && uses.size < LINKS_PER_TEXT)
      uses.set(name, { name, displayName: written.replace(/^#/, '') });
  }
  return {
    html: sanitizeHtml(cutText(html, LONGEST_HTML)),
    hashtags: [...uses.values()],
    mentionedIds: mentionedIds.slice(0, LINKS_PER_TEXT),
    firstLink: null,
  };
}
