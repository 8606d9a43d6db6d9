// Somebody seen from behind against the light: hair, shoulders and a bright rim, before blurred lamps or a glowing sky.
import { clamp, colour, mix, plus, smooth, times, type Colour } from '../colour.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';

const SKINS = ['#5a3a28', '#8d5a3c', '#c68e68', '#e0b491', '#3f281c', '#a9724e'];
const HAIRS = ['#14100e', '#2b1c12', '#4a2f1c', '#7a5a36', '#8d8a88', '#5b2416'];
const CLOTHS = ['#26384a', '#5a2a2a', '#2d3a2a', '#6a5a3a', '#3a3a44', '#8a8378'];
const HATS = ['#7a2f2a', '#2f4a5a', '#8a7340', '#3a3a3a'];
const WALLS = ['#6d8f5a', '#4f6f8a', '#8a6a4f', '#6a4f6f', '#3f6a66'];

/** One head, lit from behind. */
export const portrait: Scene = (shot) => {
  const { canvas, random } = shot;
  const glow = drawBackdrop(shot);
  const size = canvas.height * random.between(0.17, 0.23);
  const x = canvas.width * random.between(0.4, 0.6);
  const y = canvas.height * random.between(0.42, 0.5);
  drawFigure(shot, { x, y, size }, glow);
  return { details: ['bokeh', 'people'], people: [{ x: x / canvas.width, y: y / canvas.height }] };
};

/** Returns the colour of the light that comes from behind. */
function drawBackdrop({ canvas, light, random }: Shot): Colour {
  const noise = new Noise(random);
  const { width, height } = canvas;
  const high = mix(light.middle, colour(random.pick(WALLS)), 0.6);
  const warm = plus(times(light.horizon, 0.8), light.sun, 0.15);
  canvas.fill(0, height, (x, y) => {
    const cloud = noise.rough((x / width) * 1.5, (y / height) * 1.5, 2);
    return times(mix(high, warm, smooth(0, 0.9, y / height + cloud * 0.6)), 0.75 + cloud * 0.4);
  });
  for (let index = 0; index < 26; index++)
    canvas.disc(
      {
        x: random.between(0, width),
        y: random.between(0, height * 0.8),
        radius: width * random.between(0.02, 0.08),
      },
      {
        colour: mix(warm, [1, 0.95, 0.85], 0.4),
        cover: random.between(0.03, 0.16),
        softness: width * 0.009,
        rim: 0.4,
        isLight: true,
      },
    );
  return warm;
}

interface Head {
  readonly x: number;
  readonly y: number;
  /** Half the height of the head, px. */
  readonly size: number;
}

function drawFigure({ canvas, light, random }: Shot, head: Head, glow: Colour): void {
  const noise = new Noise(random);
  const [skin, hair, cloth, hat] = [SKINS, HAIRS, CLOTHS, HATS].map((colours) =>
    colour(random.pick(colours)),
  ) as [Colour, Colour, Colour, Colour];
  const shape = {
    long: random.pick([0, 0, 0.6, 1]),
    volume: random.between(0.98, 1.2),
    tilt: random.between(-0.12, 0.12),
    hasHat: random.chance(0.25),
  };
  const side = light.sunX > 0.5 ? 1 : -1;
  const soft = 2 / head.size;
  const shade = (surface: Colour, distance: number, across: number, texture: number): Colour => {
    const rim = smooth(-0.1, 0, distance) * (0.25 + 0.75 * clamp(0.5 + side * across * 0.7));
    return plus(
      times(surface, (0.1 + 0.16 * clamp(0.5 + side * across * 0.5)) * texture),
      glow,
      rim * 0.75,
    );
  };
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++) {
      const dy = (y - head.y) / head.size;
      const dx = (x - head.x) / head.size + shape.tilt * dy;
      const body = bodyAt(dx, dy, shape, noise);
      canvas.put(x, y, shade(skin, body.neck, dx, 1), smooth(soft, -soft, body.neck));
      const weave = 0.8 + 0.5 * noise.rough(dx * 2 + 9, dy * 2, 3);
      canvas.put(
        x,
        y,
        shade(cloth, body.shoulders, dx * 0.4, weave),
        smooth(soft, -soft, body.shoulders),
      );
      const strands =
        0.7 + 1.1 * Math.abs(noise.at(dx * 12 + 4, dy * 1.6)) + 0.4 * noise.at(dx * 30, dy * 3);
      canvas.put(x, y, shade(hair, body.hair, dx, strands), smooth(soft * 2.5, -soft, body.hair));
      if (shape.hasHat)
        canvas.put(
          x,
          y,
          shade(hat, body.hat, dx, weave * (0.85 + 0.2 * Math.sin(dx * 26))),
          smooth(soft, -soft, body.hat),
        );
    }
}

/** Distances from the parts of the body in units of the head, negative inside. */
function bodyAt(
  dx: number,
  dy: number,
  { long, volume, hasHat }: { long: number; volume: number; hasHat: boolean },
  noise: Noise,
): { shoulders: number; neck: number; hair: number; hat: number } {
  const strand = noise.rough(dx * 4, dy * 2, 3) * 0.1;
  const slope = Math.min(
    3,
    0.2 * Math.abs(dx) ** 1.6 + 0.9 * Math.max(0, Math.abs(dx) - 1.75) ** 2,
  );
  const shoulders = 1.5 + slope - dy;
  const neck = Math.max(Math.abs(dx) - 0.38 - 0.3 * smooth(1, 1.7, dy), 0.4 - dy, dy - 2);
  const skull = Math.hypot(dx / 0.8, dy / 1.02) - volume + strand;
  const fall = Math.max(
    Math.abs(dx) - 0.8 * volume + 0.08 * dy + strand,
    -dy,
    dy - 0.9 - long * 1.3 + strand * 3,
  );
  const hair = long > 0 ? Math.min(skull, fall) : skull;
  const hat = hasHat
    ? Math.max(Math.hypot(dx / 0.9, (dy + 0.05) / 1.06) - volume - 0.04, dy + 0.12)
    : 1;
  return { shoulders, neck, hair: Math.max(hair, hasHat ? -0.6 - dy : hair), hat };
}
