/**
 * Identities. Inside, everything is a UUIDv7 (sortable by creation time); outside, clients see an
 * opaque `<kind>_<base32>` string. The two forms meet only at the GraphQL edge.
 */
import { randomFillSync } from 'node:crypto';
import { NotFound } from './errors.js';

/** A UUID that names one kind of thing; kinds do not mix. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** Values of the symbols, by their character codes. */
const VALUES = new Uint8Array(128);
for (const [value, symbol] of [...ALPHABET].entries()) VALUES[symbol.charCodeAt(0)] = value;
/** 128 bits fill three of the five bits of the first symbol. */
const ENCODED = /^([a-z]+)_([0-7][0-9a-hjkmnp-tv-z])([0-9a-hjkmnp-tv-z]{24})$/;
const LEAD_DIGITS = 2;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Makes a UUIDv7 whose leading 48 bits are the given instant in milliseconds.
 *
 * @source RFC 9562 §5.7
 */
export function newId<Kind extends string>(now: Date): Id<Kind> {
  const bytes = sixteenRandomBytes();
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatUuid(bytes.toString('hex')) as Id<Kind>;
}

/** Asking for many random bytes costs as much as asking for a few. */
const pool = Buffer.alloc(16 * 256);
let taken = pool.length;

/** They are nobody else's, and are forgotten by the pool when it is filled again. */
function sixteenRandomBytes(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  return pool.subarray(taken, (taken += 16));
}

/** The smallest possible UUIDv7 of an instant: a keyset bound for "published since". Ids begin in 1970. */
export function firstIdAt<Kind extends string>(instant: Date): Id<Kind> {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(Math.min(Math.max(instant.getTime(), 0), 2 ** 48 - 1), 0, 6);
  return formatUuid(bytes.toString('hex')) as Id<Kind>;
}

/** True for a canonical lower-case UUID. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** The opaque form that clients see, for example `post_01j9…` (Crockford base32, 26 symbols). */
export function toGlobalId(kind: string, id: string): string {
  const hex = id.replaceAll('-', '');
  // 128 bits in 26 symbols: two lead alone, and each 20 further bits are five hex digits and four symbols.
  const lead = Number.parseInt(hex.slice(0, LEAD_DIGITS), 16);
  let text = ALPHABET[lead >> 5]! + ALPHABET[lead & 31]!;
  for (let index = LEAD_DIGITS; index < hex.length; index += 5) {
    const bits = Number.parseInt(hex.slice(index, index + 5), 16);
    text += ALPHABET[bits >> 15]! + ALPHABET[(bits >> 10) & 31]!;
    text += ALPHABET[(bits >> 5) & 31]! + ALPHABET[bits & 31]!;
  }
  return `${kind}_${text}`;
}

/** Splits an opaque id; null when it is not one. */
export function parseGlobalId(globalId: string): { kind: string; id: string } | null {
  const match = ENCODED.exec(globalId);
  if (!match) return null;
  const [, kind, lead, rest] = match as string[] as [string, string, string, string];
  let hex = hexOf(lead, LEAD_DIGITS);
  for (let index = 0; index < rest.length; index += 4)
    hex += hexOf(rest.slice(index, index + 4), 5);
  return { kind, id: formatUuid(hex) };
}

function hexOf(symbols: string, digits: number): string {
  let bits = 0;
  for (let index = 0; index < symbols.length; index++)
    bits = (bits << 5) | VALUES[symbols.charCodeAt(index)]!;
  return bits.toString(16).padStart(digits, '0');
}

/**
 * Reads an id of one kind from mutation input.
 *
 * @param path where the id stands in the input, without the leading `input`
 * @throws {NotFound} NOT_FOUND when it is malformed or of another kind: the same answer as for an unknown id
 */
export function readId<Kind extends string>(
  kind: Kind,
  globalId: string,
  path: readonly string[],
): Id<Kind> {
  const parsed = parseGlobalId(globalId);
  if (parsed?.kind !== kind) throw new NotFound(path);
  return parsed.id as Id<Kind>;
}

function formatUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
