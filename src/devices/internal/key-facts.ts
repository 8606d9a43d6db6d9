/** What the log of keys says of each thing that happens. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { KeyFact } from './append-key-log.js';

/** Whose keys. */
export interface KeyOwner {
  readonly actorId: ActorId;
  readonly actorUri: string;
}

/** An identity with its place in the line of them. */
export interface Identity {
  readonly identityKey: Uint8Array;
  readonly version: number;
}

/** A device that an identity has attested. */
export interface Attested {
  readonly signatureKey: Uint8Array;
  readonly attestation: Uint8Array;
  readonly attestedAt: Date;
}

/** An identity began, or took the place of another. */
export function identitySet({ actorId, actorUri }: KeyOwner, identity: Identity): KeyFact {
  const says = { actor: actorUri, ...told(identity) };
  return { kind: 'IDENTITY_SET', actorId, signatureKey: null, says };
}

/** A device was added. */
export function deviceAdded(
  { actorId, actorUri }: KeyOwner,
  identity: Identity,
  { signatureKey, attestation, attestedAt }: Attested,
): KeyFact {
  const says = {
    actor: actorUri,
    ...told(identity),
    signatureKey: base64(signatureKey),
    attestation: base64(attestation),
    attestedAt: attestedAt.toISOString(),
  };
  return { kind: 'DEVICE_ADDED', actorId, signatureKey, says };
}

/** A device was revoked. */
export function deviceRevoked(
  { actorId, actorUri }: KeyOwner,
  { signatureKey }: Pick<Attested, 'signatureKey'>,
): KeyFact {
  const says = { actor: actorUri, signatureKey: base64(signatureKey) };
  return { kind: 'DEVICE_REVOKED', actorId, signatureKey, says };
}

function told({ identityKey, version }: Identity) {
  return { version, identityKey: base64(identityKey) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
