/** Making one video of two: a clip with the sound of another one, beside it, or after its beginning. */
import type { Environment } from '../platform/find-program.js';
import { findFfmpeg, type FfmpegBinaries, type FfmpegPlace } from './internal/ffmpeg-binaries.js';
import type { Combination } from './combination.js';
import { combineArguments, type Probed } from './internal/sounds/combine-plan.js';
import { runLimited, type RunLimits } from './internal/sounds/run-limited.js';

/** Three files: two that this server has made itself, and one that is not there yet. */
export interface CombinedFiles {
  readonly original: string;
  readonly clip: string;
  readonly output: string;
}

/** Makes one video of two on this machine. */
export interface Combining {
  /** @throws when ffmpeg is missing, or failed, and the reason of a signal that aborted */
  combine(combination: Combination, files: CombinedFiles, signal: AbortSignal): Promise<void>;
}

const GIB = 1024 * 1024 * 1024;

/** A clip of ten minutes takes about a tenth of this. */
const LIMITS: RunLimits = {
  memoryBytes: 2 * GIB,
  cpuSeconds: 3600,
  wallSeconds: 3600,
  fileBytes: 2 * GIB,
};
const PROBE_LIMITS: RunLimits = {
  memoryBytes: GIB,
  cpuSeconds: 20,
  wallSeconds: 60,
  fileBytes: 1024,
};

const BEGINNING = ['-nostdin', '-v', 'error', '-y'];
const INPUT = ['-protocol_whitelist', 'file', '-f', 'mov'];
const CLEAN = ['-map_metadata', '-1', '-map_chapters', '-1'];
const ENDING = [...CLEAN, '-movflags', '+faststart', '-f', 'mp4'];

/** Looks for the programs when they are first wanted, and again as long as they are not there. */
export function createCombining(place: FfmpegPlace & { environment: Environment }): Combining {
  let found: FfmpegBinaries | null = null;
  const binaries = async (): Promise<FfmpegBinaries> => {
    if (found) return found;
    const search = await findFfmpeg(place);
    if (!search.found) throw new Error(search.reason);
    return (found = search.binaries);
  };
  return {
    async combine(combination, { original, clip, output }, signal) {
      const { ffmpegPath, ffprobePath } = await binaries();
      const sources = {
        original: await probe(ffprobePath, original),
        clip: await probe(ffprobePath, clip),
      };
      const inputs = [original, clip].flatMap((file) => [...INPUT, '-i', `file:${file}`]);
      const { code, stderr } = await runLimited(
        ffmpegPath,
        [
          ...BEGINNING,
          ...inputs,
          ...combineArguments(combination, sources),
          ...ENDING,
          `file:${output}`,
        ],
        { ...LIMITS, signal },
      );
      if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${stderr}`);
    },
  };
}

interface ProbeAnswer {
  readonly format?: { readonly duration?: string };
  readonly streams?: readonly {
    readonly codec_type?: string;
    readonly width?: number;
    readonly height?: number;
  }[];
}

async function probe(ffprobe: string, file: string): Promise<Probed> {
  const shown = 'stream=codec_type,width,height:format=duration';
  const args = ['-v', 'error', ...INPUT, '-show_entries', shown, '-of', 'json', `file:${file}`];
  const { code, stdout, stderr } = await runLimited(ffprobe, args, PROBE_LIMITS);
  if (code !== 0) throw new Error(`ffprobe ended with ${code}: ${stderr}`);
  const { streams = [], format } = JSON.parse(stdout) as ProbeAnswer;
  const picture = streams.find(({ codec_type: type }) => type === 'video');
  return {
    seconds: Number(format?.duration ?? 0),
    width: picture?.width ?? 0,
    height: picture?.height ?? 0,
    hasSound: streams.some(({ codec_type: type }) => type === 'audio'),
  };
}
