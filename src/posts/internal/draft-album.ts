/** The pictures of a draft: kept for it alone, perhaps still in the making. */
import type { ActorId } from '../../actors/actor.entity.js';
import { endReservation, releaseMedia, reserveMedia } from '../../media/attach-media.js';
import type { MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { DraftId } from '../draft.js';
import type { PublishedKind } from '../post.entity.js';
import { mediaKindOf, requireAlbumLength } from './album.js';

/** The draft that pictures belong to. */
export interface DraftAlbum {
  readonly id: DraftId;
  readonly authorId: ActorId;
  readonly mediaIds: readonly MediaId[];
}

/** What a draft is to show. */
export interface WantedAlbum {
  readonly kind: PublishedKind;
  readonly mediaIds: readonly MediaId[];
}

const CLEAR = statement('drafts.clear_album', 'delete from draft_media where draft_id = $1');
const FILL = statement(
  'drafts.fill_album',
  `insert into draft_media (draft_id, media_id, position)
   select $1, id, place - 1 from unnest($2::uuid[]) with ordinality as t(id, place)`,
);
const DELETE = statement('drafts.delete', 'delete from drafts where id = $1');

/**
 * Gives a draft these pictures, in order; those that leave it are deleted.
 *
 * @throws {Invalid} INVALID_INPUT for more than 20 pictures or 1 video, for a repeated one, and for one that the format does not
 *   show
 * @throws {NotFound} NOT_FOUND for a picture of somebody else
 * @throws {Conflict} MEDIA_NOT_READY before its bytes are there, MEDIA_REJECTED, or ALREADY_EXISTS for one in use
 */
export async function replaceDraftAlbum(
  tx: Transaction,
  now: Date,
  draft: DraftAlbum,
  { kind, mediaIds }: WantedAlbum,
): Promise<void> {
  requireAlbumLength(kind, mediaIds);
  const added = mediaIds.filter((id) => !draft.mediaIds.includes(id));
  const removed = draft.mediaIds.filter((id) => !mediaIds.includes(id));
  if (added.length > 0) {
    await reserveMedia(tx, now, {
      mediaIds: added,
      ownerId: draft.authorId,
      purpose: 'POST',
      kind: mediaKindOf(kind),
      pathOf: (index) => ['mediaIds', String(mediaIds.indexOf(added[index]!))],
    });
  }
  await tx.rows(CLEAR, [draft.id]);
  if (mediaIds.length > 0) await tx.rows(FILL, [draft.id, mediaIds]);
  if (removed.length > 0) await releaseMedia(tx, now, removed);
}

/** Ends a draft whose pictures go into a post of the same transaction. */
export async function dissolveDraft(tx: Transaction, draft: DraftAlbum): Promise<void> {
  await tx.rows(DELETE, [draft.id]);
  await endReservation(tx, draft.mediaIds);
}

/** Ends a draft with its pictures. */
export async function eraseDraft(tx: Transaction, now: Date, draft: DraftAlbum): Promise<void> {
  await tx.rows(DELETE, [draft.id]);
  await releaseMedia(tx, now, draft.mediaIds);
}
