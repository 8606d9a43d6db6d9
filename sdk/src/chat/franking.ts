/**
 * Proofs for reports: the sender shows the server a tag of what is encrypted, the server puts its word on the tag, and whoever
 * reads the message can prove to the staff what was said. Nobody can do so before, and nobody can prove anything else.
 *
 * @source draft-ietf-mimi-protocol, franking
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64, isSame, textOf } from '../crypto/bytes.js';

/** Bytes of the secret under which a tag is made. */
export const SALT_BYTES = 32;

/** Name of the salt inside of a message. */
export const SALT_TERM = 'tri:salt';

/** What it takes to report a message. */
export interface Proof {
  /** What was encrypted. */
  readonly data: Uint8Array;
  /** What the server said of it. */
  readonly frank: Uint8Array;
  /** When the server accepted it; ISO 8601. */
  readonly acceptedAt: string;
}

/** A secret for one message. */
export const newSalt = (): Uint8Array => crypto.getRandomValues(new Uint8Array(SALT_BYTES));

/** The salt inside of a message; null = it has none. */
export function saltOf(data: Uint8Array): Uint8Array | null {
  try {
    const activity = JSON.parse(textOf(data)) as Readonly<Record<string, unknown>> | null;
    const salt = fromBase64(String(activity?.[SALT_TERM]));
    return salt.length === SALT_BYTES ? salt : null;
  } catch {
    return null;
  }
}

/** The tag of a message, for its authenticated data. @throws {TypeError} when there is no salt in it */
export function tagOf(data: Uint8Array): Uint8Array {
  const salt = saltOf(data);
  if (!salt) throw new TypeError('There is no salt in the message.');
  return hmac(sha256, salt, data);
}

/**
 * Whether a message may be shown: one that shows a tag that is not its own could never be reported. Without any tag it comes
 * from a program that knows none.
 */
export function isFranked(data: Uint8Array, authenticatedData: Uint8Array): boolean {
  if (authenticatedData.length === 0) return true;
  const salt = saltOf(data);
  return salt !== null && isSame(hmac(sha256, salt, data), authenticatedData);
}
