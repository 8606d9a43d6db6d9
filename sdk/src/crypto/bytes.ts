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

/** Whether both hold the same bytes. Not for secrets: it stops at the first difference. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);

/** A text of UTF-8. @throws {TypeError} when it is none */
export const textOf = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

/** Arguments that a call takes for sure. */
const CHUNK = 0x2000;

/** Bytes as standard base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** Bytes of standard base64. @throws {DOMException} when it is none */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Bytes as hexadecimal digits, as keys of lists. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The parts in one piece, each after its length, so that they can be taken apart again. */
export function pack(...parts: readonly Uint8Array[]): Uint8Array {
  return concat(...parts.flatMap((part) => [uint32(part.length), part]));
}

/** The parts of a piece. @throws {RangeError} when it was not packed */
export function unpack(packed: Uint8Array): Uint8Array[] {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const parts: Uint8Array[] = [];
  let at = 0;
  while (at < packed.length) {
    const start = at + 4;
    const end = start + view.getUint32(at);
    if (end > packed.length) throw new RangeError('A part ends after the whole.');
    parts.push(packed.slice(start, end));
    at = end;
  }
  return parts;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
