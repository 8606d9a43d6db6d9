// A window on a rainy evening: drops in focus, the street behind them in discs of light.
import { clamp, colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import type { Canvas } from '../canvas.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';

const LAMPS = ['#ffb35a', '#ffd28a', '#ff5a3c', '#fff1d6', '#7db4ff', '#4fd0a8', '#ff8a5c'];

/** Drops on the pane. */
export const rain: Scene = (shot) => {
  const { canvas, random } = shot;
  drawStreet(shot);
  const street = canvas.light.slice();
  const behind = (x: number, y: number): Colour => {
    const column = Math.max(0, Math.min(canvas.width - 1, Math.round(x)));
    const row = Math.max(0, Math.min(canvas.height - 1, Math.round(y)));
    const index = (row * canvas.width + column) * 3;
    return [street[index]!, street[index + 1]!, street[index + 2]!];
  };
  const side = Math.min(canvas.width, canvas.height);
  const count = random.whole(420, 700);
  for (let index = 0; index < count; index++) {
    const radius = side * (0.003 + 0.03 * random.next() ** 3.6);
    drawDrop(
      canvas,
      {
        x: random.between(0, canvas.width),
        y: random.between(0, canvas.height),
        radius,
        tall: random.between(1, 1.35),
      },
      behind,
    );
  }
  return { details: ['bokeh'], people: [] };
};

function drawStreet({ canvas, light, random }: Shot): void {
  const { width, height } = canvas;
  const noise = new Noise(random);
  const [top, bottom] = [
    times(mix(light.middle, light.ambient, 0.5), 0.9),
    times(plus(light.ambient, colour('#6a3a18'), 0.35), 0.7),
  ];
  canvas.fill(0, height, (x, y) =>
    times(
      mix(top, bottom, y / height),
      0.8 + 0.5 * noise.rough((x / width) * 2, (y / width) * 2, 2),
    ),
  );
  const level = height * random.between(0.45, 0.65);
  const count = random.whole(38, 64);
  for (let index = 0; index < count; index++) {
    const radius = width * random.between(0.03, 0.085);
    const y = level + random.bell() * height * 0.2;
    canvas.disc(
      { x: random.between(-0.02, 1.02) * width, y, radius },
      {
        colour: colour(random.pick(LAMPS)),
        cover: random.between(0.04, 0.24),
        softness: radius * 0.09 + 2,
        rim: 0.35,
        isLight: true,
      },
    );
  }
}

interface Drop {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly tall: number;
}

/** A drop shows the street upside down, with a dark rim above and a glint. */
function drawDrop(
  canvas: Canvas,
  { x, y, radius, tall }: Drop,
  behind: (x: number, y: number) => Colour,
): void {
  for (let row = Math.floor(y - radius * tall - 1); row <= y + radius * tall + 1; row++)
    for (let column = Math.floor(x - radius - 1); column <= x + radius + 1; column++) {
      const [dx, dy] = [(column - x) / radius, (row - y) / radius / tall];
      const away = Math.hypot(dx, dy);
      const cover = clamp((1 - away) * radius + 0.6);
      if (cover <= 0) continue;
      const lens = away * away;
      const seen = behind(x - dx * radius * 9 * (0.4 + lens), y - dy * radius * 9 * (0.4 + lens));
      const rim = smooth(0.6, 1, away) * (0.5 - dy * 0.5);
      const glint = smooth(0.3, 0.05, Math.hypot(dx + 0.35, dy + 0.45));
      canvas.put(
        column,
        row,
        plus(times(seen, 1.25 - rim * 1.05), [1, 1, 1], glint * 0.5 * Math.min(1, radius / 5)),
        cover * 0.92,
      );
    }
}
