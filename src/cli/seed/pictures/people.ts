// People against the light: too far away to be anybody.
import type { Random } from '../random.js';
import type { Canvas } from './canvas.js';
import { mix, smooth, times, type Colour } from './colour.js';
import type { Point } from './scene.js';

/** Draws standing people whose feet are on `ground(x)`; returns where their heads are. */
export function drawPeople(
  canvas: Canvas,
  {
    count,
    tall,
    ground,
    random,
    shade,
  }: { count: number; tall: number; ground: (x: number) => number; random: Random; shade: Colour },
): Point[] {
  const middle = random.between(0.25, 0.7) * canvas.width;
  const heads: Point[] = [];
  for (let index = 0; index < count; index++) {
    const x = Math.round(middle + index * tall * random.between(0.5, 0.85));
    const size = tall * random.between(0.88, 1.05);
    const foot = ground(Math.max(0, Math.min(canvas.width - 1, x))) + size * 0.04;
    drawPerson(
      canvas,
      { x, foot, size, lean: random.between(-0.06, 0.06), hasPack: random.chance(0.4) },
      shade,
    );
    heads.push({ x: x / canvas.width, y: Math.max(0, (foot - size * 0.92) / canvas.height) });
  }
  return heads;
}

function drawPerson(
  canvas: Canvas,
  {
    x,
    foot,
    size,
    lean,
    hasPack,
  }: { x: number; foot: number; size: number; lean: number; hasPack: boolean },
  shade: Colour,
): void {
  for (let y = Math.floor(foot - size); y <= foot; y++)
    for (let column = Math.floor(x - size * 0.3); column <= x + size * 0.3; column++) {
      const up = (foot - y) / size;
      const across = (column - x) / size - lean * up;
      const cover = smooth(0.7 / size, -0.7 / size, outline(across, up, hasPack));
      if (cover > 0) canvas.put(column, y, mix(shade, times(shade, 1.6), up), cover * 0.97);
    }
}

/** Distance from a body of height 1, negative inside. */
function outline(across: number, up: number, hasPack: boolean): number {
  const side = Math.abs(across);
  const head = Math.hypot(across * 1.12, up - 0.93) - 0.06;
  const neck = limb(across, up, [0, 0.9], [0, 0.8], 0.028);
  const trunk = Math.max(
    side - 0.075 - 0.045 * smooth(0.52, 0.8, up),
    up - 0.845 + side * 0.22,
    0.46 - up,
  );
  const leg = limb(side, up, [0.042, 0.48], [0.062, 0.02], 0.036);
  const arm = limb(side, up, [0.112, 0.79], [0.138, 0.46], 0.024);
  const pack = hasPack ? Math.hypot(across * 1.2, (up - 0.68) * 0.8) - 0.115 : 1;
  return Math.min(head, neck, trunk, leg, arm, pack);
}

type Joint = readonly [across: number, up: number];

/** Distance from a rounded bar between two joints. */
function limb(across: number, up: number, from: Joint, to: Joint, radius: number): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const [px, py] = [across - from[0], up - from[1]];
  const along = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)));
  return Math.hypot(px - dx * along, py - dy * along) - radius;
}
