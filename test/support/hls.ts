// Videos as the pipeline leaves them, made by the real ffmpeg in a fraction of a second, and the rows of one that is READY.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Services } from '../../src/platform/context.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, toGlobalId, type Id } from '../../src/platform/ids.js';
import type { MediaAccess, MediaId } from '../../src/media/media.entity.js';
import type { PeerAnswer, PeerRequest } from './fake-peer.js';

const run = promisify(execFile);

/** A file of a video by its name in playlists. */
export interface HlsFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

const PLAYLIST = 'application/vnd.apple.mpegurl';

/** Height of the pictures by the name of the quality: small, so that it takes no time. */
export const HEIGHTS = { '720': 320, '480': 160 } as const;
/** Length of the clip. */
export const CLIP_SECONDS = 6;

let made: Promise<ReadonlyMap<string, HlsFile>> | undefined;

/** Two qualities, sound, playlists over byte ranges, one MP4 for all else, and a track of sprites; by file name. */
export function hlsFiles(): Promise<ReadonlyMap<string, HlsFile>> {
  return (made ??= make());
}

async function make(): Promise<ReadonlyMap<string, HlsFile>> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'triptych-hls-'));
  try {
    await run('ffmpeg', ladder(), { cwd: directory });
    const mp4 = ['-i', 'video-720.mp4', '-i', 'video-audio.mp4', '-c', 'copy'];
    await run('ffmpeg', ['-loglevel', 'error', ...mp4, '-movflags', '+faststart', 'mp4.mp4'], {
      cwd: directory,
    });
    const files = new Map<string, HlsFile>();
    for (const [name, source, mimeType] of FILES) {
      const bytes = await readFile(path.join(directory, source));
      const isText = mimeType === PLAYLIST;
      files.set(`${name}.${path.extname(source).slice(1)}`, {
        name,
        mimeType,
        bytes: isText ? Buffer.from(bytes.toString().replaceAll('video-audio', 'audio')) : bytes,
      });
    }
    const cue = 'WEBVTT\n\n00:00.000 --> 00:01.000\nsprite.webp#xywh=0,0,90,160\n';
    files.set('sprite-vtt.vtt', {
      name: 'sprite-vtt',
      mimeType: 'text/vtt',
      bytes: Buffer.from(cue),
    });
    return files;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const FILES = [
  ['hls', 'hls.m3u8', PLAYLIST],
  ['hls-720', 'hls-720.m3u8', PLAYLIST],
  ['hls-480', 'hls-480.m3u8', PLAYLIST],
  ['hls-audio', 'hls-audio.m3u8', PLAYLIST],
  ['video-720', 'video-720.mp4', 'video/mp4'],
  ['video-480', 'video-480.mp4', 'video/mp4'],
  ['audio', 'video-audio.mp4', 'audio/mp4'],
  ['mp4', 'mp4.mp4', 'video/mp4'],
] as const;

function ladder(): string[] {
  const picture = `testsrc2=size=180x${HEIGHTS['720']}:rate=30:duration=${CLIP_SECONDS}`;
  const sound = `sine=frequency=440:duration=${CLIP_SECONDS}`;
  const split = `[0:v]split=2[hi][b];[b]scale=90:${HEIGHTS['480']}[lo]`;
  const streams = [
    'v:0,agroup:sound,name:720',
    'v:1,agroup:sound,name:480',
    'a:0,agroup:sound,name:audio',
  ];
  const options = [
    `-loglevel error -f lavfi -i ${picture} -f lavfi -i ${sound}`,
    `-filter_complex ${split} -map [hi] -map [lo] -map 1:a`,
    '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 60 -keyint_min 60 -sc_threshold 0',
    '-b:v:0 300k -b:v:1 80k -c:a aac -b:a 64k -f hls -hls_time 2 -hls_playlist_type vod',
    '-hls_segment_type fmp4 -hls_flags single_file+independent_segments',
    '-hls_segment_filename video-%v.mp4 -master_pl_name hls.m3u8',
  ];
  return [...options.join(' ').split(' '), '-var_stream_map', streams.join(' '), 'hls-%v.m3u8'];
}

const INSERT = statement(
  'test.insert_video',
  `insert into media (id, owner_id, kind, purpose, access, state, mime_type, width, height, video, attached_at, created_at, updated_at)
   values ($1, $2, 'video', 'POST', $3, 'READY', 'video/mp4', 180, 320, '{"durationMs": 6000, "sources": [], "captions": []}', $4, $4, $4)`,
);
const INSERT_RENDITION = statement(
  'test.insert_video_rendition',
  `insert into renditions (media_id, name, storage_key, mime_type, width, height, size_bytes) values ($1, $2, $3, $4, 180, 320, $5)`,
);

/** A video that is READY, with everything of `hlsFiles`. */
export async function storeVideo(
  { database, storage, scratch, clock }: Services,
  ownerId: Id<'actor'>,
  access: MediaAccess,
): Promise<{ id: MediaId; globalId: string }> {
  const now = clock.now();
  const id: MediaId = newId<'media'>(now);
  await database.rows(INSERT, [id, ownerId, access, now]);
  await using directory = await scratch.directory();
  for (const { name, mimeType, bytes } of (await hlsFiles()).values()) {
    const file = path.join(directory.path, name);
    await writeFile(file, bytes);
    const key = `renditions/${id}-${name}`;
    await storage.putFile(key, file, mimeType);
    await database.rows(INSERT_RENDITION, [id, name, key, mimeType, bytes.length]);
  }
  return { id, globalId: toGlobalId('media', id) };
}

/** An answer as web servers give it to a request for a file, by ranges; `headers` go before. */
export function fileAnswer(
  { headers: asked }: Pick<PeerRequest, 'headers'>,
  { bytes, mimeType }: Pick<HlsFile, 'bytes' | 'mimeType'>,
  headers: Record<string, string> = {},
): PeerAnswer {
  const type = mimeType;
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(asked.range ?? '') ?? [];
  if (first === undefined || last === undefined)
    return { type, headers: { 'content-length': String(bytes.length), ...headers }, body: bytes };
  const start = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes.length - 1 : Number(last);
  if (start >= bytes.length) {
    const range = { 'content-range': `bytes */${bytes.length}` };
    return { status: 416, type: 'text/html', headers: range, body: 'no' };
  }
  const body = bytes.subarray(start, end + 1);
  const range = `bytes ${start}-${start + body.length - 1}/${bytes.length}`;
  const given = { 'content-range': range, 'content-length': String(body.length) };
  return { status: 206, type, headers: { ...given, ...headers }, body };
}
