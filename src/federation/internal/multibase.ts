/** Base58 with its prefix, in which keys and proofs are written. @source Multibase, Multikey */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const PREFIX = 'z';
/** A signature has 89 characters. */
const LONGEST = 128;
const ED25519 = Buffer.from([0xed, 0x01]);
const KEY_BYTES = 32;

const parsed = new LRUCache<string, KeyObject>({ max: 5_000 });

/** Bytes as text. */
export function toMultibase(bytes: Uint8Array): string {
  let number = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  let digits = '';
  for (; number > 0n; number /= 58n) digits = ALPHABET[Number(number % 58n)]! + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return PREFIX + '1'.repeat(zeros < 0 ? bytes.length : zeros) + digits;
}

/** Text as bytes; null for what is none. */
export function fromMultibase(text: string): Buffer | null {
  if (!text.startsWith(PREFIX) || text.length > LONGEST) return null;
  const digits = text.slice(PREFIX.length);
  let number = 0n;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return null;
    number = number * 58n + BigInt(value);
  }
  const hex = number === 0n ? '' : number.toString(16);
  const zeros = /^1*/.exec(digits)![0].length;
  return Buffer.concat([
    Buffer.alloc(zeros),
    Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'),
  ]);
}

/** The public half of an Ed25519 key as actors publish it. */
export function toMultikey(key: KeyObject): string {
  const raw = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  return toMultibase(Buffer.concat([ED25519, raw]));
}

/** An Ed25519 key that an actor published; null for any other. */
export function fromMultikey(text: string): KeyObject | null {
  const known = parsed.get(text);
  if (known) return known;
  const bytes = fromMultibase(text);
  const isKey = bytes?.length === ED25519.length + KEY_BYTES && bytes.indexOf(ED25519) === 0;
  if (!bytes || !isKey) return null;
  const x = bytes.subarray(ED25519.length).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  parsed.set(text, key);
  return key;
}
