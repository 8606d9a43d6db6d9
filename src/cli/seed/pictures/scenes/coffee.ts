// A cup of coffee on a wooden table, seen from above.
import { clamp, colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';

const WOODS = ['#7a5233', '#5b3b26', '#a07850', '#8b6b4c', '#453126'];
const CUPS = ['#ece8e0', '#3d4a50', '#c9d2cf', '#b56a4a', '#26282b'];

/** The cup, its saucer, and light from a window. */
export const coffee: Scene = (shot) => {
  const { canvas, random } = shot;
  const side = Math.min(canvas.width, canvas.height);
  const window = random.next() * 6.28;
  const cup: Cup = {
    x: canvas.width * random.between(0.4, 0.6),
    y: canvas.height * random.between(0.42, 0.58),
    radius: side * random.between(0.2, 0.27),
    fromX: Math.cos(window),
    fromY: Math.sin(window),
  };
  drawTable(shot, cup);
  drawCup(shot, cup);
  return { details: [], people: [] };
};

interface Cup {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Where the light comes from, length 1. */
  readonly fromX: number;
  readonly fromY: number;
}

function drawTable({ canvas, random }: Shot, cup: Cup): void {
  const noise = new Noise(random);
  const wood = colour(random.pick(WOODS));
  const { width, height } = canvas;
  const board = width * random.between(0.2, 0.34);
  const isTurned = random.chance(0.5);
  canvas.fill(0, height, (x, y) => {
    const [along, across] = isTurned ? [y, x] : [x, y];
    const plank = Math.floor(across / board);
    const tone = 0.85 + 0.3 * noise.at(plank * 5.3, 2.2);
    const rings = noise.rough(
      (along / width) * 1.6 + plank * 9,
      (across / width) * 16 + plank * 31,
      4,
    );
    const fibre = noise.rough((along / width) * 7, (across / width) * 190, 2) * 0.22;
    const seam = smooth(2.4, 0.6, Math.min(across % board, board - (across % board))) * 0.75;
    const [dx, dy] = [(x - cup.x) / width, (y - cup.y) / width];
    const fall = clamp(0.62 + (dx * cup.fromX + dy * cup.fromY) * 0.75);
    const soft =
      Math.hypot(
        x - cup.x + cup.fromX * cup.radius * 0.42,
        y - cup.y + cup.fromY * cup.radius * 0.42,
      ) / cup.radius;
    const shadow = smooth(2.1, 1.15, soft) * 0.62;
    return times(wood, (tone + rings * 0.5 + fibre) * (1 - seam) * fall * 1.1 * (1 - shadow));
  });
}

function drawCup({ canvas, random }: Shot, cup: Cup): void {
  const noise = new Noise(random);
  const china = colour(random.pick(CUPS));
  const isMilky = random.chance(0.65);
  const handle = random.next() * 6.28;
  const reach = cup.radius * 1.62;
  for (let y = Math.floor(cup.y - reach); y <= cup.y + reach; y++)
    for (let x = Math.floor(cup.x - reach); x <= cup.x + reach; x++) {
      const [dx, dy] = [(x - cup.x) / cup.radius, (y - cup.y) / cup.radius];
      const away = Math.hypot(dx, dy);
      const facing = (dx * cup.fromX + dy * cup.fromY) / Math.max(0.01, away);
      const soft = 1.6 / cup.radius;
      const hollow = smooth(1.32, 1.05, away) * (0.5 - facing * 0.5);
      const saucer = times(china, 0.66 + 0.24 * facing * smooth(0.9, 1.5, away) - 0.3 * hollow);
      canvas.put(x, y, saucer, smooth(1.55 + soft, 1.55 - soft, away));
      drawHandle(canvas, { x, y, dx, dy, handle, china, facing, soft });
      const wall = times(china, 0.8 + 0.25 * facing);
      canvas.put(x, y, wall, smooth(1 + soft, 1 - soft, away));
      const inner = times(china, 0.5 - 0.3 * facing);
      canvas.put(x, y, inner, smooth(0.93 + soft, 0.93 - soft, away));
      const brew = isMilky ? milk(noise, dx, dy) : black(noise, dx, dy, cup);
      canvas.put(
        x,
        y,
        times(
          brew,
          0.78 +
            0.2 * (dx * cup.fromX + dy * cup.fromY) -
            0.45 * smooth(0.6, 0.86, away) * (0.5 + facing * 0.5),
        ),
        smooth(0.86 + soft, 0.86 - soft, away),
      );
    }
}

function drawHandle(
  canvas: Shot['canvas'],
  {
    x,
    y,
    dx,
    dy,
    handle,
    china,
    facing,
    soft,
  }: {
    x: number;
    y: number;
    dx: number;
    dy: number;
    handle: number;
    china: Colour;
    facing: number;
    soft: number;
  },
): void {
  const along = dx * Math.cos(handle) + dy * Math.sin(handle);
  const across = -dx * Math.sin(handle) + dy * Math.cos(handle);
  const outline = Math.max(
    Math.abs(across) - 0.1 - 0.03 * (along - 1),
    Math.abs(along - 1.15) - 0.3,
  );
  canvas.put(
    x,
    y,
    times(china, 0.72 + 0.2 * facing - Math.abs(across) * 1.6),
    smooth(soft, -soft, outline),
  );
}

/** A leaf of foam that was poured. */
function milk(noise: Noise, dx: number, dy: number): Colour {
  const wave = noise.rough(dx * 1.6 + 4, dy * 1.6, 2) * 0.16;
  const [u, v] = [dx + wave, dy + wave * 0.6];
  const leaf = Math.abs(u) - 0.46 * Math.sin(clamp((v + 0.66) / 1.25) * Math.PI) ** 0.8;
  const veins = Math.sin((v - Math.abs(u) * 0.9) * 19);
  const white =
    smooth(0.05, -0.05, leaf) *
    smooth(-0.25, 0.35, veins + 0.25) *
    smooth(0.012, 0.03, Math.abs(u));
  const crema = plus(
    mix(colour('#9a6234'), colour('#7a4520'), clamp(Math.hypot(dx, dy))),
    colour('#c08850'),
    0.25 * noise.rough(dx * 9, dy * 9, 3),
  );
  return mix(crema, colour('#f0e2cc'), white);
}

function black(noise: Noise, dx: number, dy: number, cup: Cup): Colour {
  const foam =
    smooth(0.62, 0.84, Math.hypot(dx, dy) + noise.rough(dx * 4, dy * 4, 3) * 0.22) * 0.75;
  const glint =
    smooth(0.34, 0.1, Math.hypot(dx - cup.fromX * 0.4, (dy - cup.fromY * 0.4) * 1.4)) * 0.3;
  return plus(mix(colour('#23120a'), colour('#8a5a2f'), foam), [0.8, 0.85, 0.9], glint);
}
