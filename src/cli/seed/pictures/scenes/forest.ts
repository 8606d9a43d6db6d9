// A forest in the mist: trunk behind trunk, light between them.
import { clamp, colour, mix, plus, smooth, times } from '../colour.js';
import { Noise } from '../noise.js';
import type { Scene, Shot } from '../scene.js';

/** Trunks, the far ones as pale as the mist. */
export const forest: Scene = (shot) => {
  const { canvas, light, random } = shot;
  const { width, height } = canvas;
  const noise = new Noise(random);
  const mist = plus(mix(light.horizon, light.middle, 0.35), light.sun, 0.06);
  const ground = height * random.between(0.72, 0.84);
  const sun = { x: light.sunX * width, y: height * random.between(0.15, 0.42) };
  canvas.fill(0, height, (x, y) => {
    const away = Math.hypot(x - sun.x, y - sun.y) / width;
    const beam = 0.5 + 0.5 * noise.at(Math.atan2(y - sun.y, x - sun.x) * 5 + 9, 1);
    const shine = Math.exp(-away * away * 6) * 0.55 + Math.exp(-away * 2.2) * 0.22 * beam;
    const leaves = noise.rough((x / width) * 7, (y / width) * 7, 4);
    const canopy = smooth(height * 0.5, 0, y + leaves * height * 0.45) * 0.5;
    return mix(
      plus(times(mist, 0.8), light.sun, shine),
      times(colour('#35452c'), 0.7),
      canopy * (1 - shine),
    );
  });
  for (let row = 0; row < 5; row++) {
    drawTrunks(shot, { near: row / 4, ground, mist, noise });
    drawFloor(shot, { near: row / 4, ground, mist, noise });
  }
  return { details: [], people: [] };
};

interface Layer {
  readonly near: number;
  readonly ground: number;
  readonly mist: ReturnType<typeof mix>;
  readonly noise: Noise;
}

function drawTrunks({ canvas, light, random }: Shot, { near, ground, mist, noise }: Layer): void {
  const { width, height } = canvas;
  const count = Math.round(17 - near * 12);
  const bark = times(colour(random.pick(['#4a3f34', '#3d3a34', '#54453a'])), 0.42);
  for (let index = 0; index < count; index++) {
    const foot = {
      x: width * random.between(-0.03, 1.03),
      y: ground + (height - ground) * near * random.between(0.6, 0.95),
    };
    const thick = width * (0.006 + 0.034 * near ** 1.6) * random.between(0.7, 1.4);
    const lean = random.between(-0.05, 0.05);
    const veil = clamp(0.9 - near * 0.86 + random.between(-0.05, 0.05));
    for (let y = 0; y < foot.y; y++) {
      const up = (foot.y - y) / height;
      const middle =
        foot.x +
        lean * up * width +
        noise.at(up * 1.7, index * 3.7 + near * 50) * thick * (0.75 - near * 0.4);
      const half = (thick / 2) * (1 - up * 0.35 + 0.5 * Math.exp(-up * 26));
      for (let x = Math.floor(middle - half - 1); x <= middle + half + 1; x++) {
        const across = (x - middle) / half;
        const cover = clamp(half + 0.8 - Math.abs(x - middle));
        if (cover <= 0) continue;
        const toSun = clamp(0.5 + across * (light.sunX * width > middle ? 0.5 : -0.5));
        const rough = 0.75 + 0.5 * noise.rough(across * 2 + index * 9, y * 0.03, 3);
        const lit = plus(
          times(bark, rough * (0.5 + toSun)),
          light.sun,
          0.035 * toSun ** 3 * (1 - light.clouds),
        );
        canvas.put(x, y, mix(lit, mist, veil * (0.8 + 0.2 * smooth(0.5, 0, up))), cover);
      }
    }
  }
}

/** Fern and moss, darker towards the camera. */
function drawFloor({ canvas, light, random }: Shot, { near, ground, mist, noise }: Layer): void {
  const { width, height } = canvas;
  const level = ground + (height - ground) * near * 0.72;
  const green = mix(colour(random.pick(['#3f5a2a', '#566333', '#6b5a35'])), light.ambient, 0.12);
  for (let x = 0; x < width; x++) {
    const tuft = noise.rough((x / width) * 6 + near * 70, near * 9, 4) * height * 0.05;
    const blades = Math.abs(noise.at(x * 0.25, near * 33)) * height * 0.012 * (0.4 + near);
    const top = level - tuft - blades;
    for (let y = Math.max(0, Math.floor(top)); y < height; y++) {
      const deep = (y - top) / height;
      const leaf =
        0.55 + 0.75 * noise.rough((x * 0.035) / (0.4 + near), (y * 0.06) / (0.4 + near), 4);
      const lit = times(green, leaf * (0.75 - near * 0.25));
      canvas.put(
        x,
        y,
        mix(lit, mist, clamp(0.75 - near * 0.8 - deep)),
        clamp(y + 1 - top) * smooth(0, 0.02, deep + 0.004),
      );
    }
  }
}
