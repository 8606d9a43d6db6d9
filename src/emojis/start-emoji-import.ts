/** Taking in an uploaded archive of emoji: asked for here, done by a job. */
import { recordAct } from '../accounts/audit.js';
import { attachMedia } from '../media/attach-media.js';
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import type { EmojiImportId } from './emoji-import.js';
import { emojiImportRequested } from './emojis.events.js';
import { readLabels } from './internal/emoji-labels.js';

/** Which archive, and how it is taken in. */
export interface EmojiImportOrder {
  /** An upload of the viewer with the purpose EMOJI_ARCHIVE; it is gone afterwards. */
  readonly mediaId: MediaId;
  /** Instead of the categories of the archive; null = those. */
  readonly category: string | null;
  /** Emoji of the same shortcode get the picture of the archive; otherwise they stay. */
  readonly replaces: boolean;
}

const INSERT = statement(
  'emoji_imports.insert',
  `insert into emoji_imports (id, account_id, media_id, category, replaces, state, created_at, updated_at)
   values ($1, $2, $3, $4, $5, 'QUEUED', $6, $6)`,
);

/**
 * Has an archive taken in. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role ADMIN
 * @throws {Invalid} INVALID_INPUT for a category that is none
 * @throws {NotFound} NOT_FOUND for an upload of somebody else, or with another purpose
 * @throws {Conflict} MEDIA_NOT_READY, or ALREADY_EXISTS for one that is being taken in
 */
export async function startEmojiImport(
  context: CommandContext,
  { mediaId, category, replaces }: EmojiImportOrder,
): Promise<EmojiImportId> {
  const viewer = requireRole(context, 'ADMIN');
  const labels = readLabels({ category });
  const now = context.clock.now();
  const id = newId<'emojiimport'>(now);
  await context.database.transaction(async (tx) => {
    const archive = { mediaIds: [mediaId], ownerId: viewer.actorId, pathOf: () => ['mediaId'] };
    await attachMedia(tx, now, { ...archive, purpose: 'EMOJI_ARCHIVE', access: 'PRIVATE' });
    const values = [id, viewer.accountId, mediaId, labels.category ?? null, replaces, now];
    await tx.rows(INSERT, values);
    await recordAct(context, tx, {
      action: 'importCustomEmoji',
      subjectId: toGlobalId('emojiimport', id),
      details: { category: labels.category ?? null, replaces },
    });
    await tx.append(emojiImportRequested, { importId: id });
  });
  return id;
}
