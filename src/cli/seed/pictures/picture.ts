// From a wish to a photograph and what is on it.
import { Random } from '../random.js';
import { Canvas } from './canvas.js';
import { develop, type Development } from './develop.js';
import { exifOf } from './exif.js';
import { lightAt, type LightName } from './light.js';
import type { Scene, Seen, Subject } from './scene.js';
import { city } from './scenes/city.js';
import { coffee } from './scenes/coffee.js';
import { dunes } from './scenes/dunes.js';
import { flower } from './scenes/flower.js';
import { forest } from './scenes/forest.js';
import { lake, mountains } from './scenes/mountains.js';
import { portrait } from './scenes/portrait.js';
import { rain } from './scenes/rain.js';
import { beach, sea } from './scenes/sea.js';
import { stars } from './scenes/stars.js';

/** What to draw. The same wish gives the same picture. */
export interface Wish {
  readonly seed: string;
  readonly subject: Subject;
  readonly light: LightName;
  readonly width: number;
  readonly height: number;
  readonly isMonochrome: boolean;
  /** Maker and model, to be written into the file; null = none. */
  readonly camera: string | null;
}

/** A picture that was drawn. */
export interface Picture extends Seen {
  readonly jpeg: Uint8Array;
}

const SCENES: Readonly<Record<Subject, Scene>> = {
  beach,
  city,
  coffee,
  dunes,
  flower,
  forest,
  lake,
  mountains,
  portrait,
  rain,
  sea,
  stars,
};

/** Drawing costs by the pixel: less than half of them are enough, as a lens is not that sharp either. */
const DRAWN_SIZE = 0.66;

/** Draws and develops. */
export async function drawPicture(wish: Wish): Promise<Picture> {
  const random = new Random(`${wish.seed} ${wish.subject} ${wish.light}`);
  const canvas = new Canvas(
    Math.round(wish.width * DRAWN_SIZE),
    Math.round(wish.height * DRAWN_SIZE),
  );
  const light = lightAt(wish.light, random);
  const seen = SCENES[wish.subject]({ canvas, light, random });
  const jpeg = await develop(canvas, development(wish, random), {
    ...wish,
    random,
    exif: wish.camera === null ? null : exifOf(wish.camera, wish.light),
  });
  return { ...seen, jpeg };
}

function development(wish: Wish, random: Random): Development {
  const isDark = wish.light === 'night' || wish.subject === 'stars';
  return {
    exposure: (isDark ? 1.35 : 1.12) * random.between(0.9, 1.12),
    contrast: wish.isMonochrome ? random.between(0.45, 0.7) : random.between(0.12, 0.45),
    saturation: wish.isMonochrome ? 0 : random.between(0.88, 1.18),
    warmth: random.between(-0.05, 0.07),
    bloom: random.between(0.2, 0.5),
    vignette: random.between(0.15, 0.6),
    grain: (isDark ? 0.022 : 0.012) * random.between(0.6, 1.6) * (wish.isMonochrome ? 1.6 : 1),
  };
}
