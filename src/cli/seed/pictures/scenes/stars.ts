// The night sky far from any town, over a dark ridge.
import { clamp, colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';
import { drawRidge } from '../terrain.js';

const TINTS = ['#ffffff', '#cfdcff', '#ffe6c4', '#dfe8ff', '#ffd2a6'];

/** Stars and the Milky Way. */
export const stars: Scene = (shot) => {
  const { canvas, light, random } = shot;
  const { width, height } = canvas;
  const noise = new Noise(random);
  const dusk = colour(random.pick(['#274a5e', '#5a3f33', '#2c3f5c', '#3f4a33']));
  const angle = random.between(0.7, 1.35) * (random.chance(0.5) ? 1 : -1);
  const foot = width * random.between(0.3, 0.7);
  const band = (x: number, y: number): number =>
    ((x - foot) * Math.sin(angle) - (y - height * 0.8) * Math.cos(angle)) / height;
  const dust = (x: number, y: number): { shine: number; tint: Colour } => {
    const away = Math.abs(band(x, y));
    const cloud = noise.rough((x / height) * 4 + 5, (y / height) * 4, 5);
    const lane = smooth(
      0.1,
      0.42,
      noise.rough((x / height) * 5 + 60, (y / height) * 5, 4) + 0.34 - away * 2.4,
    );
    const shine = Math.exp(-((away / 0.13) ** 2)) * clamp(0.55 + cloud * 1.1) * (1 - lane * 0.72);
    return {
      shine,
      tint: mix(colour('#6f86b8'), colour('#d8b08c'), clamp(0.5 + cloud - away * 3)),
    };
  };
  canvas.fill(0, height, (x, y) => {
    const low = y / height;
    const air = mix(colour('#050912'), times(dusk, 0.55), smooth(0.35, 1, low) ** 1.5);
    const { shine, tint } = dust(x, y);
    return plus(air, tint, shine * 0.42);
  });
  scatter(shot, dust);
  const relief = height * random.between(0.07, 0.14);
  const level = height * random.between(0.82, 0.9);
  drawRidge(
    canvas,
    {
      level,
      relief,
      peaks: 2,
      haze: 0,
      rock: times(light.ambient, 0.2),
      snow: 0,
      trees: random.chance(0.5) ? height * 0.05 : 0,
    },
    { light, random, bottom: height },
  );
  return { details: ['ridge'], people: [] };
};

/** More stars where the dust is bright; few of them large. */
function scatter(
  { canvas, random }: Shot,
  dust: (x: number, y: number) => { shine: number },
): void {
  const { width, height } = canvas;
  const wanted = Math.round((width * height) / 120);
  for (let index = 0; index < wanted; index++) {
    const [x, y] = [random.between(0, width), random.between(0, height)];
    if (!random.chance(0.35 + dust(x, y).shine)) continue;
    const bright = random.next() ** 14;
    const tint = colour(random.pick(TINTS));
    canvas.disc(
      { x, y, radius: 0.2 + bright * 1.1 },
      { colour: tint, cover: 0.08 + bright * 1.8, softness: 0.5 + bright * 0.4, isLight: true },
    );
  }
}
