/** What ffmpeg is told to make one video of two. Pure. */

import type { Combination } from '../../combination.js';
import { ENCODERS, videoOptions } from '../video/encoders.js';
import { planLadder } from '../video/ladder.js';

/** A video as ffprobe sees it. */
export interface Probed {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly hasSound: boolean;
}

/** Two inputs: 0 is the original, 1 the clip. */
export interface Sources {
  readonly original: Probed;
  readonly clip: Probed;
}

const FRAME_RATE = 30;
const SILENCE = 'anullsrc=r=48000:cl=stereo';
const SOUND_FORMAT = 'aresample=48000,aformat=channel_layouts=stereo';
/** Of what a rung may have, so that its sound beside it does not make it too much. */
const SHARE = 0.9;
const SOUND = ['-c:a', 'aac', '-b:a', '192k'];

/** Halves of a duet, px. */
const HALVES = {
  SIDE_BY_SIDE: { width: 540, height: 960, stack: 'hstack' },
  TOP_AND_BOTTOM: { width: 720, height: 640, stack: 'vstack' },
} as const;

const DUETS = {
  SIDE_BY_SIDE: { width: 1080, height: 960 },
  TOP_AND_BOTTOM: { width: 720, height: 1280 },
} as const;

/** Arguments of ffmpeg between the inputs and the output. */
export function combineArguments(combination: Combination, sources: Sources): string[] {
  switch (combination.kind) {
    case 'SOUND':
      return soundArguments(combination, sources);
    case 'DUET':
      return duetArguments(combination, sources);
    case 'STITCH':
      return stitchArguments(combination, sources);
  }
}

/** The picture of the clip stays as it is. */
function soundArguments(
  { originalVolume, clipVolume }: Volumes,
  { original, clip }: Sources,
): string[] {
  const mixed = mix({ originalVolume, clipVolume }, { original, clip });
  const output = ['-map', '1:v:0', '-map', '[sound]', '-c:v', 'copy', ...SOUND];
  return ['-filter_complex', mixed, ...output, ...lengthOf(clip.seconds)];
}

function duetArguments(
  { layout, ...volumes }: Combination & { kind: 'DUET' },
  sources: Sources,
): string[] {
  const { width, height, stack } = HALVES[layout];
  const fit = fitInto(width, height);
  const filters = [
    // An original that is over stands still until the clip is, too.
    `[0:v:0]${fit},tpad=stop=-1:stop_mode=clone[left]`,
    `[1:v:0]${fit}[right]`,
    `[left][right]${stack}=inputs=2:shortest=1[picture]`,
    mix(volumes, sources),
  ];
  const output = ['-map', '[picture]', '-map', '[sound]', ...encoded(DUETS[layout]), ...SOUND];
  return ['-filter_complex', filters.join(';'), ...output, ...lengthOf(sources.clip.seconds)];
}

function stitchArguments(
  { seconds }: Combination & { kind: 'STITCH' },
  { original, clip }: Sources,
): string[] {
  const taken = Math.min(seconds, original.seconds);
  const size = { width: even(clip.width), height: even(clip.height) };
  const fit = fitInto(size.width, size.height);
  const filters = [
    `[0:v:0]trim=duration=${taken},setpts=PTS-STARTPTS,${fit}[first]`,
    `[1:v:0]setpts=PTS-STARTPTS,${fit}[second]`,
    `${soundOf(0, original)},apad,atrim=duration=${taken},asetpts=PTS-STARTPTS[said]`,
    `${soundOf(1, clip)},apad,atrim=duration=${clip.seconds},asetpts=PTS-STARTPTS[answered]`,
    '[first][said][second][answered]concat=n=2:v=1:a=1[picture][sound]',
  ];
  const output = ['-map', '[picture]', '-map', '[sound]', ...encoded(size), ...SOUND];
  return ['-filter_complex', filters.join(';'), ...output, ...lengthOf(taken + clip.seconds)];
}

/** As the top rung of its ladder is encoded: what is made of it takes that picture over as it is. */
function encoded(size: { readonly width: number; readonly height: number }): string[] {
  const { rungs } = planLadder({ video: { ...size, frameRate: FRAME_RATE, isVariable: false } });
  const maxBitRate = Math.round((rungs[0]?.maxBitRate ?? 0) * SHARE);
  return videoOptions(ENCODERS.libx264, { maxBitRate }, 'even');
}

interface Volumes {
  readonly originalVolume: number;
  readonly clipVolume: number;
}

/** Both sounds, each as loud as wanted, as long as the clip. */
function mix({ originalVolume, clipVolume }: Volumes, { original, clip }: Sources): string {
  return [
    `${soundOf(0, original)},volume=${originalVolume / 100}[under]`,
    `${soundOf(1, clip)},volume=${clipVolume / 100}[over]`,
    `[under][over]amix=inputs=2:duration=longest:normalize=0,apad,atrim=duration=${clip.seconds}[sound]`,
  ].join(';');
}

/** The sound of an input; silence for as long as it takes where it has none. */
function soundOf(input: number, { hasSound, seconds }: Probed): string {
  return hasSound ? `[${input}:a:0]${SOUND_FORMAT}` : `${SILENCE},atrim=duration=${seconds}`;
}

function fitInto(width: number, height: number): string {
  const scaled = `scale=${width}:${height}:force_original_aspect_ratio=decrease:force_divisible_by=2`;
  return `fps=${FRAME_RATE},${scaled},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`;
}

function lengthOf(seconds: number): string[] {
  return ['-t', String(seconds)];
}

function even(size: number): number {
  return Math.max(2, size - (size % 2));
}
