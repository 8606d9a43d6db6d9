// One run of ffmpeg over a source, and the files that are to be published together afterwards.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import {
  audioOptions,
  hlsOutput,
  ladderFilter,
  ORIGIN_SECONDS,
  playlistOf,
  rungFile,
} from './encode-options.js';
import type { EncoderInUse } from './choose-encoder.js';
import { videoOptions, type Encoder } from './encoders.js';
import { fileOf, headOf, NO_SIZE, readStream, requireWhole, type VideoFile } from './made-files.js';
import type { Launchers } from './launcher.js';
import type { Ladder, Rung } from './ladder.js';
import type { Phase } from './phases.js';
import type { SoundPlan } from './loudness.js';
import { avcCodec, type MediaPlaylist, type SoundVariant, type Variant } from './playlist.js';
import type { VideoSource } from './probe.js';
import { runFfmpeg, type FfmpegOutput } from './run-ffmpeg.js';
import { copiedPicture, MAX_MP4_BYTES, MP4, wholeFile } from './taking-over.js';

/** What every step over a source needs. */
export interface BatchTask {
  readonly launchers: Launchers;
  readonly source: VideoSource;
  readonly ladder: Ladder;
  readonly directory: string;
  readonly threads: number;
  readonly encoders: EncoderInUse;
  readonly signal: AbortSignal;
}

/** Files that become visible together. */
export interface VideoBatch {
  readonly files: readonly VideoFile[];
  readonly variants: readonly Variant[];
  /** Null = the video has none, or it was made before. */
  readonly sound: SoundVariant | null;
  /** A still picture; only in the first batch. */
  readonly posterPath: string | null;
  readonly durationMs: number;
  readonly source: VideoSource;
}

/** What is known before a phase. */
export interface BatchPlan {
  readonly phase: Phase;
  /** What the phase makes was written with the survey. */
  readonly isMade: boolean;
  readonly sound: SoundPlan;
  /** Of the sound as an earlier phase made it; null = this one makes it. */
  readonly soundBitRate: number | null;
  /** Of the first phase. */
  readonly posterPath: string | null;
}

/** Encodes one phase and reads what came of it. */
export async function makeBatch(
  task: BatchTask,
  plan: BatchPlan,
  onProgress: (share: number) => void,
): Promise<VideoBatch> {
  const { phase, posterPath } = plan;
  if (!plan.isMade) await encode(task, plan, onProgress);
  const sound = phase.hasSound ? await readSound(task, plan) : null;
  const soundBitRate = task.source.audio ? (sound?.peakBitRate ?? plan.soundBitRate ?? 0) : 0;
  const made = await Promise.all(
    phase.rungs.map((rung) => readRung(task, rung, { phase, soundBitRate })),
  );
  const durationMs = Math.round(
    1000 * Math.max(...made.map(({ playlist }) => playlist.durationSeconds), sound?.seconds ?? 0),
  );
  requireWhole(task.source, durationMs);
  const files = [...made.flatMap((rung) => rung.files), ...(sound?.files ?? [])];
  const mp4 = phase.hasPoster ? await findMp4(task, plan) : null;
  return {
    files: mp4 ? [...files, mp4] : files,
    variants: made.map(({ variant }) => variant),
    sound,
    posterPath,
    durationMs,
    source: task.source,
  };
}

async function encode(
  task: BatchTask,
  plan: BatchPlan,
  onProgress: (share: number) => void,
): Promise<void> {
  if (plan.phase.isCopy) await run(task, plan, { encoder: null, onProgress });
  else await task.encoders.use((encoder) => run(task, plan, { encoder, onProgress }));
}

/** How one run is done; `encoder` null = the picture is taken over. */
interface Manner {
  readonly encoder: Encoder | null;
  readonly onProgress: (share: number) => void;
}

async function run(
  task: BatchTask,
  { phase, sound }: BatchPlan,
  { encoder, onProgress }: Manner,
): Promise<void> {
  const { launchers, source, ladder, directory, threads, signal } = task;
  const limit = ['-t', String(source.durationMs / 1000 + 1)];
  const input = {
    file: source.file,
    demuxer: source.demuxer,
    options: [...(encoder?.device ?? []), '-threads', String(threads), ...limit],
  };
  const outputs: FfmpegOutput[] = picturesOf(task, phase, encoder);
  if (phase.hasSound && source.audio)
    outputs.push(
      hlsOutput(directory, 'audio', ['-map', `0:${source.audio.index}`, ...audioOptions(sound)]),
    );
  await runFfmpeg(launchers, {
    inputs: [input],
    ...(encoder && { filter: ladderFilter(source, ladder, phase.rungs, encoder.upload) }),
    outputs,
    signal,
    onProgress: (milliseconds) =>
      onProgress(
        Math.min(1, Math.max(0, milliseconds / 1000 - ORIGIN_SECONDS) / (source.durationMs / 1000)),
      ),
  });
}

function picturesOf(task: BatchTask, phase: Phase, encoder: Encoder | null): FfmpegOutput[] {
  const { directory, threads } = task;
  return phase.rungs.map((rung, index) => {
    if (!encoder) return copiedPicture(task, rung, 0);
    const encoded = ['-map', `[v${index}]`, '-threads', String(threads)];
    const options = [...encoded, ...videoOptions(encoder, rung, phase.keyFrames)];
    return hlsOutput(directory, rungFile(rung), options);
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
  { phase: { isCopy }, soundBitRate }: { readonly phase: Phase; readonly soundBitRate: number },
): Promise<MadeRung> {
  const { files, playlist } = await readStream(directory, rungFile(rung), 'video/mp4', rung);
  const codec = avcCodec(await headOf(path.join(directory, `${rungFile(rung)}.mp4`)));
  if (codec === null) throw new Error('ffmpeg wrote a video without a description of its codec');
  const frameRate = isCopy ? source.video.frameRate : (ladder.frameRate ?? source.video.frameRate);
  const { peakBitRate, averageBitRate } = playlist;
  const fileName = `${playlistOf(rungFile(rung))}.m3u8`;
  const { width, height } = rung;
  const rates = { peakBitRate, averageBitRate, soundBitRate };
  const variant = { fileName, width, height, frameRate, codec, ...rates };
  return { files, playlist, variant };
}

interface MadeSound extends SoundVariant {
  readonly files: readonly VideoFile[];
  readonly seconds: number;
}

async function readSound(
  { directory, source }: BatchTask,
  { sound }: BatchPlan,
): Promise<MadeSound> {
  const { files, playlist } = await readStream(directory, 'audio', 'audio/mp4', NO_SIZE);
  const channels = sound.isCopied ? (source.audio?.channels ?? 2) : 2;
  const { durationSeconds: seconds, peakBitRate } = playlist;
  return { files, seconds, peakBitRate, channels };
}

/** The one file; null where it would be too large. */
async function findMp4(task: BatchTask, { phase, isMade }: BatchPlan): Promise<VideoFile | null> {
  if (!isMade) return makeMp4(task, phase);
  if ((await stat(task.source.file)).size > MAX_MP4_BYTES) return null;
  return fileOf(wholeFile(task), 'mp4', 'video/mp4', phase.rungs[0] ?? NO_SIZE);
}

/** The best rung of the batch that is not too large, in one file that plays while it comes; nothing is encoded for it. */
async function makeMp4(task: BatchTask, { rungs, hasSound }: Phase): Promise<VideoFile | null> {
  const { directory, launchers, signal } = task;
  const rung = rungs.find(({ name }) => name === 720) ?? rungs[0];
  if (!rung) return null;
  const picture = path.join(directory, `${rungFile(rung)}.mp4`);
  if ((await stat(picture)).size > MAX_MP4_BYTES) return null;
  const file = wholeFile(task);
  const inputs = [picture, ...(hasSound ? [path.join(directory, 'audio.mp4')] : [])];
  const maps = inputs.flatMap((_, index) => ['-map', `${index}:0`]);
  const origin = ['-output_ts_offset', String(-ORIGIN_SECONDS)];
  await runFfmpeg(launchers, {
    inputs: inputs.map((input) => ({ file: input, demuxer: 'mov' as const, options: ['-copyts'] })),
    outputs: [{ file, options: [...maps, ...origin, ...MP4] }],
    signal,
  });
  return fileOf(file, 'mp4', 'video/mp4', rung);
}
