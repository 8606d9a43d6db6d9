/** Making a custom emoji, and changing one. */
import { recordAct } from '../accounts/audit.js';
import { attachMedia, giveToServer, releaseMedia } from '../media/attach-media.js';
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid, NotFound } from '../platform/errors.js';
import { newId, toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import { SHORTCODE, type EmojiId } from './emoji.js';
import { markEmojisChanged } from './emoji-revision.js';
import { readLabels, type EmojiLabels } from './internal/emoji-labels.js';
import {
  findStoredEmoji,
  requireRoom,
  storeEmoji,
  type StoredEmoji,
} from './internal/stored-emoji.js';

/** What to change; absent = as it is, or as a new emoji is without it. */
export interface EmojiChange extends EmojiLabels {
  /** Null = a new one. */
  readonly emojiId: EmojiId | null;
  /** Needed for a new one, and for good: reactions and texts keep it. */
  readonly shortcode?: string;
  /** An upload of the viewer for this purpose; needed for a new one. */
  readonly mediaId?: MediaId;
  readonly isListed?: boolean;
  readonly isEnabled?: boolean;
}

const TAKEN = statement('emojis.taken', 'select id from emojis where shortcode = $1');

/**
 * Makes or changes a custom emoji; the picture that it had is let go of. Opens its own transaction.
 *
 * @throws {Forbidden} FORBIDDEN below the role MODERATOR
 * @throws {NotFound} NOT_FOUND for the emoji, or a picture that is not the viewer's or not for an emoji
 * @throws {Invalid} INVALID_INPUT
 * @throws {Conflict} ALREADY_EXISTS for a shortcode or picture in use, MEDIA_NOT_READY, MEDIA_REJECTED
 * @throws {TooMany} LIMIT_EXCEEDED
 */
export async function saveEmoji(context: CommandContext, change: EmojiChange): Promise<EmojiId> {
  const viewer = requireRole(context, 'MODERATOR');
  checkShape(change);
  const labels = readLabels(change);
  return context.database.transaction(async (tx) => {
    await markEmojisChanged(tx);
    const now = context.clock.now();
    const before = change.emojiId === null ? null : await requireEmoji(tx, change.emojiId);
    if (!before) await requireFree(tx, change.shortcode!);
    else if (change.shortcode !== undefined && change.shortcode !== before.shortcode)
      throw new Invalid('A shortcode stays as it is.', ['shortcode'], 'UNCHANGEABLE');
    if (change.mediaId !== undefined) {
      const mediaIds = [change.mediaId];
      const use = { purpose: 'EMOJI', access: 'PUBLIC', pathOf: () => ['mediaId'] } as const;
      await attachMedia(tx, now, { ...use, mediaIds, ownerId: viewer.actorId });
      await giveToServer(tx, mediaIds);
    }
    const emoji: StoredEmoji = {
      id: before?.id ?? newId<'emoji'>(now),
      shortcode: before?.shortcode ?? change.shortcode!,
      category: labels.category === undefined ? (before?.category ?? null) : labels.category,
      aliases: labels.aliases ?? before?.aliases ?? [],
      mediaId: change.mediaId ?? before!.mediaId,
      isListed: change.isListed ?? before?.isListed ?? true,
      isEnabled: change.isEnabled ?? before?.isEnabled ?? true,
    };
    await storeEmoji(tx, emoji, now);
    if (before && before.mediaId !== emoji.mediaId) await releaseMedia(tx, now, [before.mediaId]);
    await recordAct(context, tx, {
      action: 'saveCustomEmoji',
      subjectId: toGlobalId('emoji', emoji.id),
      details: { ...emoji, id: undefined, isNew: before === null },
    });
    return emoji.id;
  });
}

function checkShape({ emojiId, shortcode, mediaId }: EmojiChange): void {
  const isNew = emojiId === null;
  if (isNew && shortcode === undefined)
    throw new Invalid('A new emoji needs a shortcode.', ['shortcode'], 'REQUIRED');
  if (shortcode !== undefined && !SHORTCODE.test(shortcode)) {
    const message = 'A shortcode has 2–64 letters a–z, digits or underscores.';
    throw new Invalid(message, ['shortcode'], 'FORMAT', SHORTCODE.source);
  }
  if (isNew && mediaId === undefined)
    throw new Invalid('A new emoji needs a picture.', ['mediaId'], 'REQUIRED');
}

async function requireEmoji(tx: Transaction, id: EmojiId): Promise<StoredEmoji> {
  const emoji = await findStoredEmoji(tx, id);
  if (!emoji) throw new NotFound(['emojiId']);
  return emoji;
}

async function requireFree(tx: Transaction, shortcode: string): Promise<void> {
  await requireRoom(tx, 1);
  if (await tx.row(TAKEN, [shortcode]))
    throw new Conflict('There is an emoji of this shortcode.', 'ALREADY_EXISTS', ['shortcode']);
}
