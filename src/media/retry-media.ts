/** Another try of a file whose processing failed for a reason on this side: nothing has to be sent again. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict, NotFound, TooMany } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { MediaId, MediaKind, MediaState } from './media.entity.js';
import { uploadReceived } from './media.events.js';

/** How often one asset is tried again at most. */
const RETRIES = 5;

interface LockedMedia {
  readonly state: MediaState;
  readonly kind: MediaKind;
  readonly retries: number;
  readonly isKept: boolean;
}

const LOCK = statement(
  'media.lock_failed',
  `select state, kind, retries, original_key is not null as "isKept" from media
   where id = $1 and owner_id = $2 and remote_url is null and deleted_at is null for update`,
);
const RETRY = statement(
  'media.retry',
  `update media set state = 'PROCESSING', failure = null, failure_code = null, retries = retries + 1, updated_at = $2 where id = $1`,
);

/**
 * Has an asset of the viewer processed again. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Conflict} CONFLICT unless it is FAILED and its bytes are here
 * @throws {TooMany} LIMIT_EXCEEDED
 */
export async function retryMedia(context: CommandContext, mediaId: MediaId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const media = await tx.row<LockedMedia>(LOCK, [mediaId, viewer.actorId]);
    if (!media) throw new NotFound(['mediaId']);
    if (media.state !== 'FAILED' || !media.isKept)
      throw new Conflict('There is nothing to try again.', 'CONFLICT', ['mediaId']);
    if (media.retries >= RETRIES)
      throw new TooMany(`At most ${RETRIES} more tries.`, RETRIES, ['mediaId']);
    await tx.rows(RETRY, [mediaId, context.clock.now()]);
    await tx.append(uploadReceived, { mediaId, kind: media.kind });
  });
}
