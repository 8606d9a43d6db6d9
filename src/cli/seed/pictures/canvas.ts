// The light that falls on the picture, before a camera makes colours of it.
import { clamp, type Colour } from './colour.js';

/** A picture in linear light. */
export class Canvas {
  /** Red, green and blue of each pixel, row by row. */
  readonly light: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.light = new Float32Array(width * height * 3);
  }

  /** The light of a pixel; beyond an edge that of the edge. */
  get(x: number, y: number): Colour {
    const column = Math.max(0, Math.min(this.width - 1, Math.round(x)));
    const row = Math.max(0, Math.min(this.height - 1, Math.round(y)));
    const index = (row * this.width + column) * 3;
    return [this.light[index]!, this.light[index + 1]!, this.light[index + 2]!];
  }

  /** Puts a colour over a pixel; outside of the picture nothing happens. */
  put(x: number, y: number, [red, green, blue]: Colour, cover = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const index = (y * this.width + x) * 3;
    const { light } = this;
    light[index] = light[index]! + (red - light[index]!) * cover;
    light[index + 1] = light[index + 1]! + (green - light[index + 1]!) * cover;
    light[index + 2] = light[index + 2]! + (blue - light[index + 2]!) * cover;
  }

  /** Adds light to a pixel. */
  add(x: number, y: number, [red, green, blue]: Colour, strength = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const index = (y * this.width + x) * 3;
    this.light[index] = this.light[index]! + red * strength;
    this.light[index + 1] = this.light[index + 1]! + green * strength;
    this.light[index + 2] = this.light[index + 2]! + blue * strength;
  }

  /** Paints every pixel of the rows from `top` to `bottom`. */
  fill(top: number, bottom: number, paint: (x: number, y: number) => Colour): void {
    const last = Math.min(this.height, Math.ceil(bottom));
    for (let y = Math.max(0, Math.floor(top)); y < last; y++)
      for (let x = 0; x < this.width; x++) this.put(x, y, paint(x, y));
  }

  /**
   * A disc of light or matter with an edge `softness` px wide.
   *
   * @param rim how much brighter the edge is than the middle, as the blur of a real lens has it
   */
  disc(
    centre: { readonly x: number; readonly y: number; readonly radius: number },
    paint: {
      readonly colour: Colour;
      readonly cover: number;
      readonly softness: number;
      readonly rim?: number;
      readonly isLight?: boolean;
    },
  ): void {
    const { x, y, radius } = centre;
    const reach = radius + paint.softness;
    for (let row = Math.floor(y - reach); row <= y + reach; row++)
      for (let column = Math.floor(x - reach); column <= x + reach; column++) {
        const distance = Math.hypot(column - x, row - y);
        const edge = clamp((reach - distance) / (2 * paint.softness + 0.01));
        if (edge <= 0) continue;
        const rim = 1 + (paint.rim ?? 0) * (distance / radius) ** 4;
        if (paint.isLight) this.add(column, row, paint.colour, paint.cover * edge * rim);
        else this.put(column, row, paint.colour, paint.cover * edge);
      }
  }
}
