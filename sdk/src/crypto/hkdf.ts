/** HKDF-SHA256 as the other protocols here use it. @source RFC 5869 */
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** Bytes of a pseudorandom key. */
export const HASH_BYTES = 32;

/** A pseudorandom key of 32 bytes; an empty salt stands for 32 zeros. */
export const hkdfExtract = (salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  extract(sha256, secret, salt);

/** @param length bytes, at most 8,160 */
export const hkdfExpand = (key: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
  expand(sha256, key, info, length);
