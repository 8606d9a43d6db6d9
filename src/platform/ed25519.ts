/** Signatures with Ed25519, digests with BLAKE2b, and authenticators: what keys of people and the log of keys stand on. */
import sodium from 'libsodium-wrappers';

/** Bytes of a public key. */
export const PUBLIC_KEY_BYTES = 32;

/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

const DIGEST_BYTES = 32;

/** A key that signs. */
export interface SigningKey {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/**
 * Makes the key that a seed of 32 bytes stands for.
 *
 * @source libsodium crypto_sign_seed_keypair
 */
export async function signingKeyOf(seed: Uint8Array): Promise<SigningKey> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed);
  return { publicKey, sign: (message) => sodium.crypto_sign_detached(message, privateKey) };
}

/** True when the key has signed exactly this message. False, too, for a key or a signature of another length. */
export async function isSignedBy(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  await sodium.ready;
  return sodium.crypto_sign_verify_detached(signature, message, publicKey);
}

/** BLAKE2b-256 of the parts, one after the other. */
export async function digestOf(...parts: readonly Uint8Array[]): Promise<Buffer> {
  await sodium.ready;
  return Buffer.from(sodium.crypto_generichash(DIGEST_BYTES, Buffer.concat(parts), null));
}

/**
 * What only who knows the secret of 32 bytes can make of a message.
 *
 * @source libsodium crypto_auth (HMAC-SHA-512-256)
 */
export async function authenticatorOf(
  secret: Uint8Array,
  message: Uint8Array,
): Promise<Uint8Array> {
  await sodium.ready;
  return sodium.crypto_auth(message, secret);
}
