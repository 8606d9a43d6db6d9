/** Keys that stand for people and devices, and how others compare them. */
import sodium from 'libsodium-wrappers';
import { concat, utf8 } from '../crypto/bytes.js';

const ZERO = Uint8Array.of(0);
/** Rounds of the safety number, so that nobody can search for keys that look alike. @source Signal */
const ROUNDS = 5200;
const VERSION = Uint8Array.of(0, 0);

/** A signing key, Ed25519. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  /** 32 bytes. Secret. */
  readonly seed: Uint8Array;
}

/** A fresh key. */
export async function newKeyPair(): Promise<KeyPair> {
  await sodium.ready;
  return keyPairOf(sodium.randombytes_buf(sodium.crypto_sign_SEEDBYTES));
}

/** The key of a seed. */
export const keyPairOf = (seed: Uint8Array): KeyPair => ({
  seed,
  publicKey: sodium.crypto_sign_seed_keypair(seed).publicKey,
});

/** What a device and its person have signed about each other. */
export interface Attested {
  readonly actorUri: string;
  readonly identityKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  /** ISO 8601 with milliseconds and Z. */
  readonly attestedAt: string;
}

const signed = (label: string, about: Attested, key: Uint8Array): Uint8Array =>
  concat(utf8(label), ZERO, utf8(about.actorUri), ZERO, key, ZERO, utf8(about.attestedAt));

/** Signs that the device is one of the person's, and that its key is there. */
export function attest(
  about: Omit<Attested, 'identityKey' | 'signatureKey'>,
  identity: KeyPair,
  device: KeyPair,
): { readonly attestation: Uint8Array; readonly proof: Uint8Array } {
  const all = { ...about, identityKey: identity.publicKey, signatureKey: device.publicKey };
  return {
    attestation: sign(identity, signed('triptych/device/1', all, all.signatureKey)),
    proof: sign(device, signed('triptych/device-proof/1', all, all.identityKey)),
  };
}

/** Whether the person's key has signed the device's. */
export function isAttested(about: Attested, attestation: Uint8Array): boolean {
  return verify(
    about.identityKey,
    signed('triptych/device/1', about, about.signatureKey),
    attestation,
  );
}

function sign({ seed }: KeyPair, message: Uint8Array): Uint8Array {
  return sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(seed).privateKey);
}

/** Whether a key has signed the message; false also for what is no signature. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return (
    publicKey.length === sodium.crypto_sign_PUBLICKEYBYTES &&
    signature.length === sodium.crypto_sign_BYTES &&
    sodium.crypto_sign_verify_detached(signature, message, publicKey)
  );
}

/** Somebody and the key that stands for them. */
export interface Identity {
  readonly uri: string;
  readonly key: Uint8Array;
}

/** Sixty digits that both see alike as long as nobody is between them; to be compared by other means. */
export function safetyNumber(one: Identity, other: Identity): string {
  return [thirtyDigits(one), thirtyDigits(other)].toSorted().join('').match(/\d{5}/g)!.join(' ');
}

function thirtyDigits({ uri, key }: Identity): string {
  let hash = concat(VERSION, key, utf8(uri));
  for (let round = 0; round < ROUNDS; round += 1) hash = sodium.crypto_hash(concat(hash, key));
  return digitsOf(hash);
}

/** Thirty digits of a device's key, as the server shows them as well. */
export function fingerprint(signatureKey: Uint8Array): string {
  const hash = sodium.crypto_hash(concat(utf8('triptych/fingerprint/1'), ZERO, signatureKey));
  return digitsOf(hash).match(/\d{5}/g)!.join(' ');
}

/** Six times five bytes, each as five digits. */
function digitsOf(hash: Uint8Array): string {
  return Array.from({ length: 6 }, (_unused, index) => {
    const bytes = hash.subarray(index * 5, index * 5 + 5);
    const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, '0');
  }).join('');
}
