/** The custom emoji that a document of another server names among its tags. */
import { SHORTCODE } from '../../emojis/emoji.js';
import type { RemoteEmoji } from '../../emojis/keep-remote-emojis.js';
import type { JsonObject } from './read-document.js';
import { listOf, objectOf, pageOf, textOf } from './read-properties.js';

/** Emoji that are kept of one document. */
const MOST_EMOJIS = 30;

/** Pixelfed merges the tags of answers into one object with numbered keys. */
export function tagsOf(value: unknown): readonly JsonObject[] {
  const merged = objectOf(value);
  const list = merged ? [merged, ...Object.values(merged)] : listOf(value);
  return list.map((one) => objectOf(one)).filter((one) => one !== null);
}

/** The emoji of a document, each name once; what cannot be shown is left out. */
export function emojisOf(document: JsonObject): RemoteEmoji[] {
  const found = new Map<string, RemoteEmoji>();
  for (const tag of tagsOf(document['tag'])) {
    if (tag['type'] !== 'Emoji' || found.size >= MOST_EMOJIS) continue;
    const shortcode = (textOf(tag['name']) ?? '').replace(/^:|:$/g, '');
    const [icon] = listOf(tag['icon']);
    const pictureUrl = pageOf(objectOf(icon)?.['url'] ?? icon);
    if (SHORTCODE.test(shortcode) && pictureUrl !== null && !found.has(shortcode))
      found.set(shortcode, { shortcode, pictureUrl });
  }
  return [...found.values()];
}
