/** The still picture of a video as its owner wants it: a moment of the video, or a picture of their own. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid, NotFound } from '../platform/errors.js';
import type { Id } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { removeObjects, replacePoster, type StoredPoster } from './internal/poster-rows.js';
import type { StoredRendition } from './internal/video-rows.js';
import type { MediaId, MediaState } from './media.entity.js';
import { posterChosen } from './media.events.js';

/** Exactly one of the two choices. */
export interface SetVideoPosterInput {
  readonly mediaId: MediaId;
  readonly posterAtMs: number | null;
  readonly posterMediaId: MediaId | null;
}

interface LockedVideo {
  readonly state: MediaState;
  readonly durationMs: number | null;
}

interface Picture {
  readonly state: MediaState;
  readonly isAnimated: boolean;
  readonly blurhash: string | null;
  readonly dominantColor: string | null;
  readonly renditions: readonly StoredRendition[];
}

const POSTER_LIMIT = { name: 'set_poster', points: 60, windowSeconds: 3600, failsClosed: false };

const LOCK = statement(
  'posters.lock_video',
  `select state, (video->>'durationMs')::float8 as "durationMs" from media
   where id = $1 and owner_id = $2 and kind = 'video' and remote_url is null and deleted_at is null for no key update`,
);
const CHOOSE = statement(
  'posters.choose',
  `update media set poster_at_ms = $2, poster_version = poster_version + 1, updated_at = $3
   where id = $1 returning poster_version as version`,
);
const PICTURE = statement(
  'posters.picture',
  `select m.state, m.is_animated as "isAnimated", m.blurhash, m.dominant_color as "dominantColor",
     coalesce((select json_agg(json_build_object('name', r.name, 'key', r.storage_key, 'mimeType', r.mime_type,
       'width', r.width, 'height', r.height, 'sizeBytes', r.size_bytes))
       from renditions r where r.media_id = m.id and r.storage_key is not null), '[]') as renditions
   from media m where m.id = $1 and m.owner_id = $2 and m.kind = 'image' and m.purpose = 'POST' and m.deleted_at is null`,
);

/**
 * Chooses the still picture of a video of the viewer. A picture is shown at once, a moment as soon as a job has taken it.
 * Opens its own transactions.
 *
 * @throws {NotFound} NOT_FOUND for a video or picture that is not the viewer's
 * @throws {Invalid} INVALID_INPUT for no choice or two, a moment outside of the video, and a picture that moves
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED
 * @throws {RateLimited} RATE_LIMITED for more than 60 in an hour
 */
export async function setVideoPoster(
  context: CommandContext,
  input: SetVideoPosterInput,
): Promise<void> {
  const viewer = requireViewer(context);
  const { posterAtMs, posterMediaId } = input;
  if ((posterAtMs === null) === (posterMediaId === null))
    throw new Invalid('Name a moment or a picture, one of the two.', ['posterAtMs'], 'ONE_OF');
  await context.database.transaction((tx) => lockReady(tx, input, viewer.actorId));
  await requireRate(context, POSTER_LIMIT, viewer.accountId);
  if (posterMediaId === null) await chooseMoment(context, input, viewer.actorId);
  else await choosePicture(context, input, viewer.actorId, posterMediaId);
}

async function chooseMoment(
  { database, clock }: CommandContext,
  input: SetVideoPosterInput,
  ownerId: Id<'actor'>,
): Promise<void> {
  await database.transaction(async (tx) => {
    await lockReady(tx, input, ownerId);
    await tx.rows(CHOOSE, [input.mediaId, input.posterAtMs, clock.now()]);
    await tx.append(posterChosen, { mediaId: input.mediaId });
  });
}

async function choosePicture(
  context: CommandContext,
  input: SetVideoPosterInput,
  ownerId: Id<'actor'>,
  pictureId: MediaId,
): Promise<void> {
  const picture = await context.database.row<Picture>(PICTURE, [pictureId, ownerId]);
  if (!picture) throw new NotFound(['posterMediaId']);
  requireReady(picture.state, 'posterMediaId');
  if (picture.isAnimated)
    throw new Invalid('This picture moves.', ['posterMediaId'], 'MEDIA_KIND', 'image');
  const renditions = await copy(context, picture.renditions);
  try {
    await show(context, input, ownerId, { ...picture, renditions });
  } catch (error) {
    await removeObjects(
      context,
      renditions.map(({ key }) => key),
    );
    throw error;
  }
}

async function show(
  context: CommandContext,
  input: SetVideoPosterInput,
  ownerId: Id<'actor'>,
  poster: StoredPoster,
): Promise<void> {
  const now = context.clock.now();
  const former = await context.database.transaction(async (tx) => {
    await lockReady(tx, input, ownerId);
    const { mediaId } = input;
    const chosen = await tx.row<{ version: number }>(CHOOSE, [mediaId, null, now]);
    return replacePoster(tx, now, { mediaId, version: chosen?.version ?? 0 }, poster);
  });
  await removeObjects(context, former);
}

/** The picture may go: the video has files of its own. */
async function copy(
  { scratch, storage }: CommandContext,
  renditions: readonly StoredRendition[],
): Promise<StoredRendition[]> {
  await using directory = await scratch.directory();
  const copies: StoredRendition[] = [];
  for (const rendition of renditions) {
    const file = path.join(directory.path, rendition.name);
    await storage.fetchToFile(rendition.key, file);
    const key = `renditions/${randomBytes(16).toString('hex')}`;
    await storage.putFile(key, file, rendition.mimeType);
    copies.push({ ...rendition, key });
  }
  return copies;
}

async function lockReady(
  tx: Transaction,
  { mediaId, posterAtMs }: SetVideoPosterInput,
  ownerId: Id<'actor'>,
): Promise<void> {
  const video = await tx.row<LockedVideo>(LOCK, [mediaId, ownerId]);
  if (!video) throw new NotFound(['mediaId']);
  requireReady(video.state, 'mediaId');
  const last = video.durationMs ?? 0;
  if (posterAtMs !== null && !(posterAtMs >= 0 && posterAtMs <= last))
    throw new Invalid('This moment is not in the video.', ['posterAtMs'], 'RANGE', `0..${last}`);
}

function requireReady(state: MediaState, field: string): void {
  if (state === 'READY') return;
  if (state === 'REJECTED' || state === 'FAILED')
    throw new Conflict('This file could not be used.', 'MEDIA_REJECTED', [field]);
  throw new Conflict('This asset is not ready yet.', 'MEDIA_NOT_READY', [field]);
}
