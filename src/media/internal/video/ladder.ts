// Which sizes a video is made in: pure arithmetic.
import type { VideoStream } from './probe.js';

/** Names of the rungs by their shorter side, px. */
const RUNGS = [1080, 720, 480] as const;

/** One rung of the ladder. */
export interface Rung {
  readonly name: (typeof RUNGS)[number];
  /** px; even. */
  readonly width: number;
  readonly height: number;
  /** Highest rate of bits that the encoder keeps to. */
  readonly maxBitRate: number;
}

/** What is made of a source. */
export interface Ladder {
  /** Largest first; at least one. */
  readonly rungs: readonly Rung[];
  /** Frames per second of every rung; null = as they come. */
  readonly frameRate: number | null;
}

const MAX_FRAME_RATE = 60;
/** As a frame of 16:9 on the rung: what is wider or higher than that is made smaller, never what is squarer. */
const ASPECT = 16 / 9;
/** Sizes between two rungs get one of their own when the lower one would lose more than this. */
const WORTH_A_RUNG = 1.1;
const BIT_RATES: Readonly<Record<Rung['name'], number>> = {
  1080: 6_000_000,
  720: 3_000_000,
  480: 1_400_000,
};
/** Frames beyond 30 per second differ little from their neighbours. */
const FAST = { above: 31, factor: 1.4 };

/** What the sizes depend on. */
export type Measured = Pick<VideoStream, 'width' | 'height' | 'frameRate' | 'isVariable'>;

/** The rungs for a source, none larger than it. */
export function planLadder({ video }: { readonly video: Measured }): Ladder {
  const rate = Math.min(video.frameRate, MAX_FRAME_RATE);
  const isFast = rate > FAST.above;
  const rungs: Rung[] = [];
  for (const name of [...RUNGS].reverse()) {
    const below = rungs[0];
    const size = sizeOn(name, video);
    if (below && size.width * size.height < below.width * below.height * WORTH_A_RUNG ** 2) break;
    const maxBitRate = Math.round(BIT_RATES[name] * (isFast ? FAST.factor : 1));
    rungs.unshift({ name, ...size, maxBitRate });
  }
  const needsRate = video.isVariable || video.frameRate > MAX_FRAME_RATE;
  return { rungs, frameRate: needsRate ? wholeRate(rate) : null };
}

function sizeOn(name: Rung['name'], video: Measured): { width: number; height: number } {
  const { width, height } = video;
  const shorter = Math.min(width, height);
  const scale = Math.min(1, name / shorter, Math.sqrt((name * name * ASPECT) / (width * height)));
  return { width: even(width * scale), height: even(height * scale) };
}

/** Encoders halve the resolution of colour, so that both sides are even. */
function even(length: number): number {
  return Math.max(2, Math.round(length / 2) * 2);
}

function wholeRate(rate: number): number {
  return Math.max(1, Math.min(MAX_FRAME_RATE, Math.round(rate)));
}
