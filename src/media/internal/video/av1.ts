/** The same qualities in AV1, which needs fewer bits and much more time: for players that know it, beside H.264. */
import path from 'node:path';
import type { BatchTask, VideoBatch } from './batch.js';
import { hlsOutput, ladderFilter, ORIGIN_SECONDS, playlistOf, rungFile } from './encode-options.js';
import { SEGMENT_SECONDS } from './encoders.js';
import type { Rung } from './ladder.js';
import type { Launchers } from './launcher.js';
import { headOf, readStream, requireWhole, type VideoFile } from './made-files.js';
import { av1Codec, type Variant } from './playlist.js';
import { FfmpegFailed, runFfmpeg } from './run-ffmpeg.js';

/** An encoder of AV1 and its words. */
export interface Av1Encoder {
  readonly name: 'libsvtav1' | 'libaom-av1';
  readonly options: readonly string[];
}

/** In the order in which they are tried; about as good as what H.264 is told, with 28 % fewer bits of noisy motion and hardly fewer of a still. */
export const AV1_ENCODERS: readonly Av1Encoder[] = [
  { name: 'libsvtav1', options: ['-preset', '10', '-crf', '38'] },
  {
    name: 'libaom-av1',
    options: '-usage realtime -cpu-used 8 -row-mt 1 -crf 38 -b:v 0'.split(' '),
  },
];

const TEST_PICTURE = 'color=c=gray:s=320x320:r=30:d=0.2,format=yuv420p';

/** The first encoder that makes a few frames; null = this ffmpeg has none. */
export async function findAv1Encoder(
  launchers: Launchers,
  signal: AbortSignal,
): Promise<Av1Encoder | null> {
  for (const encoder of AV1_ENCODERS) {
    const options = ['-c:v', encoder.name, ...encoder.options, '-f', 'null'];
    try {
      const inputs = [{ file: TEST_PICTURE, demuxer: 'lavfi' as const }];
      await runFfmpeg(launchers, { inputs, outputs: [{ file: '-', options }], signal });
      return encoder;
    } catch (error) {
      if (!(error instanceof FfmpegFailed)) throw error;
    }
  }
  return null;
}

/** Names of the files without their types: those of H.264, with an ending. */
export function av1File(rung: Pick<Rung, 'name'>): string {
  return `${rungFile(rung)}-av1`;
}

/** What is known of a video that is whole, and who hears how far its AV1 is. */
export interface Av1Plan {
  readonly encoder: Av1Encoder;
  /** Of the sound that plays with it; 0 = none does. */
  readonly soundBitRate: number;
  /** Bytes of each rung in H.264, by the name of its file. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Of all, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Encodes all rungs in one run; answers those that are smaller than in H.264, null when none is. */
export async function makeAv1(
  task: BatchTask,
  { encoder, soundBitRate, sizes, onProgress }: Av1Plan,
): Promise<VideoBatch | null> {
  const { launchers, source, ladder, directory, threads, signal } = task;
  const { file, demuxer, durationMs } = source;
  const { rungs } = ladder;
  const frameRate = ladder.frameRate ?? source.video.frameRate;
  const limits = ['-threads', String(threads), '-t', String(durationMs / 1000 + 1)];
  await runFfmpeg(launchers, {
    inputs: [{ file, demuxer, options: limits }],
    filter: ladderFilter(source, ladder, rungs, null),
    outputs: rungs.map((rung, index) =>
      hlsOutput(directory, av1File(rung), [
        '-map',
        `[v${index}]`,
        '-c:v',
        encoder.name,
        ...encoder.options,
        // Not each of the encoders can be told times.
        '-g',
        String(Math.max(1, Math.round(frameRate * SEGMENT_SECONDS))),
      ]),
    ),
    signal,
    onProgress: (milliseconds) =>
      onProgress(
        Math.min(1, Math.max(0, milliseconds / 1000 - ORIGIN_SECONDS) / (durationMs / 1000)),
      ),
  });
  const made = await Promise.all(
    rungs.map((rung) => readRung(directory, rung, { frameRate, soundBitRate })),
  );
  requireWhole(source, Math.round(1000 * Math.max(...made.map(({ seconds }) => seconds))));
  // Who plays one that is larger waits longer, for nothing.
  const worthIt = made.filter(({ bytes }, index) => bytes < sizeOf(sizes, rungs[index]));
  if (worthIt.length === 0) return null;
  return {
    files: worthIt.flatMap(({ files }) => files),
    variants: worthIt.map(({ variant }) => variant),
    sound: null,
    posterPath: null,
    durationMs,
    source,
  };
}

function sizeOf(sizes: Av1Plan['sizes'], rung: Rung | undefined): number {
  return (rung && sizes.get(rungFile(rung))) ?? Infinity;
}

interface MadeRung {
  readonly bytes: number;
  readonly files: readonly VideoFile[];
  readonly seconds: number;
  readonly variant: Variant;
}

async function readRung(
  directory: string,
  rung: Rung,
  known: Pick<Variant, 'frameRate' | 'soundBitRate'>,
): Promise<MadeRung> {
  const name = av1File(rung);
  const { files, playlist } = await readStream(directory, name, 'video/mp4', rung);
  const codec = av1Codec(await headOf(path.join(directory, `${name}.mp4`)));
  if (codec === null) throw new Error('ffmpeg wrote AV1 without a description of it');
  const { peakBitRate, averageBitRate, durationSeconds: seconds } = playlist;
  const { width, height } = rung;
  const fileName = `${playlistOf(name)}.m3u8`;
  const variant = { fileName, width, height, codec, peakBitRate, averageBitRate, ...known };
  return { bytes: files[0]?.sizeBytes ?? 0, files, seconds, variant };
}
