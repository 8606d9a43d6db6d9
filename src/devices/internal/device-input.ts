/** What is said of a new device, and whether it can be true. */
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../platform/ed25519.js';
import { Invalid } from '../../platform/errors.js';
import { isBlank } from '../../platform/blank-text.js';
import { isAttested, isProven } from '../attestation.js';
import { NAME_LENGTH, PLATFORM_LENGTH } from '../device.js';

/** How far the clock of a device may be off, in milliseconds. */
const SKEW = 600_000;

/** A device that wants to be registered. */
export interface NewDevice {
  readonly name: string;
  readonly platform: string;
  readonly signatureKey: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly attestation: Uint8Array;
  readonly attestedAt: Date;
  readonly proof: Uint8Array;
}

/**
 * Refuses what breaks a rule, or what the keys have not signed.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export async function requireSound(device: NewDevice, actorUri: string, now: Date): Promise<void> {
  requireText('name', device.name, NAME_LENGTH);
  requireText('platform', device.platform, PLATFORM_LENGTH);
  requireBytes('signatureKey', device.signatureKey, PUBLIC_KEY_BYTES);
  requireBytes('identityKey', device.identityKey, PUBLIC_KEY_BYTES);
  requireBytes('attestation', device.attestation, SIGNATURE_BYTES);
  requireBytes('proof', device.proof, SIGNATURE_BYTES);
  if (Buffer.compare(device.signatureKey, device.identityKey) === 0)
    throw new Invalid('The two keys are one.', ['signatureKey'], 'DISTINCT');
  if (Math.abs(device.attestedAt.getTime() - now.getTime()) > SKEW)
    throw new Invalid(
      'It is more than 10 minutes off.',
      ['attestedAt'],
      'RANGE',
      now.toISOString(),
    );
  const attested = { ...device, actorUri };
  if (!(await isAttested(attested, device.attestation)))
    throw new Invalid('The identity key has not signed this.', ['attestation'], 'SIGNATURE');
  if (!(await isProven(attested, device.proof)))
    throw new Invalid('The signature key has not signed this.', ['proof'], 'SIGNATURE');
}

function requireText(field: string, text: string, most: number): void {
  if (!isBlank(text) && [...text].length <= most && !/\p{Cc}/u.test(text)) return;
  throw new Invalid(`1 to ${most} characters.`, [field], 'LENGTH', `1..${most}`);
}

function requireBytes(field: string, bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw new Invalid(`It has ${length} bytes.`, [field], 'BYTES', String(length));
}
