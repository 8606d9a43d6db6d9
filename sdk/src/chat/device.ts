/** This device: its keys and its registration. */
import { toBase64 } from '../crypto/bytes.js';
import type { DeviceKeys } from '../mls/engine.js';
import { attest, keyPairOf, newKeyPair, type KeyPair } from './identity.js';
import { ONLY, TABLES, type Self } from './records.js';
import type { Session } from './session.js';

/** How a device calls itself. */
export interface DeviceAbout {
  /** 1–60 characters, for its own person. */
  readonly name: string;
  /** What it runs on, 1–30 characters. */
  readonly platform: string;
  /** The key that stands for the person, from another device or a backup; null = this is the first device. */
  readonly identitySeed?: Uint8Array | null;
  /** True: the key takes the place of a lost one, all other devices are revoked, and everybody is warned. */
  readonly replacesIdentity?: boolean;
}

/** A device of the own person, as the server lists it. */
export interface OwnDevice {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** When it last spoke to the server; null = not since it was registered. */
  readonly lastSeenAt: string | null;
  /** How many key packages of it wait; 0 = it has just been registered, and others cannot let it in yet. */
  readonly keyPackageCount: number;
  /** True: it is the one that asks. */
  readonly isThis: boolean;
}

/** The valid devices of the own person. */
export async function ownDevices({ server, self }: Session): Promise<OwnDevice[]> {
  const devices = await server.ownDevices();
  return devices.map(({ name, platform, keyPackageCount, ...device }) => ({
    ...device,
    name: name ?? '',
    platform: platform ?? '',
    keyPackageCount: keyPackageCount ?? 0,
    isThis: device.id === self.deviceId,
  }));
}

/** The keys by which the device speaks in groups. */
export function keysOf({ actorUri, deviceSeed }: Self): DeviceKeys {
  const { publicKey } = keyPairOf(deviceSeed);
  return { identity: actorUri, signatureKey: publicKey, signatureSeed: deviceSeed };
}

/**
 * Registers the device unless it is. Its keys are stored first: when the answer is lost, the same device is registered again.
 * @throws {RefusedError} for another identity key than that of the account
 */
export async function registerDevice(session: Session, about: DeviceAbout): Promise<void> {
  const { store, server } = session;
  const known = store.get<Self>(TABLES.self, ONLY);
  if (known?.deviceId) return;
  const person = await server.viewer();
  const fresh = async (): Promise<Self> => ({
    actorId: person.id,
    actorUri: person.uri,
    deviceId: '',
    identitySeed: about.identitySeed ?? (await newKeyPair()).seed,
    deviceSeed: (await newKeyPair()).seed,
    position: '0',
  });
  // Another key than before may be given now; of a device that was never registered nobody knows.
  const self = known && !about.identitySeed ? known : await fresh();
  await store.transaction((tx) => tx.put(TABLES.self, ONLY, self));
  const [identity, device]: KeyPair[] = [keyPairOf(self.identitySeed), keyPairOf(self.deviceSeed)];
  const attestedAt = new Date().toISOString();
  const signed = attest({ actorUri: person.uri, attestedAt }, identity!, device!);
  const deviceId = await server.register({
    name: about.name,
    platform: about.platform,
    signatureKey: toBase64(device!.publicKey),
    identityKey: toBase64(identity!.publicKey),
    attestation: toBase64(signed.attestation),
    proof: toBase64(signed.proof),
    attestedAt,
    replacesIdentity: about.replacesIdentity ?? false,
  });
  await store.transaction((tx) => tx.put(TABLES.self, ONLY, { ...self, deviceId }));
}
