// One run of ffmpeg over a source, and the files that are to be published together afterwards.
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  audioOptions,
  hlsOutput,
  ladderFilter,
  ORIGIN_SECONDS,
  playlistOf,
  rungFile,
  videoOptions,
} from './encode-options.js';
import { PLAYLIST } from '../../media-url.js';
import type { Launchers } from './launcher.js';
import type { Ladder, Rung } from './ladder.js';
import type { Phase } from './phases.js';
import { avcCodec, readMediaPlaylist, type MediaPlaylist, type Variant } from './playlist.js';
import type { VideoSource } from './probe.js';
import { runFfmpeg, type FfmpegOutput } from './run-ffmpeg.js';
import { inSeconds, VideoRejected } from './video-rejected.js';

/** What every step over a source needs. */
export interface BatchTask {
  readonly launchers: Launchers;
  readonly source: VideoSource;
  readonly ladder: Ladder;
  readonly directory: string;
  readonly threads: number;
  readonly signal: AbortSignal;
}

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

/** Files that become visible together. */
export interface VideoBatch {
  readonly files: readonly VideoFile[];
  readonly variants: readonly Variant[];
  /** Whether the video has any sound. */
  readonly hasSound: boolean;
  /** A still picture; only in the first batch. */
  readonly posterPath: string | null;
  readonly durationMs: number;
  readonly source: VideoSource;
}

/** Smaller files are also offered as one that downloads; what takes in videos from here refuses more than 100 MB. */
const MAX_MP4_BYTES = 95_000_000;
const HEAD_BYTES = 8192;
/** Of a length that a file claims and does not have. */
const LOST = { milliseconds: 700, share: 0.03 };

/** Encodes one phase and reads what came of it. */
export async function makeBatch(
  task: BatchTask,
  phase: Phase,
  posterPath: string | null,
  onProgress: (share: number) => void,
): Promise<VideoBatch> {
  await encode(task, phase, onProgress);
  const made = await Promise.all(phase.rungs.map((rung) => readRung(task, rung, phase)));
  const sound = phase.hasSound ? await readSound(task) : null;
  const durationMs = Math.round(
    1000 * Math.max(...made.map(({ playlist }) => playlist.durationSeconds), sound?.seconds ?? 0),
  );
  requireWhole(task.source, durationMs);
  const files = [...made.flatMap((rung) => rung.files), ...(sound?.files ?? [])];
  const mp4 = phase.hasPoster ? await makeMp4(task, phase) : null;
  return {
    files: mp4 ? [...files, mp4] : files,
    variants: made.map(({ variant }) => variant),
    hasSound: task.source.audio !== null,
    posterPath,
    durationMs,
    source: task.source,
  };
}

async function encode(
  { launchers, source, ladder, directory, threads, signal }: BatchTask,
  phase: Phase,
  onProgress: (share: number) => void,
): Promise<void> {
  const limit = ['-t', String(source.durationMs / 1000 + 1)];
  const input = {
    file: source.file,
    demuxer: source.demuxer,
    options: ['-threads', String(threads), ...limit],
  };
  const pictures = phase.isCopy
    ? phase.rungs.map((rung) =>
        hlsOutput(directory, rungFile(rung), ['-map', `0:${source.video.index}`, '-c:v', 'copy']),
      )
    : phase.rungs.map((rung, index) =>
        hlsOutput(directory, rungFile(rung), [
          '-map',
          `[v${index}]`,
          '-threads',
          String(threads),
          ...videoOptions(rung, phase.keyFrames),
        ]),
      );
  const outputs: FfmpegOutput[] = [...pictures];
  if (phase.hasSound && source.audio)
    outputs.push(
      hlsOutput(directory, 'audio', ['-map', `0:${source.audio.index}`, ...audioOptions()]),
    );
  await runFfmpeg(launchers, {
    inputs: [input],
    ...(phase.isCopy ? {} : { filter: ladderFilter(source, ladder, phase.rungs) }),
    outputs,
    signal,
    onProgress: (milliseconds) =>
      onProgress(
        Math.min(1, Math.max(0, milliseconds / 1000 - ORIGIN_SECONDS) / (source.durationMs / 1000)),
      ),
  });
}

interface MadeRung {
  readonly files: readonly VideoFile[];
  readonly playlist: MediaPlaylist;
  readonly variant: Variant;
}

async function readRung(
  { source, ladder, directory }: BatchTask,
  rung: Rung,
  { isCopy }: Phase,
): Promise<MadeRung> {
  const { files, playlist } = await readStream(directory, rungFile(rung), 'video/mp4', rung);
  const codec = avcCodec(await headOf(path.join(directory, `${rungFile(rung)}.mp4`)));
  if (codec === null) throw new Error('ffmpeg wrote a video without a description of its codec');
  const frameRate = isCopy ? source.video.frameRate : (ladder.frameRate ?? source.video.frameRate);
  const { peakBitRate, averageBitRate } = playlist;
  const fileName = `${playlistOf(rungFile(rung))}.m3u8`;
  const { width, height } = rung;
  const variant = { fileName, width, height, frameRate, codec, peakBitRate, averageBitRate };
  return { files, playlist, variant };
}

async function readSound({ directory }: BatchTask): Promise<{
  files: readonly VideoFile[];
  seconds: number;
}> {
  const { files, playlist } = await readStream(directory, 'audio', 'audio/mp4', NO_SIZE);
  return { files, seconds: playlist.durationSeconds };
}

const NO_SIZE = { width: 0, height: 0 };

/** The file and the playlist of one stream. */
async function readStream(
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

/** The best rung of the batch that is not too large, in one file that plays while it comes; nothing is encoded for it. */
async function makeMp4(
  { directory, launchers, signal }: BatchTask,
  { rungs, hasSound }: Phase,
): Promise<VideoFile | null> {
  const rung = rungs.find(({ name }) => name === 720) ?? rungs[0];
  if (!rung) return null;
  const picture = path.join(directory, `${rungFile(rung)}.mp4`);
  if ((await stat(picture)).size > MAX_MP4_BYTES) return null;
  const file = path.join(directory, 'whole.mp4');
  const inputs = [picture, ...(hasSound ? [path.join(directory, 'audio.mp4')] : [])];
  await runFfmpeg(launchers, {
    inputs: inputs.map((input) => ({ file: input, demuxer: 'mov' as const, options: ['-copyts'] })),
    outputs: [
      {
        file,
        options: [
          ...inputs.flatMap((_, index) => ['-map', `${index}:0`]),
          '-c',
          'copy',
          '-output_ts_offset',
          String(-ORIGIN_SECONDS),
          '-muxdelay',
          '0',
          '-movflags',
          '+faststart',
          '-map_metadata',
          '-1',
          '-f',
          'mp4',
        ],
      },
    ],
    signal,
  });
  return fileOf(file, 'mp4', 'video/mp4', rung);
}

/** A file that was cut off decodes to where it ends, without a word. */
function requireWhole({ durationMs: claimed }: VideoSource, durationMs: number): void {
  const allowance = Math.max(LOST.milliseconds, claimed * LOST.share);
  if (durationMs + allowance < claimed) throw damaged(durationMs);
}

function damaged(durationMs: number): VideoRejected {
  return durationMs > 0
    ? new VideoRejected('DAMAGED', `The video is damaged after ${inSeconds(durationMs)}.`)
    : new VideoRejected('DAMAGED', 'The video is damaged or incomplete.');
}

async function headOf(file: string): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
