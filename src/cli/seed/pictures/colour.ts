// Colours as light: red, green and blue in linear units, 1 = white.

/** Linear red, green and blue. */
export type Colour = readonly [number, number, number];

const known = new Map<string, Colour>();

/** Reads `#rrggbb`. Cheap to call again for the same one. */
export function colour(hex: string): Colour {
  const before = known.get(hex);
  if (before) return before;
  const channel = (from: number): number =>
    toLinear(Number.parseInt(hex.slice(from, from + 2), 16) / 255);
  const read: Colour = [channel(1), channel(3), channel(5)];
  known.set(hex, read);
  return read;
}

/** From one colour (0) to another (1). */
export function mix(from: Colour, to: Colour, share: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** A colour made brighter or darker. */
export function times([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor];
}

/** Two lights together. */
export function plus(first: Colour, second: Colour, factor = 1): Colour {
  return [
    first[0] + second[0] * factor,
    first[1] + second[1] * factor,
    first[2] + second[2] * factor,
  ];
}

/** A surface under a light. */
export function under(surface: Colour, light: Colour): Colour {
  return [surface[0] * light[0], surface[1] * light[1], surface[2] * light[2]];
}

/** 0 up to `low`, 1 from `high` on, smooth between. */
export function smooth(low: number, high: number, value: number): number {
  const share = clamp((value - low) / (high - low));
  return share * share * (3 - 2 * share);
}

/** Within 0 and 1. */
export function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** @source IEC 61966-2-1 */
function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
