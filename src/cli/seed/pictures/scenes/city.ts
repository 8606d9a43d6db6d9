// A city at its evening hours across a river: lit windows, haze, and long reflections.
import type { Canvas } from '../canvas.js';
import { colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';
import { skyAbove } from '../sky.js';

const LAMPS = ['#ffcf8a', '#ffd9a0', '#fff0d0', '#cfe2ff', '#ffb566'];

/** Houses behind houses, the farther ones paler. */
export const city: Scene = (shot) => {
  const { canvas, light, random } = shot;
  const shore = Math.round(canvas.height * random.between(0.6, 0.74));
  const sky = skyAbove(canvas, shore, light, random);
  canvas.fill(0, shore, (x, y) =>
    plus(sky.at(x, shore - y), colour('#ff9a4d'), 0.05 * smooth(0, shore, y)),
  );
  for (let row = 0; row < 4; row++) drawRow(shot, shore, row / 3);
  drawQuay(shot, shore);
  drawRiver(shot, shore);
  return { details: ['river'], people: [] };
};

/** `near`: 0 = the farthest row. */
function drawRow(shot: Shot, shore: number, near: number): void {
  const { canvas, light, random } = shot;
  const air = plus(mix(light.horizon, light.middle, 0.4), colour('#ff9a4d'), 0.03);
  const unit = canvas.width * (0.025 + 0.03 * near);
  let x = -unit * random.next();
  while (x < canvas.width) {
    const wide = unit * random.between(0.9, 2.6);
    const tower = random.chance(0.16) ? random.between(1.3, 1.9) : 1;
    const tall = canvas.height * random.between(0.1, 0.24) * tower * (1.15 - near * 0.45);
    drawHouse(
      shot,
      { x: Math.round(x), wide: Math.round(wide), top: Math.round(shore - tall), shore },
      { near, air },
    );
    x += wide + (random.chance(0.25) ? unit * 0.4 * random.next() : 0);
  }
}

interface House {
  readonly x: number;
  readonly wide: number;
  readonly top: number;
  readonly shore: number;
}

function drawHouse(
  { canvas, light, random }: Shot,
  house: House,
  { near, air }: { near: number; air: Colour },
): void {
  const haze = 0.8 * (1 - near) ** 1.2;
  const wall = times(
    mix(colour(random.pick(['#3a4048', '#4a423c', '#2f363d', '#53493f'])), light.ambient, 0.3),
    0.35,
  );
  const pane = Math.max(3, Math.round(canvas.width * (0.003 + 0.0022 * near)));
  const lamp = colour(random.pick(LAMPS));
  const used =
    random.between(0.12, 0.5) * (light.name === 'night' || light.name === 'dusk' ? 1 : 0.35);
  const isOffice = random.chance(0.3);
  const lit = new Map<number, number>();
  for (let y = house.top; y < house.shore; y++)
    for (let x = house.x; x < house.x + house.wide; x++) {
      const [column, row] = [
        Math.floor((x - house.x) / pane),
        Math.floor((y - house.top) / (pane * 1.35)),
      ];
      const isPane =
        (x - house.x) % pane > pane * 0.3 &&
        (y - house.top) % Math.round(pane * 1.35) > pane * 0.45;
      const key = isOffice ? row * 1000 + Math.floor(column / 3) : row * 1000 + column;
      if (!lit.has(key)) lit.set(key, random.chance(used) ? random.between(0.12, 0.85) : 0);
      const glow = isPane && row > 0 && house.x + house.wide - x > pane * 0.5 ? lit.get(key)! : 0;
      const shade = mix(times(wall, 0.8 + 0.35 * smooth(house.top, house.shore, y)), air, haze);
      canvas.put(x, y, plus(shade, lamp, glow * (1 - haze * 0.75)));
    }
}

/** Lamps along the water. */
function drawQuay({ canvas, random }: Shot, shore: number): void {
  const gap = canvas.width * random.between(0.035, 0.06);
  const lamp = colour(random.pick(LAMPS));
  canvas.fill(shore - canvas.height * 0.008, shore, () => [0.01, 0.011, 0.014]);
  for (let x = gap * random.next(); x < canvas.width; x += gap * random.between(0.9, 1.1))
    canvas.disc(
      { x, y: shore - canvas.height * 0.018, radius: canvas.width * 0.0022 },
      { colour: lamp, cover: 2.6, softness: 1.6, isLight: true },
    );
}

/** Every light is drawn out into a long stroke by the waves. */
function drawRiver({ canvas, light, random }: Shot, shore: number): void {
  const noise = new Noise(random);
  const above = smear(canvas, shore);
  const deep = times(light.ambient, 0.06);
  canvas.fill(shore, canvas.height, (x, y) => {
    const near = (y - shore) / (canvas.height - shore);
    const wave = noise.rough(((x / canvas.width) * 14) / (near + 0.25), 16 / (near + 0.12), 3);
    const column = Math.max(
      0,
      Math.min(canvas.width - 1, Math.round(x + wave * 26 * (near + 0.12))),
    );
    const row = Math.min(above.length - 1, Math.floor(near * above.length));
    const seen = above[row]!;
    const index = column * 3;
    const strength = 0.75 - near * 0.42 + wave * 0.55;
    const mirrored: Colour = [seen[index]!, seen[index + 1]!, seen[index + 2]!];
    return mix(deep, mirrored, Math.max(0.06, Math.min(1, strength)));
  });
}

/** What is above the shore, averaged upwards in bands: the higher, the longer. */
function smear(canvas: Canvas, shore: number): Float32Array[] {
  const bands = 24;
  return Array.from({ length: bands }, (_, band) => {
    const top = Math.max(0, Math.round(shore - ((band + 5) / bands) * shore * 0.62));
    const bottom = Math.max(
      top + 1,
      Math.round(shore - (Math.max(0, band - 4) / bands) * shore * 0.5),
    );
    const sum = new Float32Array(canvas.width * 3);
    for (let y = top; y < bottom; y++)
      for (let index = 0; index < sum.length; index++)
        sum[index] = sum[index]! + canvas.light[y * canvas.width * 3 + index]!;
    return sum.map((value) => (value / (bottom - top)) * 1.25);
  });
}
