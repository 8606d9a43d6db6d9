// The sea: open, with a boat or an island, or running out on a beach.
import type { Canvas } from '../canvas.js';
import { clamp, colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import { Noise } from '../noise.js';
import { drawPeople } from '../people.js';
import type { Detail, Scene, Shot } from '../scene.js';
import { skyAbove } from '../sky.js';
import { drawRidge } from '../terrain.js';
import { drawSea } from '../water.js';

/** Open water. */
export const sea: Scene = (shot) => {
  const { canvas } = shot;
  const details = drawWater(shot, canvas.height);
  return { details, people: [] };
};

/** Water that runs out on wet sand. */
export const beach: Scene = (shot) => {
  const { canvas, light, random } = shot;
  const { width, height } = canvas;
  const details = drawWater(shot, height);
  const noise = new Noise(random);
  const level = height * random.between(0.72, 0.8);
  const lean = random.between(-0.12, 0.12);
  const shore = (x: number): number =>
    level +
    (x / width - 0.5) * lean * height +
    noise.rough((x / width) * 2.2, 3, 3) * height * 0.05;
  const sand = times(colour(random.pick(['#b09a78', '#a38d72', '#c2ae8e', '#7d756c'])), 0.9);
  canvas.fill(level - height * 0.12, height, (x, y) => {
    const past = (y - shore(x)) / height;
    const under = canvas.get(x, y);
    if (past < -0.02) return under;
    const foam =
      smooth(0.03, 0, Math.abs(past + 0.004 * noise.at(x * 0.05, y * 0.05)) * 1.8) *
      clamp(0.7 + noise.rough(x * 0.03, y * 0.06, 3) * 1.6);
    const wet = smooth(0.13, 0.01, past);
    const dry = lit(
      sand,
      light,
      0.85 + 0.22 * noise.rough(x * 0.02, y * 0.05, 3) + 0.12 * noise.at(x * 0.7, y * 0.7),
    );
    const shine = mix(times(dry, 0.42), light.horizon, 0.22);
    const ground = mix(dry, shine, wet);
    return mix(
      mix(under, ground, smooth(-0.006, 0.006, past)),
      lit([0.82, 0.85, 0.86], light, 1),
      foam,
    );
  });
  if (!random.chance(0.4)) return { details, people: [] };
  const tall = height * random.between(0.09, 0.15);
  const people = drawPeople(canvas, {
    count: random.whole(1, 3),
    tall,
    ground: (x) => shore(x) + height * 0.03,
    random,
    shade: times(light.ambient, 0.1),
  });
  return { details: [...details, 'people'], people };
};

function lit(surface: Colour, light: Shot['light'], strength: number): Colour {
  const fallen = plus(times(light.ambient, 0.9), light.sun, light.sunHeight > 0 ? 0.32 : 0);
  return [
    surface[0] * fallen[0] * strength,
    surface[1] * fallen[1] * strength,
    surface[2] * fallen[2] * strength,
  ];
}

function drawWater(shot: Shot, bottom: number): Detail[] {
  const { canvas, light, random } = shot;
  const horizon = Math.round(canvas.height * random.between(0.36, 0.58));
  const sky = skyAbove(canvas, horizon, light, random);
  canvas.fill(0, horizon, (x, y) => sky.at(x, horizon - y));
  const details: Detail[] = [];
  if (random.chance(0.3)) {
    drawIsland(shot, horizon);
    details.push('island');
  }
  drawSea(canvas, { horizon, bottom, sky, light, random, roughness: random.between(0.35, 0.9) });
  softenHorizon(canvas, horizon, sky.at(canvas.width / 2, 2));
  if (random.chance(0.35)) {
    drawSail(shot, horizon);
    details.push('sailboat');
  }
  return details;
}

/** Far water and far sky meet in the haze. */
function softenHorizon(canvas: Canvas, horizon: number, haze: Colour): void {
  for (let step = 0; step < canvas.height * 0.02; step++)
    for (let x = 0; x < canvas.width; x++)
      canvas.put(x, horizon + step, haze, 0.4 * (1 - step / (canvas.height * 0.02)));
}

function drawIsland({ canvas, light, random }: Shot, horizon: number): void {
  const side = random.between(0.1, 0.9) * canvas.width;
  const wide = canvas.width * random.between(0.12, 0.3);
  const copy = canvas.light.slice(0, horizon * canvas.width * 3);
  const rock = colour('#4d4f4c');
  const line = drawRidge(
    canvas,
    {
      level: horizon - canvas.height * 0.03,
      relief: canvas.height * 0.07,
      peaks: 4,
      haze: 0.45,
      rock,
      snow: 0,
      trees: 0,
    },
    { light, random, bottom: horizon },
  );
  for (let x = 0; x < canvas.width; x++) {
    const top = horizon - (horizon - line[x]!) * clamp(1 - ((x - side) / wide) ** 2);
    for (let y = 0; y < Math.min(horizon, Math.ceil(top)); y++) {
      const index = (y * canvas.width + x) * 3;
      canvas.put(x, y, [copy[index]!, copy[index + 1]!, copy[index + 2]!], clamp(top - y));
    }
  }
}

function drawSail({ canvas, light, random }: Shot, horizon: number): void {
  const tall = canvas.height * random.between(0.05, 0.1);
  const foot = horizon + canvas.height * random.between(0.012, 0.05);
  const x = canvas.width * random.between(0.15, 0.85);
  const isDark = light.sunHeight < 0.25;
  const cloth: Colour = isDark ? times(light.ambient, 0.2) : [0.75, 0.77, 0.78];
  for (let y = Math.floor(foot - tall); y < foot + tall * 0.1; y++)
    for (let column = Math.floor(x - tall * 0.5); column < x + tall * 0.5; column++) {
      const up = (foot - y) / tall;
      const across = (column - x) / tall;
      const main = Math.max(
        -across + 0.015,
        across - 0.34 * Math.max(0, 1 - up) ** 0.8,
        0.12 - up,
        up - 1,
      );
      const jib = Math.max(across + 0.015, -across - 0.26 * (0.9 - up), 0.14 - up, up - 0.9);
      const hull = Math.max(Math.abs(across) - 0.36 - up * 0.6, up - 0.07, -up - 0.07);
      canvas.put(column, y, cloth, smooth(0.015, -0.015, Math.min(main, jib)) * 0.9);
      canvas.put(column, y, times(light.ambient, 0.08), smooth(0.015, -0.015, hull));
    }
  for (let y = Math.floor(foot + tall * 0.06); y < foot + tall * 0.6; y++)
    for (let column = Math.floor(x - tall * 0.3); column < x + tall * 0.3; column++)
      canvas.put(
        column,
        y,
        cloth,
        0.16 * smooth(foot + tall * 0.6, foot, y) * (0.5 + 0.5 * Math.sin(y * 1.7)),
      );
}
