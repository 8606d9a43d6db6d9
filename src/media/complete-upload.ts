/** The third step of an upload: asks whether the bytes have arrived. */
import type { CommandContext } from '../platform/context.js';
import { Conflict, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { Media, type MediaId } from './media.entity.js';

/**
 * Confirms that an asset of the viewer has its bytes. Idempotent; processing starts by itself.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Conflict} MEDIA_NOT_READY while bytes are missing
 */
export async function completeUpload(context: CommandContext, mediaId: MediaId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const media = await tx.em.findOne(Media, {
      id: mediaId,
      ownerId: viewer.actorId,
      deletedAt: null,
    });
    if (!media) throw new NotFound(['mediaId']);
    if (media.state === 'AWAITING_UPLOAD') {
      throw new Conflict('The bytes have not arrived yet.', 'MEDIA_NOT_READY', ['mediaId']);
    }
  });
}
