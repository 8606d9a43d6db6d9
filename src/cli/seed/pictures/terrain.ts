// Ridges of mountains, one behind the other in the haze, and trees on them.
import type { Random } from '../random.js';
import type { Canvas } from './canvas.js';
import { clamp, mix, plus, smooth, times, under, type Colour } from './colour.js';
import type { Light } from './light.js';
import { Noise } from './noise.js';

/** One ridge. */
export interface Ridge {
  /** Middle of its line, px from the top. */
  readonly level: number;
  /** How far its peaks rise, px. */
  readonly relief: number;
  /** Peaks over the width of the picture. */
  readonly peaks: number;
  /** 0 = clear, 1 = gone in the haze. */
  readonly haze: number;
  readonly rock: Colour;
  /** Share of the height that is white; 0 = none. */
  readonly snow: number;
  /** Trees along the line, in px of their height; 0 = none. */
  readonly trees: number;
}

/** Draws the ridge down to `bottom`; returns its line, one height per column. */
export function drawRidge(
  canvas: Canvas,
  ridge: Ridge,
  { light, random, bottom }: { light: Light; random: Random; bottom: number },
): Float32Array {
  const noise = new Noise(random);
  const line = ridgeLine(canvas.width, ridge, noise);
  const crown = ridge.trees > 0 ? treeLine(canvas.width, ridge.trees, random) : null;
  const air = plus(times(mix(light.horizon, light.middle, 0.35), 0.92), light.sun, 0.05);
  const fromRight = light.sunX > 0.5 ? 1 : -1;
  const frequency = (ridge.peaks * 3.2) / canvas.width;
  for (let x = 0; x < canvas.width; x++) {
    const top = line[x]!;
    const edge = top - (crown?.[x] ?? 0);
    const nearSun = Math.exp(-((x / canvas.width - light.sunX) ** 2) * 5);
    const veil = plus(air, light.sun, 0.12 * nearSun * (light.sunHeight < 0.4 ? 1 : 0.2));
    for (let y = Math.max(0, Math.floor(edge)); y < bottom; y++) {
      const depth = (y - top) / Math.max(1, ridge.relief);
      const cover = clamp(y + 1 - edge);
      const isTree = y < top + ridge.trees * 0.6;
      const lit =
        isTree && crown
          ? 0.12 + 0.1 * noise.at(x * 0.4, y * 0.25)
          : slope(noise, x * frequency, depth, fromRight);
      const ground = surface(ridge, noise, { u: x * frequency, depth, lit });
      const shone = under(
        ground,
        plus(times(light.ambient, 0.75), light.sun, lit * 0.55 * (light.sunHeight > 0 ? 1 : 0.2)),
      );
      const fog = clamp(
        ridge.haze +
          (1 - ridge.haze) * 0.55 * smooth(0.25, 1.7, depth) * Math.min(1, ridge.haze * 2.5),
      );
      canvas.put(x, y, mix(shone, veil, fog), cover);
    }
  }
  return line;
}

function ridgeLine(width: number, ridge: Ridge, noise: Noise): Float32Array {
  return Float32Array.from({ length: width }, (_, x) => {
    const u = (x / width) * ridge.peaks;
    const large = noise.rough(u * 0.5 + 3.3, 0.7, 2) * 1.5;
    const sharp = noise.crests(u * 0.8 + 11, 4.2, 6) - 0.5;
    return ridge.level - ridge.relief * (large * 0.75 + sharp * 1.25);
  });
}

/** Light on a slope, 0 to 1: gullies run down from the crest. */
function slope(noise: Noise, u: number, depth: number, fromRight: number): number {
  const height = (shift: number): number =>
    noise.crests((u + shift) * 0.75 + depth * 0.35, depth * 0.55 + 20, 5);
  return clamp(0.5 + (height(0) - height(0.045 * fromRight)) * 5.5);
}

function surface(
  ridge: Ridge,
  noise: Noise,
  { u, depth, lit }: { u: number; depth: number; lit: number },
): Colour {
  const grain = 0.8 + 0.4 * noise.at(u * 9, depth * 14);
  const rock = times(ridge.rock, grain);
  if (ridge.snow <= 0) return rock;
  const border = ridge.snow + noise.rough(u * 3, depth * 3, 3) * 0.5;
  const white =
    smooth(0.1, -0.1, depth - border) *
    smooth(0.12, 0.35, lit + noise.at(u * 12, depth * 9) * 0.12 + 0.12);
  return mix(rock, [0.62, 0.66, 0.73], white);
}

/** Heights of conifers side by side, px above the line. */
function treeLine(width: number, height: number, random: Random): Float32Array {
  const crown = new Float32Array(width);
  for (let x = -height; x < width + height; x += random.between(0.1, 0.32) * height) {
    const tall = height * random.between(0.45, 1.15);
    const half = tall * random.between(0.16, 0.24);
    for (let column = Math.ceil(x - half); column <= x + half; column++) {
      if (column < 0 || column >= width) continue;
      const away = Math.abs(column - x) / half;
      const branches = 0.12 * Math.abs(Math.sin(away * 14 + x)) * away;
      crown[column] = Math.max(crown[column]!, tall * Math.max(0, (1 - away) ** 1.15 - branches));
    }
  }
  return crown;
}
