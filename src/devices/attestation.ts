/** What identities and devices sign about each other. Clients write the same bytes. */
import { isSignedBy } from '../platform/ed25519.js';

/** A device that an identity claims, and that claims the identity. */
export interface AttestedDevice {
  /** ActivityPub id. */
  readonly actorUri: string;
  readonly identityKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  readonly attestedAt: Date;
}

const NUL = Buffer.from([0]);

/** What the identity key signs of a device. */
export function attestationOf({ actorUri, signatureKey, attestedAt }: AttestedDevice): Buffer {
  return joined('triptych/device/1', actorUri, signatureKey, attestedAt.toISOString());
}

/** What a device signs of the identity that it belongs to. */
export function proofOf({ actorUri, identityKey, attestedAt }: AttestedDevice): Buffer {
  return joined('triptych/device-proof/1', actorUri, identityKey, attestedAt.toISOString());
}

/** True when the identity has attested the device. */
export function isAttested(device: AttestedDevice, attestation: Uint8Array): Promise<boolean> {
  return isSignedBy(device.identityKey, attestationOf(device), attestation);
}

/** True when the device has claimed the identity. */
export function isProven(device: AttestedDevice, proof: Uint8Array): Promise<boolean> {
  return isSignedBy(device.signatureKey, proofOf(device), proof);
}

function joined(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part, index) => [...(index > 0 ? [NUL] : []), Buffer.from(part)]),
  );
}
