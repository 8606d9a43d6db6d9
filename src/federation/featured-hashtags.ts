/** The hashtags that somebody names in their profile: what they want to be found by. */
import { readHashtag, type HashtagUse } from '../posts/content/hashtag.js';

const MOST = 10;

/** Each once, in the order of the text; of a long list the first. */
export function hashtagsOfProfile(bioSource: string | null): HashtagUse[] {
  const found = new Map<string, HashtagUse>();
  const text = bioSource ?? '';
  for (let at = text.indexOf('#'); at >= 0 && found.size < MOST; at = text.indexOf('#', at + 1)) {
    const hashtag = readHashtag(text, at);
    if (hashtag && !found.has(hashtag.name)) found.set(hashtag.name, hashtag);
  }
  return [...found.values()];
}
