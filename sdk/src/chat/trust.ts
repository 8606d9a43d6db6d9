/**
 * Whether a device is one of somebody's. People have an identity key that signs their devices; those whose software knows no
 * such keys are unattested, and the devices with which they were met first are theirs until the person here decides otherwise.
 */
import type { DeviceFragment } from '../api/operations.js';
import { fromBase64, isSame } from '../crypto/bytes.js';
import type { ShownPerson } from './chat-server.js';
import { isAttested } from './identity.js';
import type { Doubt, StoredPerson } from './records.js';

type ShownDevice = Pick<DeviceFragment, 'signatureKey' | 'attestation' | 'attestedAt'>;

type Reason = Pick<Doubt, 'reason' | 'newIdentity'>;

/** Somebody's keys as the server shows them. */
export interface ShownKeys {
  readonly uri: string;
  /** Null = the server does not show who it is. */
  readonly actorId: string | null;
  readonly chatIdentity: ShownPerson['chatIdentity'];
  readonly chatDevices: readonly ShownDevice[];
}

/** What is remembered of somebody who is met for the first time; null = they have shown nothing to remember. */
export function firstSeen({
  uri,
  actorId,
  chatIdentity,
  chatDevices,
}: ShownKeys): StoredPerson | null {
  const person = { uri, actorId, isVerified: false };
  if (chatIdentity) {
    const { key, version } = chatIdentity;
    return { ...person, identityKey: fromBase64(key), version };
  }
  // Devices that a key has signed which is not shown are not those of software without such keys.
  if (chatDevices.length === 0 || !chatDevices.every(isBare)) return null;
  const signatureKeys = chatDevices.map(({ signatureKey }) => fromBase64(signatureKey));
  return { ...person, identityKey: null, version: 0, signatureKeys };
}

/**
 * Why a device of a group is not to be believed; null = it is.
 * @param shown what the server shows now; null = nothing
 * @param person what is known; null = nothing
 */
export function reasonAgainst(
  signatureKey: Uint8Array,
  shown: ShownKeys | null,
  person: StoredPerson | null,
): Reason | null {
  if (!person) return { reason: 'unknown' };
  const { uri, identityKey } = person;
  if (isRemembered(person, signatureKey)) return null;
  const device = shown?.chatDevices.find((it) => isSame(fromBase64(it.signatureKey), signatureKey));
  if (!shown || !device) return { reason: 'unknown' };
  if (identityKey && isOf(uri, identityKey, device)) return null;
  const shownKey = shown.chatIdentity && fromBase64(shown.chatIdentity.key);
  const isOther = shownKey && !(identityKey && isSame(shownKey, identityKey));
  if (isOther && isOf(uri, shownKey, device)) {
    const { version } = shown.chatIdentity;
    return { reason: 'identityChanged', newIdentity: { key: shownKey, version } };
  }
  if (!isBare(device)) return { reason: 'unknown' };
  if (!identityKey) return { reason: 'newDevice' };
  // Beside devices that are signed it is only one more that is not.
  return { reason: shown.chatDevices.every(isBare) ? 'identityLost' : 'unknown' };
}

/** The person once a device that was doubtful is believed; null = that changes nothing that is known of them. */
export function believing(
  person: StoredPerson,
  { signatureKey, reason, newIdentity }: Doubt,
): StoredPerson | null {
  const { identityKey, signatureKeys = [] } = person;
  if (newIdentity) {
    const { key, version } = newIdentity;
    return { ...person, identityKey: key, version, isVerified: false, signatureKeys: [] };
  }
  if (identityKey === null && (reason === 'newDevice' || reason === 'identityLost'))
    return isRemembered(person, signatureKey)
      ? null
      : { ...person, signatureKeys: [...signatureKeys, signatureKey] };
  if (reason !== 'identityLost') return null;
  return {
    ...person,
    identityKey: null,
    version: 0,
    isVerified: false,
    signatureKeys: [signatureKey],
  };
}

/** Whether the device of somebody without an identity key is known; it may be one that their server lists no more. */
const isRemembered = (
  { identityKey, signatureKeys = [] }: StoredPerson,
  signatureKey: Uint8Array,
): boolean => identityKey === null && signatureKeys.some((known) => isSame(known, signatureKey));

/** Nobody has signed it, as far as is shown. */
const isBare = ({ attestation }: ShownDevice): boolean => attestation === null;

/** Whether this key has attested the device; times are signed with milliseconds. */
function isOf(actorUri: string, identityKey: Uint8Array, device: ShownDevice): boolean {
  const { attestation } = device;
  if (attestation === null || device.attestedAt === null) return false;
  const attestedAt = new Date(device.attestedAt).toISOString();
  const signatureKey = fromBase64(device.signatureKey);
  const about = { actorUri, identityKey, signatureKey, attestedAt };
  return isAttested(about, fromBase64(attestation));
}
