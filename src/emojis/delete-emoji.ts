/** Deleting a custom emoji; reactions with it keep its name. */
import { recordAct } from '../accounts/audit.js';
import { releaseMedia } from '../media/attach-media.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import type { EmojiId } from './emoji.js';
import { markEmojisChanged } from './emoji-revision.js';
import { findStoredEmoji } from './internal/stored-emoji.js';

const DELETE = statement('emojis.delete', 'delete from emojis where id = $1');

/**
 * Deletes a custom emoji with its picture. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {NotFound} NOT_FOUND
 */
export async function deleteEmoji(context: CommandContext, emojiId: EmojiId): Promise<void> {
  requireRole(context, 'MODERATOR');
  await context.database.transaction(async (tx) => {
    await markEmojisChanged(tx);
    const emoji = await findStoredEmoji(tx, emojiId);
    if (!emoji) throw new NotFound(['emojiId']);
    await tx.rows(DELETE, [emojiId]);
    await releaseMedia(tx, context.clock.now(), [emoji.mediaId]);
    await recordAct(context, tx, {
      action: 'deleteCustomEmoji',
      subjectId: toGlobalId('emoji', emojiId),
      details: { shortcode: emoji.shortcode },
    });
  });
}
