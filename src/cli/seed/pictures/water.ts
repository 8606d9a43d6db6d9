// Water: a mirror of what is above it, broken by waves that grow towards the camera.
import type { Random } from '../random.js';
import type { Canvas } from './canvas.js';
import { clamp, mix, times, type Colour } from './colour.js';
import type { Light } from './light.js';
import { Noise } from './noise.js';
import type { Sky } from './sky.js';

/** Draws the sea from the horizon down to `bottom`. */
export function drawSea(
  canvas: Canvas,
  {
    horizon,
    bottom,
    sky,
    light,
    random,
    roughness,
  }: { horizon: number; bottom: number; sky: Sky; light: Light; random: Random; roughness: number },
): void {
  const noise = new Noise(random);
  const deep = times(mix(light.ambient, light.zenith, 0.6), 0.16);
  const { width } = canvas;
  canvas.fill(horizon, bottom, (x, y) => {
    const near = (y - horizon + 0.7) / (canvas.height - horizon);
    const far = 1 / near;
    const u = (x / width - 0.5) * far * 3.2;
    const v = far * 5.5;
    const detail = Math.min(1, near * 6 + 0.15);
    const tilt =
      (noise.rough(u * 2.2 + 5, v * 2.4, 4) + 0.5 * noise.at(u * 9, v * 9) * detail) * roughness;
    const side = noise.at(u * 3 + 40, v * 3) * roughness;
    const mirrored = sky.at(
      clamp(x / width + side * 0.05) * (width - 1),
      (y - horizon) * 0.9 + Math.abs(tilt) * horizon * 0.5,
    );
    const fresnel = clamp(0.85 - near * 0.42 - tilt * 0.75);
    const water = mix(deep, mirrored, clamp(fresnel));
    return mix(
      water,
      plusGlitter(water, light, { away: (x - sky.sun.x) / width, tilt, side, near }),
      1,
    );
  });
}

/** A path of glints below the sun. */
function plusGlitter(
  water: Colour,
  light: Light,
  { away, tilt, side, near }: { away: number; tilt: number; side: number; near: number },
): Colour {
  if (light.sunHeight <= 0 || light.clouds > 0.6) return water;
  const path = Math.exp(-((away / (0.035 + near * 0.13)) ** 2));
  const glint =
    clamp((tilt + side * 0.6 + 0.05) * 3.2) ** 2 * path * (light.sunHeight > 0.7 ? 0.25 : 1.1);
  return [
    water[0] + light.sun[0] * glint,
    water[1] + light.sun[1] * glint,
    water[2] + light.sun[2] * glint,
  ];
}

/** Mirrors what was drawn above `shore` into a calm lake below it. */
export function drawLake(
  canvas: Canvas,
  { shore, light, random }: { shore: number; light: Light; random: Random },
): void {
  const noise = new Noise(random);
  const deep = times(light.ambient, 0.12);
  const calm = random.between(0.25, 1);
  const { width, height } = canvas;
  canvas.fill(shore, height, (x, y) => {
    const near = (y - shore) / (height - shore) + 0.02;
    const far = 1 / near;
    const wave = noise.rough((x / width - 0.5) * far * 2.5, far * 7, 3) * calm;
    const source = shore - (y - shore) * 1.02 - 1 + wave * 16 * near;
    const mirrored = canvas.get(x + wave * 7, Math.min(shore - 1, source));
    const breeze = clamp(noise.rough(x / width + 3, far * 1.4, 2) * 2 - 0.35) * 0.35;
    return mix(mix(mirrored, deep, 0.16 + near * 0.28), times(light.horizon, 0.5), breeze * calm);
  });
}
