/** For which key packages a Welcome is. */
import { readFormat } from './message-header.js';
import { malformed, readWhole } from './read-whole.js';

/** Most devices that one Welcome lets in. */
export const MOST_WELCOMED = 1000;

const SUITE = 1;
const WELCOME = 3;
const REF_BYTES = 32;

/**
 * Reads the references of the key packages that a Welcome, as an `MLSMessage`, is encrypted to; null when it is none, is for
 * nobody, for more than 1,000, or for one of them twice.
 *
 * @source RFC 9420 §12.4.3.1
 */
export function readWelcomeRefs(bytes: Uint8Array): Uint8Array[] | null {
  const refs = readWhole(bytes, (reader) => {
    if (readFormat(reader) !== WELCOME || reader.uint16() !== SUITE) malformed();
    const secrets = reader.vector();
    reader.vector();
    return readWhole(secrets, (inner) => {
      const found: Uint8Array[] = [];
      while (!inner.isAtEnd) {
        const ref = inner.vector();
        if (ref.length !== REF_BYTES || found.length === MOST_WELCOMED) malformed();
        found.push(ref);
        // What is encrypted to it: the key, and the secrets.
        inner.vector();
        inner.vector();
      }
      return found;
    });
  });
  if (!refs || refs.length === 0) return null;
  return new Set(refs.map((ref) => Buffer.from(ref).toString('hex'))).size === refs.length
    ? refs
    : null;
}
