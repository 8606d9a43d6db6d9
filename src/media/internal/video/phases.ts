/**
 * In which order renditions are made. Decoding is paid once for all rungs of a phase; a video that is worth waiting for
 * is playable after the first of two, at the price of a second decode.
 */
import { playlistOf, rungFile } from './encode-options.js';
import type { KeyFrames } from './encoders.js';
import type { Ladder, Rung } from './ladder.js';
import type { VideoSource } from './probe.js';

/** What one run of ffmpeg makes. */
export interface Phase {
  readonly rungs: readonly Rung[];
  /** The rungs are one, and it is the source as it is. */
  readonly isCopy: boolean;
  /** Rungs have their key frames where the source has them, as the copied one does. */
  readonly keyFrames: KeyFrames;
  readonly hasSound: boolean;
  readonly hasPoster: boolean;
  /** What it costs, as against other phases. */
  readonly frames: number;
}

/** All that is to be made. */
export interface Phases {
  readonly phases: readonly Phase[];
  /** Cost of all of them. */
  readonly frames: number;
}

/** Shorter ones are done so soon that decoding them twice is not worth it. */
const LONG_MS = 20_000;
const FIRST_SIDE = 720;
const COPY_COST = 0.02;

/** What is left to make of a source. */
export function planPhases(
  source: VideoSource,
  ladder: Ladder,
  copies: boolean,
  made: ReadonlySet<string>,
): Phases {
  const isMade = (rung: Rung): boolean =>
    made.has(rungFile(rung)) && made.has(playlistOf(rungFile(rung)));
  const isStarted = made.has('hls');
  const groups = isStarted ? [ladder.rungs] : order(source, ladder, copies);
  const phases = groups
    .map((rungs) => rungs.filter((rung) => !isMade(rung)))
    .filter((rungs) => rungs.length > 0)
    .map((rungs, index): Phase => {
      const isFirst = index === 0 && !isStarted;
      const isCopy = copies && rungs.length === 1 && rungs[0] === ladder.rungs[0];
      return {
        rungs,
        isCopy,
        keyFrames: copies ? 'source' : 'even',
        hasSound: isFirst && source.audio !== null,
        hasPoster: isFirst,
        frames: costOf(source, rungs, isCopy),
      };
    });
  return { phases, frames: phases.reduce((sum, phase) => sum + phase.frames, 0) };
}

function order(
  { durationMs }: VideoSource,
  { rungs }: Ladder,
  copies: boolean,
): (readonly Rung[])[] {
  if (copies) return [rungs.slice(0, 1), rungs.slice(1)];
  if (durationMs < LONG_MS || rungs.length === 1) return [rungs];
  const first = rungs.find(({ name }) => name <= FIRST_SIDE) ?? rungs[0];
  return [rungs.filter((rung) => rung === first), rungs.filter((rung) => rung !== first)];
}

function costOf({ durationMs }: VideoSource, rungs: readonly Rung[], isCopy: boolean): number {
  const pixels = rungs.reduce((sum, { width, height }) => sum + width * height, 0);
  return durationMs * pixels * (isCopy ? COPY_COST : 1);
}
