// A flower close up before a blurred garden.
import { clamp, colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';

const PETALS = [
  '#e9c3d6',
  '#f3efe6',
  '#d9455f',
  '#f0b02f',
  '#7d63c4',
  '#e8743b',
  '#f4d9e2',
  '#6d8fe0',
];
const GARDENS: readonly (readonly [string, string, string])[] = [
  ['#24371c', '#6f8f3f', '#c7d08a'],
  ['#1d2f26', '#4f7d5a', '#b9cf9e'],
  ['#33281d', '#8a6b35', '#e0bf73'],
  ['#2a2036', '#6a4f86', '#d49fb8'],
];

/** One flower, sharp in the middle. */
export const flower: Scene = (shot) => {
  drawGarden(shot);
  const { canvas, random } = shot;
  const side = Math.min(canvas.width, canvas.height);
  const head = {
    x: canvas.width * random.between(0.36, 0.64),
    y: canvas.height * random.between(0.34, 0.52),
    radius: side * random.between(0.22, 0.3),
  };
  drawStem(shot, head);
  drawHead(shot, head);
  return { details: ['bokeh'], people: [] };
};

interface Head {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Nothing but colours, and discs where something shines. */
function drawGarden({ canvas, light, random }: Shot): void {
  const noise = new Noise(random);
  const [dark, green, bright] = random.pick(GARDENS).map(colour) as [Colour, Colour, Colour];
  const { width, height } = canvas;
  canvas.fill(0, height, (x, y) => {
    const large =
      noise.rough((x / width) * 1.6 + 3, (y / width) * 1.6, 2) * 1.5 + 0.42 - (y / height) * 0.3;
    const shade = noise.rough((x / width) * 3.4 + 30, (y / width) * 3.4, 2);
    return times(
      mix(
        mix(dark, green, smooth(-0.1, 0.55, large)),
        bright,
        smooth(0.55, 1.15, large + shade * 0.5),
      ),
      0.7 + shade * 0.3,
    );
  });
  const warm = mix(light.sun, [1, 1, 1], 0.3);
  for (let index = 0; index < 46; index++) {
    const radius = width * random.between(0.012, 0.055);
    const tint = mix(bright, warm, random.next() * 0.7);
    canvas.disc(
      { x: random.between(0, width), y: height * random.next() ** 1.4 * 0.9, radius },
      { colour: tint, cover: random.between(0.03, 0.17), softness: 2.5, rim: 0.8, isLight: true },
    );
  }
}

function drawStem({ canvas, random }: Shot, head: Head): void {
  const lean = random.between(-0.18, 0.18);
  const thick = head.radius * 0.055;
  for (let y = Math.round(head.y); y < canvas.height; y++) {
    const down = (y - head.y) / canvas.height;
    const x = head.x + Math.sin(down * 2.4) * lean * canvas.width * 0.5;
    const blur = 1.2 + down * 5;
    for (let column = Math.floor(x - thick - blur); column <= x + thick + blur; column++) {
      const across = (column - x) / thick;
      const cover = clamp((thick + blur - Math.abs(column - x)) / (2 * blur));
      canvas.put(
        column,
        y,
        times(colour('#5d7a35'), 0.55 + 0.3 * clamp(0.5 - across * 0.4)),
        cover,
      );
    }
  }
}

/** Petals in rings, the inner ones over the outer ones. */
function drawHead(shot: Shot, head: Head): void {
  const { canvas, random } = shot;
  const noise = new Noise(random);
  const petal = colour(random.pick(PETALS));
  const heart = colour(random.pick(['#d9a11f', '#5a3418', '#e6c24a', '#7d8f2c']));
  const rings = random.whole(2, 3);
  const count = random.whole(7, 13);
  const squash = random.between(0.72, 0.98);
  for (let ring = 0; ring < rings; ring++) {
    const turn = random.next() * 6.28;
    const reach = head.radius * (1 - ring * 0.2);
    for (let index = 0; index < count; index++) {
      const angle = turn + ((index + random.between(-0.15, 0.15)) * 2 * Math.PI) / count;
      const shade = 0.62 + 0.3 * Math.cos(angle + 2.2) - (rings - 1 - ring) * 0.1;
      drawPetal(shot, head, {
        angle,
        reach: reach * random.between(0.9, 1.05),
        wide: (2.6 * reach) / count,
        squash,
        noise,
        tint: times(petal, Math.max(0.25, shade)),
      });
    }
  }
  const core = head.radius * random.between(0.17, 0.27);
  canvas.disc(
    { x: head.x, y: head.y, radius: core * 1.12 },
    { colour: times(heart, 0.25), cover: 0.55, softness: core * 0.4 },
  );
  for (let index = 0; index < 420; index++) {
    const away = Math.sqrt(random.next()) * core;
    const angle = index * 2.39996;
    const [x, y] = [head.x + Math.cos(angle) * away, head.y + Math.sin(angle) * away * squash];
    const bright =
      0.3 + 0.6 * clamp(0.6 - (x - head.x + y - head.y) / core / 2) * random.between(0.6, 1.2);
    canvas.disc(
      { x, y, radius: core * 0.055 },
      { colour: times(heart, bright), cover: 0.95, softness: 0.8 },
    );
  }
}

function drawPetal(
  { canvas }: Shot,
  head: Head,
  {
    angle,
    reach,
    wide,
    squash,
    noise,
    tint,
  }: { angle: number; reach: number; wide: number; squash: number; noise: Noise; tint: Colour },
): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const soft = 0.02 + 0.02 * Math.abs(sin);
  const box = boxOf({ cos, sin, reach: reach * 1.05, wide: wide * 0.75, squash });
  for (let y = Math.floor(head.y + box.top); y <= head.y + box.bottom; y++)
    for (let x = Math.floor(head.x + box.left); x <= head.x + box.right; x++) {
      const [dx, dy] = [x - head.x, (y - head.y) / squash];
      const along = (dx * cos + dy * sin) / reach;
      if (along < 0 || along > 1.02) continue;
      const across = (-dx * sin + dy * cos) / wide;
      const half = 0.62 * Math.sin(Math.PI * Math.min(1, along ** 0.75)) ** 0.7 + 0.04;
      const edge = smooth(soft * 2, -soft, Math.abs(across) - half);
      if (edge <= 0) continue;
      const vein = 0.06 * noise.at(across * 14, along * 2 + angle * 9);
      const bowl = 0.72 + 0.42 * along - 0.35 * (across / half) ** 2 + vein;
      const colourHere = mix(times(tint, bowl), times(tint, 0.35), smooth(0.42, 0.05, along) * 0.7);
      canvas.put(x, y, plus(colourHere, [1, 1, 1], 0.03 * along), edge);
    }
}

/** What a petal covers at most, px from the middle of the flower. */
function boxOf(petal: { cos: number; sin: number; reach: number; wide: number; squash: number }): {
  left: number;
  right: number;
  top: number;
  bottom: number;
} {
  const { cos, sin, reach, wide, squash } = petal;
  const [sideways, upright] = [Math.abs(sin) * wide, Math.abs(cos) * wide];
  return {
    left: Math.min(0, cos * reach) - sideways,
    right: Math.max(0, cos * reach) + sideways,
    top: (Math.min(0, sin * reach) - upright) * squash,
    bottom: (Math.max(0, sin * reach) + upright) * squash,
  };
}
