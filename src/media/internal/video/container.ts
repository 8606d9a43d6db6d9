// What kind of file a video is, by its first bytes: only a demuxer that is named here ever reads it.
import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import { VideoRejected } from './video-rejected.js';

/** ffmpeg's name of the one demuxer that may read the file. */
export type Demuxer = 'mov' | 'matroska';

/** A file that a demuxer may open. */
export interface Container {
  readonly demuxer: Demuxer;
  /** By content. */
  readonly mimeType: string;
}

const SAMPLE_BYTES = 4100;

const DEMUXERS: Readonly<Record<string, Demuxer>> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/x-m4v': 'mov',
  'video/3gpp': 'mov',
  'video/webm': 'matroska',
  'video/matroska': 'matroska',
  'video/x-matroska': 'matroska',
  // Sound alone: opened, so that the answer can be that the picture is missing.
  'audio/mp4': 'mov',
  'audio/x-m4a': 'mov',
};

/** @throws {VideoRejected} UNSUPPORTED_TYPE for everything that is not on the list */
export async function sniffContainer(file: string): Promise<Container> {
  // A sample that ends inside a box makes file-type throw; such a file is none of the accepted ones.
  const type = await fileTypeFromBuffer(await firstBytes(file)).catch(() => undefined);
  const demuxer = type && DEMUXERS[type.mime];
  if (!demuxer)
    throw new VideoRejected(
      'UNSUPPORTED_TYPE',
      'This is not a video of a supported type. Supported are MP4, MOV, M4V, WebM and MKV.',
      { cause: new Error(`content looks like ${type?.mime ?? 'nothing known'}`) },
    );
  const mimeType = type.mime === 'video/matroska' ? 'video/x-matroska' : type.mime;
  return { demuxer, mimeType };
}

async function firstBytes(file: string): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
