/** Captions that the owner of a video brings, in WebVTT or SubRip; kept and served as WebVTT. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import {
  CAPTION_BYTES,
  CAPTION_TRACKS,
  WEBVTT_TYPE,
  type CaptionTrackKey,
} from './caption-track.js';
import { CaptionsMistake } from './internal/captions/captions-mistake.js';
import { readCaptions } from './internal/captions/read-captions.js';
import { writeWebVtt } from './internal/captions/write-web-vtt.js';
import { lockOwnVideo } from './internal/captions/lock-own-video.js';
import { captionsChanged } from './media.events.js';
import type { VideoFacts } from './video-facts.js';

/** A track and its text. */
export interface CaptionTrackInput extends CaptionTrackKey {
  /** Name for people; null = none beside that of the language. */
  readonly label: string | null;
  /** WebVTT or SubRip. */
  readonly content: string;
}

const LABEL_LENGTH = 100;
const SAVE_LIMIT = { name: 'save_captions', points: 120, windowSeconds: 3600, failsClosed: false };

const VIDEO = statement(
  'captions.video',
  `select video from media where id = $1 and owner_id = $2 and kind = 'video' and deleted_at is null`,
);
const COUNT_OTHERS = statement(
  'captions.count_others',
  `select count(*)::int as count from caption_tracks where media_id = $1 and not (kind = $2 and language = $3)`,
);
const FORGET_FORMER = statement(
  'captions.forget_former',
  `with former as (delete from renditions r using caption_tracks t
     where t.media_id = $1 and t.kind = $2 and t.language = $3 and r.media_id = t.media_id and r.name = t.rendition_name
     returning r.size_bytes, r.storage_key),
     counted as (update media set stored_bytes =
       greatest(stored_bytes - coalesce((select sum(size_bytes) from former), 0), 0) + $4 where id = $1)
   select storage_key as key from former where storage_key is not null`,
);
const SAVE = statement(
  'captions.save',
  `insert into caption_tracks (media_id, kind, language, label, is_automatic, rendition_name, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $7)
   on conflict (media_id, kind, language) do update set label = excluded.label, is_automatic = excluded.is_automatic,
     rendition_name = excluded.rendition_name, updated_at = excluded.updated_at`,
);
const ADD_RENDITION = statement(
  'captions.add_rendition',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes) values ($1, $2, $3, $4, 0, 0, $5)`,
);

/**
 * Adds captions to a video of the viewer, or replaces those of the same kind and language. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's video and for what is no video
 * @throws {Invalid} INVALID_INPUT, which names the line of a mistake
 * @throws {TooMany} LIMIT_EXCEEDED
 * @throws {RateLimited} RATE_LIMITED for more than 120 in an hour
 */
export async function saveCaptionTrack(
  context: CommandContext,
  input: CaptionTrackInput,
): Promise<void> {
  const viewer = requireViewer(context);
  requireBounds(input);
  const video = await context.database.row<{ video: VideoFacts | null }>(VIDEO, [
    input.mediaId,
    viewer.actorId,
  ]);
  if (!video) throw new NotFound(['mediaId']);
  await requireRate(context, SAVE_LIMIT, viewer.accountId);
  const written = await normalise(input.content, video.video?.durationMs ?? null);
  const stored = await storeCaptions(context, written);
  const former = await context.database.transaction(async (tx) => {
    await lockOwnVideo(tx, input.mediaId, viewer.actorId);
    await requireRoom(tx, input);
    return putCaptionTrack(tx, context.clock.now(), { ...input, isAutomatic: false }, stored);
  });
  await removeFormer(context, former);
}

/** A file of captions in the storage that no row names yet. */
export interface StoredCaptions {
  readonly key: string;
  readonly sizeBytes: number;
}

/** A file of captions that a row named. */
export type FormerCaptions = Pick<StoredCaptions, 'key'>;

/** Puts a file into the storage. */
export async function storeCaptions(
  { scratch, storage }: Pick<Services, 'scratch' | 'storage'>,
  text: string,
): Promise<StoredCaptions> {
  await using directory = await scratch.directory();
  const file = path.join(directory.path, 'captions.vtt');
  await writeFile(file, text);
  const key = `renditions/${randomBytes(16).toString('hex')}`;
  await storage.putFile(key, file, WEBVTT_TYPE);
  return { key, sizeBytes: Buffer.byteLength(text) };
}

/**
 * Names a stored file as a track of a video, instead of the former one, and answers the objects of that, which go once
 * this is committed. Needs the lock of the video.
 */
export async function putCaptionTrack(
  tx: Transaction,
  now: Date,
  track: CaptionTrackKey & { readonly label: string | null; readonly isAutomatic: boolean },
  { key, sizeBytes }: StoredCaptions,
): Promise<FormerCaptions[]> {
  const { mediaId, kind, language, label, isAutomatic } = track;
  const name = `track-${randomBytes(12).toString('hex')}`;
  const forgotten = [mediaId, kind, language, sizeBytes];
  const former = await tx.rows<FormerCaptions>(FORGET_FORMER, forgotten);
  await tx.rows(SAVE, [mediaId, kind, language, label, isAutomatic, name, now]);
  await tx.rows(ADD_RENDITION, [mediaId, name, key, WEBVTT_TYPE, sizeBytes]);
  await tx.append(captionsChanged, { mediaId });
  return former;
}

/**
 * Removes files that no row names any more: they count for nobody, and whoever replaces often would fill the storage
 * before the broom comes, which takes those that a storage out of order leaves.
 */
export async function removeFormer(
  { storage, log }: Pick<Services, 'storage' | 'log'>,
  former: readonly FormerCaptions[],
): Promise<void> {
  for (const { key } of former) {
    try {
      await storage.remove(key);
    } catch (error) {
      log.warn({ err: error, key }, 'captions that are of no use are left to the broom');
    }
  }
}

function requireBounds({ label, content }: CaptionTrackInput): void {
  if (label !== null && [...label].length > LABEL_LENGTH)
    throw tooLong(`At most ${LABEL_LENGTH} characters.`, 'label', LABEL_LENGTH);
  if (Buffer.byteLength(content) > CAPTION_BYTES)
    throw tooLong(`At most ${CAPTION_BYTES} bytes.`, 'content', CAPTION_BYTES);
}

function tooLong(message: string, field: string, limit: number): Invalid {
  return new Invalid(message, [field], 'MAX_LENGTH', String(limit));
}

async function normalise(content: string, durationMs: number | null): Promise<string> {
  try {
    const seconds = durationMs === null ? null : durationMs / 1000;
    return writeWebVtt(await readCaptions(content, seconds));
  } catch (error) {
    if (!(error instanceof CaptionsMistake)) throw error;
    throw new Invalid(error.message, ['content'], 'LINE', String(error.line));
  }
}

async function requireRoom(tx: Transaction, input: CaptionTrackKey): Promise<void> {
  const others = await tx.row<{ count: number }>(COUNT_OTHERS, [
    input.mediaId,
    input.kind,
    input.language,
  ]);
  if ((others?.count ?? 0) >= CAPTION_TRACKS)
    throw new TooMany(`At most ${CAPTION_TRACKS} tracks.`, CAPTION_TRACKS, ['mediaId']);
}
