/** Gives up an asset before it became part of anything: its ticket ends, its bytes go, its quota is free again. */
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { releaseMedia } from './attach-media.js';
import type { MediaId } from './media.entity.js';
import { digestTicket } from './ticket.js';

const LOCK_OWN = statement(
  'media.lock_own',
  `select attached_at is not null as "isAttached" from media
   where id = $1 and owner_id = $2 and deleted_at is null for update`,
);
const LOCK_TICKET = statement(
  'uploads.lock_ticket',
  `select u.media_id as "mediaId" from uploads u join media m on m.id = u.media_id
   where u.token_digest = $1 and u.state = 'OPEN' for update`,
);
const CANCEL = statement(
  'uploads.cancel',
  `update uploads set state = 'CANCELLED' where media_id = $1 and state = 'OPEN'`,
);

/**
 * Cancels an upload of the viewer, or drops what was made of it while it is not in use.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Conflict} CONFLICT when it belongs to a post or profile
 */
export async function cancelUpload(context: CommandContext, mediaId: MediaId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const media = await tx.row<{ isAttached: boolean }>(LOCK_OWN, [mediaId, viewer.actorId]);
    if (!media) throw new NotFound(['mediaId']);
    if (media.isAttached) throw new Conflict('This asset is in use.', 'CONFLICT', ['mediaId']);
    await giveUp(tx, context.clock.now(), mediaId);
  });
}

/** Cancels the open upload of a ticket, for whoever holds it; nothing happens when it is no longer open. */
export async function cancelTicket(
  services: Pick<Services, 'database' | 'clock'>,
  token: string,
): Promise<void> {
  await services.database.transaction(async (tx) => {
    const upload = await tx.row<{ mediaId: MediaId }>(LOCK_TICKET, [digestTicket(token)]);
    if (upload) await giveUp(tx, services.clock.now(), upload.mediaId);
  });
}

async function giveUp(tx: Transaction, now: Date, mediaId: MediaId): Promise<void> {
  await tx.rows(CANCEL, [mediaId]);
  await releaseMedia(tx, now, [mediaId]);
}
