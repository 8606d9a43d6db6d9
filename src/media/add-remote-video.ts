/** Videos of other servers: played from there, as they are too large to be copied; their still pictures are served from here. */
import type { Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { cutText } from '../platform/storable-text.js';
import { ALT_TEXT_LENGTH } from './alt-text.js';
import type { RemoteMediaOwner } from './add-remote-media.js';
import { Media, type MediaId } from './media.entity.js';
import { remoteMediaFound } from './media.events.js';
import type { VideoFacts } from './video-facts.js';

/** A video as another server describes it. */
export interface RemoteVideo extends VideoFacts {
  readonly mimeType: string;
  readonly altText: string | null;
  readonly blurhash: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Where its still picture stands; null = it has none. */
  readonly posterUrl: string | null;
}

/** Adds a video of a remote actor, attached from the start, inside the caller's transaction. */
export async function addRemoteVideo(
  tx: Transaction,
  now: Date,
  owner: RemoteMediaOwner,
  { posterUrl, altText, durationMs, sources, captions, ...described }: RemoteVideo,
): Promise<MediaId> {
  const id: MediaId = newId<'media'>(now);
  tx.em.create(Media, {
    ...owner,
    ...described,
    id,
    kind: 'video',
    state: posterUrl === null ? 'READY' : 'PROCESSING',
    remoteUrl: posterUrl,
    video: { durationMs, sources, captions },
    altText: altText === null ? null : cutText(altText, ALT_TEXT_LENGTH),
    attachedAt: now,
    createdAt: now,
    updatedAt: now,
  });
  if (posterUrl !== null)
    await tx.append(remoteMediaFound, { mediaId: id, host: new URL(posterUrl).host });
  return id;
}
