// Dunes: soft crests with a bright and a dark side, and ripples that the wind made.
import { clamp, colour, mix, plus, smooth, times, under } from '../colour.js';
import { Noise } from '../noise.js';
import { drawPeople } from '../people.js';
import type { Point, Scene } from '../scene.js';
import { skyAbove } from '../sky.js';

/** Crest behind crest. */
export const dunes: Scene = ({ canvas, light, random }) => {
  const { width, height } = canvas;
  const horizon = height * random.between(0.36, 0.52);
  const sky = skyAbove(canvas, horizon, light, random);
  canvas.fill(0, horizon + height * 0.1, (x, y) => sky.at(x, Math.max(0, horizon - y)));
  const sand = colour(random.pick(['#c98d55', '#d8aa70', '#b9713f', '#cfb48a']));
  const noise = new Noise(random);
  const fromRight = light.sunX > 0.5 ? 1 : -1;
  const haze = plus(light.horizon, light.sun, 0.06);
  let people: Point[] = [];
  for (let row = 0; row < 5; row++) {
    const near = row / 4;
    const level = horizon + (height - horizon) * near ** 1.5 * 0.72;
    const swing = height * (0.035 + 0.1 * near);
    const own = row * 7.7;
    const crest = (x: number): number =>
      level -
      swing *
        (noise.rough((x / width) * (2.2 - near) + own, own, 2) * 1.9 +
          noise.crests((x / width) * (1.4 - near * 0.5) + own, own + 3, 2) -
          0.5);
    const line = Float32Array.from({ length: width + 8 }, (_, x) => crest(x));
    for (let x = 0; x < width; x++) {
      const steep = ((line[x + 8]! - line[x]!) / 8) * fromRight;
      for (let y = Math.max(0, Math.floor(line[x]!)); y < height; y++) {
        const depth = (y - line[x]!) / height;
        const face = noise.rough(
          (x / width) * 1.8 + depth * 2.2 * fromRight + own,
          depth * 5 + own,
          2,
        );
        const edge = smooth(
          -0.04,
          0.1,
          face + steep * 1.1 * Math.exp(-depth * 14) - depth * 0.9 + 0.1,
        );
        const bend = noise.at((x / width) * 4, depth * 8 + own) * 5;
        const ripple =
          0.07 * near * Math.sin((y * 0.75) / (0.35 + near) + bend + x * 0.03 * fromRight) * edge;
        const lit = clamp(0.1 + 0.9 * edge + ripple + 0.05 * noise.at(x * 0.5, y * 0.5));
        const shone = under(
          sand,
          plus(
            times(light.ambient, 0.55),
            light.sun,
            lit * 0.62 * (light.sunHeight > 0 ? 1 : 0.15),
          ),
        );
        canvas.put(x, y, mix(shone, haze, 0.6 * (1 - near) ** 1.7), clamp(y + 1 - line[x]!));
      }
    }
    if (row === 2 && random.chance(0.45)) {
      const shade = times(light.ambient, 0.1);
      people = drawPeople(canvas, {
        count: random.whole(1, 3),
        tall: height * 0.085,
        ground: (x) => line[Math.round(x)]!,
        random,
        shade,
      });
    }
  }
  return { details: people.length > 0 ? ['people'] : [], people };
};
