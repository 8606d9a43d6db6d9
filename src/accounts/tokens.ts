/**
 * Bearer tokens: opaque random text with a prefix that tells what it opens. The text is shown once;
 * only its digest is stored.
 */
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { digestToken } from './authenticate.js';

/** Prefix of the token of a signed-in session. */
export const SESSION_PREFIX = 'trs_';

/** Prefix of a personal access token. */
export const PERSONAL_PREFIX = 'trp_';

const RANDOM_BYTES = 32;
const CHECKSUM_LENGTH = 6;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A new token and what is stored of it. */
export interface MintedToken {
  readonly token: string;
  readonly digest: Buffer;
}

/** Mints the token of a session. */
export function mintSessionToken(): MintedToken {
  return minted(SESSION_PREFIX + randomText());
}

/** Mints a personal access token: the last six symbols are a checksum, by which secret scanners know a real one. */
export function mintPersonalToken(): MintedToken {
  return personalTokenOf(randomText());
}

/** The personal access token with this body instead of a random one: known to whoever knows the body. */
export function personalTokenOf(body: string): MintedToken {
  return minted(PERSONAL_PREFIX + body + checksum(body));
}

/** Mints a token without prefix, for a link that works once. */
export function mintLinkToken(): MintedToken {
  return minted(randomText());
}

/** Whether a text is shaped like a personal access token, its checksum included. */
export function isPersonalToken(text: string): boolean {
  if (!text.startsWith(PERSONAL_PREFIX)) return false;
  const body = text.slice(PERSONAL_PREFIX.length);
  return (
    body.length > CHECKSUM_LENGTH &&
    checksum(body.slice(0, -CHECKSUM_LENGTH)) === body.slice(-CHECKSUM_LENGTH)
  );
}

function minted(token: string): MintedToken {
  return { token, digest: digestToken(token) };
}

function randomText(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

/** CRC-32 in base 62, most significant symbol first, padded with 0. */
function checksum(text: string): string {
  let rest = crc32(text);
  let symbols = '';
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    symbols = BASE62[rest % BASE62.length]! + symbols;
    rest = Math.floor(rest / BASE62.length);
  }
  return symbols;
}
