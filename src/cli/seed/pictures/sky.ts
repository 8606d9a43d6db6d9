// Skies: the gradient of the hour, the glow around the sun, and clouds on a ceiling that recedes to the horizon.
import type { Random } from '../random.js';
import type { Canvas } from './canvas.js';
import { clamp, mix, plus, smooth, times, type Colour } from './colour.js';
import type { Light } from './light.js';
import { Noise } from './noise.js';

/** What the camera looks at above the horizon. */
export interface Sky {
  /** The light from a direction: x in px, `up` above the horizon in px (below it: as in a mirror). */
  readonly at: (x: number, up: number) => Colour;
  /** The sun's place in px, y from the top. */
  readonly sun: { readonly x: number; readonly y: number };
}

/** Resolution of clouds in px: they are soft. */
const STEP = 3;

/** Makes the sky above a horizon `horizon` px from the top. */
export function skyAbove(canvas: Canvas, horizon: number, light: Light, random: Random): Sky {
  const sun = { x: light.sunX * canvas.width, y: horizon - light.sunHeight * horizon };
  const clouds = cloudMap(canvas.width, horizon, { light, sun, random });
  const radius = 0.009 * Math.max(canvas.width, canvas.height);
  const at = (x: number, up: number): Colour => {
    const height = clamp(Math.abs(up) / horizon);
    const clear = plus(
      gradient(light, height),
      glow(light, sun, x, horizon - Math.abs(up), canvas.width),
    );
    const { cover, tint } = clouds(x, Math.abs(up));
    const distance = Math.hypot(x - sun.x, horizon - Math.abs(up) - sun.y);
    const isShown = light.name !== 'overcast' && light.sunHeight < 0.7 && light.sunHeight > 0;
    const disc = isShown ? 3 * smooth(radius * 1.7, radius * 0.4, distance) * (1 - cover) : 0;
    return plus(mix(clear, tint, cover), light.sun, disc);
  };
  return { at, sun };
}

function gradient(light: Light, height: number): Colour {
  return height < 0.35
    ? mix(light.horizon, light.middle, smooth(0, 0.35, height))
    : mix(light.middle, light.zenith, smooth(0.35, 1, height) * 0.9);
}

/** Air shines around the sun: closely and brightly, and widely along the horizon. */
function glow(light: Light, sun: Sky['sun'], x: number, y: number, width: number): Colour {
  const [dx, dy] = [(x - sun.x) / width, (y - sun.y) / width];
  const near = Math.exp(-(dx * dx + dy * dy) * 90) * 0.5;
  const wide = Math.exp(-(dx * dx * 2.2 + dy * dy * 9)) * 0.2;
  return times(light.sun, (near + wide) * (light.sunHeight > 0.9 ? 0.25 : 0.8));
}

type Clouds = (x: number, up: number) => { readonly cover: number; readonly tint: Colour };

function cloudMap(
  width: number,
  horizon: number,
  { light, sun, random }: { light: Light; sun: Sky['sun']; random: Random },
): Clouds {
  const noise = new Noise(random);
  const [columns, rows] = [Math.ceil(width / STEP) + 2, Math.ceil(horizon / STEP) + 2];
  const cover = new Float32Array(columns * rows);
  const lit = new Float32Array(columns * rows);
  const stretch = random.between(1.6, 3.2);
  const scale = random.between(0.7, 1.25);
  const density = (u: number, v: number): number => {
    const warp = noise.rough(u * 0.6 + 7, v * 0.6, 2) * 0.9;
    return noise.rough(u + warp, v + warp * 0.5, 5) + (light.clouds - 0.62) * 0.85 + 0.12;
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const height = (row * STEP) / horizon;
      const far = 1 / (height * 0.9 + 0.16);
      const u = ((column * STEP) / width - 0.5) * far * stretch * scale;
      const v = far * scale * 1.9;
      const thick = density(u, v);
      const toSun = Math.max(-1, Math.min(1, ((sun.x - column * STEP) / width) * 5)) * 0.12;
      const shade = density(u + toSun, v - 0.12);
      const index = row * columns + column;
      cover[index] = smooth(0, 0.34, thick) * smooth(0.0, 0.08, height) * 0.96;
      lit[index] = clamp(0.62 + (thick - shade) * 1.9 - Math.max(0, thick - 0.22) * 1.5);
    }
  const bright = cloudColours(light);
  return (x, up) => {
    const [column, row] = [Math.max(0, x) / STEP, Math.min(rows - 2, up / STEP)];
    const share = sample(cover, columns, column, row);
    if (share <= 0.003) return { cover: 0, tint: bright.shadow };
    const nearSun = Math.exp(
      -(((x - sun.x) / width) ** 2) * 3 - ((horizon - up - sun.y) / horizon) ** 2 * 2,
    );
    const sunlit = mix(bright.light, bright.edge, nearSun);
    return { cover: share, tint: mix(bright.shadow, sunlit, sample(lit, columns, column, row)) };
  };
}

function cloudColours(light: Light): { shadow: Colour; light: Colour; edge: Colour } {
  const low = mix(light.ambient, light.middle, 0.5);
  return {
    shadow: times(low, light.name === 'noon' || light.name === 'morning' ? 0.85 : 0.6),
    light: plus(times(light.horizon, 0.75), light.sun, 0.12),
    edge: plus(times(light.horizon, 0.8), light.sun, 0.42),
  };
}

/** Between four points of a grid. */
function sample(grid: Float32Array, columns: number, x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - column, y - row];
  const index = row * columns + column;
  const upper = grid[index]! + (grid[index + 1]! - grid[index]!) * dx;
  const lower = grid[index + columns]! + (grid[index + columns + 1]! - grid[index + columns]!) * dx;
  return upper + (lower - upper) * dy;
}
