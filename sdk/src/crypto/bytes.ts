/** Small tools for bytes. */

/** The parts one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A text as UTF-8. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A number below 65,536 as two bytes, the higher one first. */
export const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** Nothing. */
export const EMPTY = new Uint8Array(0);
