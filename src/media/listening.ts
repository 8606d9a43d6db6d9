/** Hearing what a video sounds like: its length, its loudness, and its fingerprint. */
import { readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { findProgram, isExecutable, type Environment } from '../platform/find-program.js';
import { findFfmpeg, type FfmpegPlace } from './internal/ffmpeg-binaries.js';
import { fingerprint, SAMPLE_RATE } from './internal/sounds/fpcalc.js';
import { runLimited, type RunLimits } from './internal/sounds/run-limited.js';
import { waveform } from './internal/sounds/waveform.js';

/** A sound as it was heard. */
export interface HeardSound {
  readonly durationMs: number;
  /** Peaks, 0 to 100; empty for a sound of no time. */
  readonly waveform: readonly number[];
  /** Null where fingerprints are not made, and for a sound that is too short for one. */
  readonly fingerprint: Uint32Array | null;
}

/** Listens on this machine. */
export interface Listening {
  /**
   * Listens to a file that this server has made itself, with a directory for what it needs on the way.
   *
   * @returns null when there is no sound in it
   * @throws when it cannot be heard: ffmpeg is missing, or failed
   */
  listen(file: string, directory: string): Promise<HeardSound | null>;
}

/** Where the programs are; null: look on PATH. */
export interface ListeningPlace extends FfmpegPlace {
  readonly fpcalcPath: string | null;
}

/** Sound that is listened to, from the beginning of a file. */
const SECONDS = 600;

const LIMITS: RunLimits = {
  memoryBytes: 1024 * 1024 * 1024,
  cpuSeconds: 120,
  wallSeconds: 300,
  fileBytes: SECONDS * SAMPLE_RATE * 2,
};

/** The program that makes fingerprints, absolute; null when it is not there: sounds are not recognised then. */
export async function findFpcalc(
  configured: string | null,
  environment: Environment,
): Promise<string | null> {
  const file = configured ?? (await findProgram('fpcalc', environment));
  return file !== null && (await isExecutable(file)) ? file : null;
}

/** Looks for the programs when they are first wanted, and again as long as they are not there. */
export function createListening(place: ListeningPlace): Listening {
  let ffmpegPath: string | null = null;
  const ffmpeg = async (): Promise<string> => {
    if (ffmpegPath !== null) return ffmpegPath;
    const search = await findFfmpeg(place);
    if (!search.found) throw new Error(search.reason);
    return (ffmpegPath = search.binaries.ffmpegPath);
  };
  return {
    async listen(file, directory) {
      const samples = path.join(directory, 'samples');
      try {
        if (!(await extract(await ffmpeg(), file, samples))) return null;
        const fpcalc = await findFpcalc(place.fpcalcPath, place.environment);
        return await hear(samples, fpcalc);
      } finally {
        await rm(samples, { force: true });
      }
    },
  };
}

/** Writes the samples of a file; false when it has no sound. */
async function extract(ffmpeg: string, file: string, samples: string): Promise<boolean> {
  const input = ['-protocol_whitelist', 'file', '-f', 'mov', '-i', `file:${file}`];
  const output = ['-map', '0:a:0', '-t', String(SECONDS), '-ac', '1', '-ar', String(SAMPLE_RATE)];
  const { code, stderr } = await runLimited(
    ffmpeg,
    ['-nostdin', '-v', 'error', ...input, ...output, '-f', 's16le', `file:${samples}`],
    LIMITS,
  );
  if (code === 0) return (await stat(samples)).size > 0;
  if (stderr.includes('matches no streams')) return false;
  throw new Error(`ffmpeg ended with ${code}: ${stderr}`);
}

async function hear(samples: string, fpcalc: string | null): Promise<HeardSound> {
  const bytes = await readFile(samples);
  const values = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 2));
  return {
    durationMs: Math.round((values.length * 1000) / SAMPLE_RATE),
    waveform: waveform(values),
    fingerprint: fpcalc === null ? null : await fingerprint(fpcalc, samples),
  };
}
