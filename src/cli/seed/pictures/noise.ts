// Gradient noise: what clouds, rock, water and grain have in common.
import type { Random } from '../random.js';

const SIZE = 256;
const GRADIENTS = 16;

/** Smooth noise over the plane, about −1 to 1, the same for the same source of chance. */
export class Noise {
  private readonly order = new Uint8Array(SIZE * 2);
  private readonly gradientX = new Float64Array(GRADIENTS);
  private readonly gradientY = new Float64Array(GRADIENTS);

  constructor(random: Random) {
    const order = random.some(
      Array.from({ length: SIZE }, (_, index) => index),
      SIZE,
    );
    for (let index = 0; index < SIZE * 2; index++) this.order[index] = order[index % SIZE]!;
    for (let index = 0; index < GRADIENTS; index++) {
      this.gradientX[index] = Math.cos((index * 2 * Math.PI) / GRADIENTS) * 1.4;
      this.gradientY[index] = Math.sin((index * 2 * Math.PI) / GRADIENTS) * 1.4;
    }
  }

  /** @source K. Perlin, Improving Noise, 2002 */
  at(x: number, y: number): number {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [dx, dy] = [x - left, y - top];
    const column = left & 255;
    const row = top & 255;
    const { order } = this;
    const above = order[column]! + row;
    const beside = order[column + 1]! + row;
    const easeX = dx * dx * dx * (dx * (dx * 6 - 15) + 10);
    const easeY = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
    const upper = this.slope(order[above & 511]!, dx, dy);
    const upperRight = this.slope(order[beside & 511]!, dx - 1, dy);
    const lower = this.slope(order[(above + 1) & 511]!, dx, dy - 1);
    const lowerRight = this.slope(order[(beside + 1) & 511]!, dx - 1, dy - 1);
    const first = upper + (upperRight - upper) * easeX;
    return first + (lower + (lowerRight - lower) * easeX - first) * easeY;
  }

  /** Noise of several sizes, each half as large and half as strong as the one before. */
  rough(x: number, y: number, octaves: number): number {
    let [sum, weight, scale] = [0, 0.5, 1];
    for (let octave = 0; octave < octaves; octave++) {
      sum += weight * this.at(x * scale + octave * 17.3, y * scale - octave * 9.1);
      weight *= 0.5;
      scale *= 2.03;
    }
    return sum;
  }

  /** As `rough`, folded into sharp crests: 0 to 1. */
  crests(x: number, y: number, octaves: number): number {
    let [sum, weight, scale, above] = [0, 0.5, 1, 1];
    for (let octave = 0; octave < octaves; octave++) {
      const fold = 1 - Math.abs(this.at(x * scale + octave * 31.7, y * scale + octave * 5.9));
      const crest = fold * fold * above;
      sum += weight * crest;
      above = Math.min(1, crest * 1.6);
      weight *= 0.5;
      scale *= 2.1;
    }
    return sum;
  }

  private slope(hash: number, dx: number, dy: number): number {
    const index = hash & 15;
    return this.gradientX[index]! * dx + this.gradientY[index]! * dy;
  }
}
