/** Whether a key package is one with which a device of here can be taken into a conversation. */
import { PUBLIC_KEY_BYTES } from '../platform/ed25519.js';
import { BASIC_CREDENTIAL, CIPHERSUITE, MLS10, type KeyPackageFacts } from './key-package.js';
import { isPartSignedBy } from './signed-part.js';

const DAY_SECONDS = 86_400;

/** Longest time for which a key package may be valid: 13 months. */
export const LIFETIME_SECONDS = 397 * DAY_SECONDS;

/** How far clocks of devices may be off. */
const SKEW_SECONDS = 3600;

/** Extensions that every device understands without saying so. */
const LAST_DEFAULT_EXTENSION = 5;

/** What may be wrong with a key package that can be read. */
export const KEY_PACKAGE_FLAWS = {
  CIPHERSUITE: 'The key package is of another ciphersuite than 1.',
  CREDENTIAL: 'The credential of the key package is not the URI of your actor.',
  SIGNATURE_KEY: 'The key package is not of this device: its signature key is another one.',
  KEYS: 'The keys of the key package have the wrong length, or are one key twice.',
  CAPABILITIES: 'The key package does not name its own version, suite, credential and extensions.',
  LIFETIME: 'The key package is not valid now, or for more than 13 months.',
  SIGNATURE: 'The signatures of the key package are not those of its signature key.',
} as const;

/** One of the flaws. */
export type KeyPackageFlaw = keyof typeof KEY_PACKAGE_FLAWS;

/** Whose key package it should be, and when. */
export interface KeyPackageOwner {
  readonly actorUri: string;
  readonly signatureKey: Uint8Array;
  readonly now: Date;
}

/** The first thing that is wrong with a key package; null = nothing. */
export async function flawOf(
  facts: KeyPackageFacts,
  owner: KeyPackageOwner,
): Promise<KeyPackageFlaw | null> {
  if (facts.ciphersuite !== CIPHERSUITE) return 'CIPHERSUITE';
  if (!isSame(facts.identity, Buffer.from(owner.actorUri))) return 'CREDENTIAL';
  if (!isSame(facts.signatureKey, owner.signatureKey)) return 'SIGNATURE_KEY';
  if (!hasSoundKeys(facts)) return 'KEYS';
  if (!namesWhatItUses(facts)) return 'CAPABILITIES';
  if (!isValidAt(facts, owner.now)) return 'LIFETIME';
  for (const part of facts.signedParts)
    if (!(await isPartSignedBy(facts.signatureKey, part))) return 'SIGNATURE';
  return null;
}

function isSame(one: Uint8Array | null, other: Uint8Array): boolean {
  return one !== null && Buffer.compare(one, other) === 0;
}

function hasSoundKeys({ initKey, encryptionKey }: KeyPackageFacts): boolean {
  return (
    initKey.length === PUBLIC_KEY_BYTES &&
    encryptionKey.length === PUBLIC_KEY_BYTES &&
    !isSame(initKey, encryptionKey)
  );
}

/** @source RFC 9420 §7.2: what a leaf uses it must say that it understands. */
function namesWhatItUses({ capabilities, leafExtensions }: KeyPackageFacts): boolean {
  return (
    capabilities.versions.includes(MLS10) &&
    capabilities.ciphersuites.includes(CIPHERSUITE) &&
    capabilities.credentials.includes(BASIC_CREDENTIAL) &&
    leafExtensions.every(
      (type) => type <= LAST_DEFAULT_EXTENSION || capabilities.extensions.includes(type),
    )
  );
}

function isValidAt({ notBefore, notAfter }: KeyPackageFacts, now: Date): boolean {
  const seconds = BigInt(Math.floor(now.getTime() / 1000));
  return (
    notBefore <= seconds + BigInt(SKEW_SECONDS) &&
    notAfter > seconds &&
    notAfter - notBefore <= BigInt(LIFETIME_SECONDS + 2 * SKEW_SECONDS)
  );
}
