// Files that ffmpeg has made, as they are.
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { PLAYLIST } from '../../media-url.js';
import { playlistOf } from './encode-options.js';
import { readMediaPlaylist, type MediaPlaylist } from './playlist.js';
import type { VideoSource } from './probe.js';
import { inSeconds, VideoRejected } from './video-rejected.js';

/** One derived file. */
export interface VideoFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly mimeType: string;
  /** px; 0 for sound alone. */
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

const HEAD_BYTES = 8192;
/** Of a length that a file claims and does not have. */
const LOST = { milliseconds: 700, share: 0.03 };

/** Of what is only heard. */
export const NO_SIZE = { width: 0, height: 0 };

/** The file and the playlist of one stream. */
export async function readStream(
  directory: string,
  name: string,
  mimeType: string,
  size: { width: number; height: number },
): Promise<{ files: VideoFile[]; playlist: MediaPlaylist }> {
  const playlistName = playlistOf(name);
  const playlist = readMediaPlaylist(
    await readFile(path.join(directory, `${playlistName}.m3u8`), 'utf8'),
  );
  if (playlist.segments === 0) throw damaged(0);
  return {
    files: [
      await fileOf(path.join(directory, `${name}.mp4`), name, mimeType, size),
      await fileOf(path.join(directory, `${playlistName}.m3u8`), playlistName, PLAYLIST, size),
    ],
    playlist,
  };
}

/** A file that was made, as it is. */
export async function fileOf(
  file: string,
  name: string,
  mimeType: string,
  { width, height }: { width: number; height: number },
): Promise<VideoFile> {
  const { size } = await stat(file);
  return { name, path: file, mimeType, width, height, sizeBytes: size };
}

/**
 * A file that was cut off decodes to where it ends, without a word.
 *
 * @throws {VideoRejected} DAMAGED
 */
export function requireWhole({ durationMs: claimed }: VideoSource, durationMs: number): void {
  const allowance = Math.max(LOST.milliseconds, claimed * LOST.share);
  if (durationMs + allowance < claimed) throw damaged(durationMs);
}

function damaged(durationMs: number): VideoRejected {
  return durationMs > 0
    ? new VideoRejected('DAMAGED', `The video is damaged after ${inSeconds(durationMs)}.`)
    : new VideoRejected('DAMAGED', 'The video is damaged or incomplete.');
}

/** Its first bytes, in which codecs are described. */
export async function headOf(file: string): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
