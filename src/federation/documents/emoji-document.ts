/** Custom emoji as other servers read them: a tag with a picture, beside the text that writes `:shortcode:`. */
import type { DrawnEmoji } from '../../emojis/emojis.queries.js';
import type { Services } from '../../platform/context.js';
import { CONTEXT } from './context.js';
import { pictureLink } from './picture-link.js';

/** The tags of emoji of this server. @source Mastodon, `toot:Emoji` */
export function emojiTags(services: Services, emojis: readonly DrawnEmoji[]): object[] {
  return emojis.map((emoji) => emojiTag(services, emoji)).filter((tag) => tag !== null);
}

/** An emoji as a document of its own. */
export function emojiDocument(services: Services, emoji: DrawnEmoji): object {
  return { '@context': CONTEXT, ...emojiTag(services, emoji) };
}

function emojiTag(services: Services, emoji: DrawnEmoji): object | null {
  const link = pictureLink(services, emoji.picture);
  return (
    link && {
      id: `${services.config.publicUrl.origin}/emojis/${emoji.id}`,
      type: 'Emoji',
      name: `:${emoji.shortcode}:`,
      updated: emoji.updatedAt.toISOString(),
      icon: { type: 'Image', mediaType: link.mimeType, url: link.url },
    }
  );
}
