/** What MLS signs, and under which name. */
import { isSignedBy } from '../platform/ed25519.js';
import { writeVector } from './byte-reader.js';

/** Bytes with the signature over them. */
export interface SignedPart {
  readonly label: string;
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * True when the key has signed the part under its name.
 *
 * @source RFC 9420 §5.1.2
 */
export function isPartSignedBy(signatureKey: Uint8Array, part: SignedPart): Promise<boolean> {
  const label = writeVector(Buffer.from(`MLS 1.0 ${part.label}`));
  const message = Buffer.concat([label, writeVector(part.content)]);
  return isSignedBy(signatureKey, message, part.signature);
}
