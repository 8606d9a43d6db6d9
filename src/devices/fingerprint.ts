/** Keys as digits that people can read to each other. */
import { createHash } from 'node:crypto';

const GROUPS = 6;
const GROUP_BYTES = 5;

/** 30 digits in six groups. */
export function fingerprintOf(signatureKey: Uint8Array): string {
  const digest = createHash('sha512')
    .update('triptych/fingerprint/1\0')
    .update(signatureKey)
    .digest();
  return Array.from({ length: GROUPS }, (_, group) =>
    String(digest.readUIntBE(group * GROUP_BYTES, GROUP_BYTES) % 100_000).padStart(5, '0'),
  ).join(' ');
}
