/** Key packages that other servers show, read and checked: whatever is wrong with one, it is left out. */
import { MalformedBytes } from '../mls/byte-reader.js';
import { flawOf } from '../mls/check-key-package.js';
import { keyPackageRef, readKeyPackage, type KeyPackageFacts } from '../mls/key-package.js';
import { isAttested } from './attestation.js';

/** What an identity key is said to have signed of a device. */
export interface ShownAttestation {
  readonly identityKey: Buffer;
  /** As its server counts; ours may be higher. */
  readonly identityVersion: number;
  readonly attestedAt: Date;
  readonly attestation: Buffer;
}

/** A key package as another server shows it. */
export interface OfferedRemotePackage {
  /** Bare, or as an MLSMessage. */
  readonly bytes: Uint8Array;
  /** Null = its server knows nothing of attestations. */
  readonly attested: ShownAttestation | null;
  /** Others get it, too. */
  readonly isShared: boolean;
}

/** One that is sound. */
export interface ShownPackage extends OfferedRemotePackage {
  readonly bytes: Buffer;
  readonly ref: Buffer;
  readonly signatureKey: Buffer;
  readonly ciphersuite: number;
  readonly expiresAt: Date;
}

/** An identity key and its place in the line of them, as a server says. */
export interface ShownIdentity {
  readonly key: Buffer;
  readonly version: number;
}

/** Highest place in the line of identity keys that another server is believed. */
export const MOST_IDENTITIES = 1_000_000;

/** Those that are sound, of the actor, and attested by the same identity key or by none. */
export async function soundPackages(
  offered: readonly OfferedRemotePackage[],
  actorUri: string,
  now: Date,
): Promise<ShownPackage[]> {
  const sound: ShownPackage[] = [];
  for (const one of offered) {
    const shown = await readShown(one, actorUri, now);
    if (shown) sound.push(shown);
  }
  const identity = agreedIdentity(sound);
  return sound.filter(
    ({ attested }) => !attested || Buffer.compare(attested.identityKey, identity!.key) === 0,
  );
}

/** The newest identity key that has attested one of them; null = none has. */
export function agreedIdentity(packages: readonly ShownPackage[]): ShownIdentity | null {
  let newest: ShownIdentity | null = null;
  for (const { attested } of packages)
    if (attested && (!newest || attested.identityVersion > newest.version))
      newest = { key: attested.identityKey, version: attested.identityVersion };
  return newest;
}

async function readShown(
  { bytes, attested, isShared }: OfferedRemotePackage,
  actorUri: string,
  now: Date,
): Promise<ShownPackage | null> {
  const facts = decode(bytes);
  if (!facts) return null;
  const signatureKey = Buffer.from(facts.signatureKey);
  if (await flawOf(facts, { actorUri, signatureKey, now })) return null;
  if (
    attested &&
    !(await isAttested({ ...attested, actorUri, signatureKey }, attested.attestation))
  )
    return null;
  return {
    bytes: Buffer.from(facts.bytes),
    attested,
    isShared,
    ref: keyPackageRef(facts.bytes),
    signatureKey,
    ciphersuite: facts.ciphersuite,
    expiresAt: new Date(Number(facts.notAfter) * 1000),
  };
}

function decode(bytes: Uint8Array): KeyPackageFacts | null {
  try {
    return readKeyPackage(bytes);
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}
