/** Pictures of other servers: known at once, fetched and processed like uploads afterwards, so that nobody here is sent there. */
import type { Transaction } from '../platform/db/database.js';
import { newId, type Id } from '../platform/ids.js';
import { cutText } from '../platform/storable-text.js';
import { ALT_TEXT_LENGTH } from './alt-text.js';
import { Media, type MediaAccess, type MediaId, type MediaPurpose } from './media.entity.js';
import { remoteMediaFound } from './media.events.js';

/** A picture as another server describes it. */
export interface RemoteMedia {
  readonly url: string;
  readonly mimeType: string;
  readonly altText: string | null;
  readonly blurhash: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** -1 to 1, from left to right; 0 = the middle. */
  readonly focalX: number;
  /** -1 to 1, from bottom to top; 0 = the middle. */
  readonly focalY: number;
}

/** Whose pictures, what they are for, and who may fetch them here. */
export interface RemoteMediaOwner {
  readonly ownerId: Id<'actor'>;
  readonly access: MediaAccess;
  readonly purpose: MediaPurpose;
}

/** Adds pictures of another server, attached from the start, inside the caller's transaction; in the same order. */
export async function addRemoteMedia(
  tx: Transaction,
  now: Date,
  owner: RemoteMediaOwner,
  pictures: readonly RemoteMedia[],
): Promise<MediaId[]> {
  const ids: MediaId[] = [];
  for (const { url, altText, ...described } of pictures) {
    const id: MediaId = newId<'media'>(now);
    tx.em.create(Media, {
      ...owner,
      ...described,
      id,
      kind: 'image',
      state: 'PROCESSING',
      remoteUrl: url,
      altText: altText === null ? null : cutText(altText, ALT_TEXT_LENGTH),
      attachedAt: now,
      createdAt: now,
      updatedAt: now,
    });
    await tx.append(remoteMediaFound, { mediaId: id, host: new URL(url).host });
    ids.push(id);
  }
  return ids;
}
