/** Facts about custom emoji. */
import { defineEvent } from '../platform/journal/event.js';
import type { EmojiImportId } from './emoji-import.js';

/** An administrator wants an archive to be taken in. */
export const emojiImportRequested = defineEvent<{ importId: EmojiImportId }>(
  'emojiImportRequested',
);
