/**
 * The cryptography under MLS: libsodium for signatures, key agreement, randomness and ChaCha20-Poly1305; the platform
 * for AES; @noble/hashes for SHA-256, which libsodium's standard build has not.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import sodium from 'libsodium-wrappers';
import type {
  Ciphersuite,
  CiphersuiteImpl,
  CryptoProvider,
  Hash,
  Hpke as MlsHpke,
  Kdf,
  PrivateKey,
  PublicKey,
  Signature,
} from 'ts-mls';
import { AES_128_GCM, CHACHA20_POLY1305, type Aead } from '../crypto/aead.js';
import { EMPTY } from '../crypto/bytes.js';
import { HASH_BYTES, hkdfExpand, hkdfExtract } from '../crypto/hkdf.js';
import { Hpke } from '../crypto/hpke.js';

/** Suites that are spoken here, by name. The first one is what every client has. @source RFC 9420 §17.1 */
const CIPHERS: Readonly<Partial<Record<Ciphersuite['name'], Aead>>> = {
  MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519: AES_128_GCM,
  MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519: CHACHA20_POLY1305,
};

/** @throws {RangeError} for a suite that is not spoken here */
export const sodiumProvider: CryptoProvider = {
  async getCiphersuiteImpl({ name }: Ciphersuite): Promise<CiphersuiteImpl> {
    const aead = CIPHERS[name];
    if (!aead) throw new RangeError(`The suite ${name} is not spoken here.`);
    await sodium.ready;
    return { name, hash, kdf, signature, hpke: mlsHpke(aead), rng: { randomBytes } };
  },
};

const randomBytes = (length: number): Uint8Array => sodium.randombytes_buf(length);

const hash: Hash = {
  digest: async (data) => sha256(data),
  mac: async (key, data) => hmac(sha256, key, data),
  // Compares in constant time; a tag of another length is wrong, not an error.
  verifyMac: async (key, mac, data) => {
    const right = hmac(sha256, key, data);
    return mac.length === right.length && sodium.memcmp(mac, right);
  },
};

const kdf: Kdf = {
  extract: async (salt, secret) => hkdfExtract(salt, secret),
  expand: async (key, info, length) => hkdfExpand(key, info, length),
  size: HASH_BYTES,
};

/** Keys are seeds of 32 bytes, as MLS writes them; libsodium's own keys carry the public one along. */
const signature: Signature = {
  sign: async (seed, message) =>
    sodium.crypto_sign_detached(message, sodium.crypto_sign_seed_keypair(seed).privateKey),
  verify: async (publicKey, message, signed) =>
    signed.length === sodium.crypto_sign_BYTES &&
    publicKey.length === sodium.crypto_sign_PUBLICKEYBYTES &&
    sodium.crypto_sign_verify_detached(signed, message, publicKey),
  keygen: async () => {
    const seed = randomBytes(sodium.crypto_sign_SEEDBYTES);
    return { signKey: seed, publicKey: sodium.crypto_sign_seed_keypair(seed).publicKey };
  },
};

function mlsHpke(aead: Aead): MlsHpke {
  const hpke = new Hpke(aead);
  return {
    seal: (key, text, info, aad) => hpke.seal(bytesOf(key), info, aad ?? EMPTY, text),
    open: (key, enc, ct, info, aad) => hpke.open(bytesOf(key), enc, info, aad ?? EMPTY, ct),
    exportSecret: async (key, purpose, length, info) =>
      hpke.exportTo(bytesOf(key), info, purpose, length),
    importSecret: async (key, purpose, enc, length, info) =>
      hpke.exportFrom(bytesOf(key), enc, info, purpose, length),
    importPrivateKey: async (bytes) => privateKeyOf(requireKey(bytes)),
    importPublicKey: async (bytes) => publicKeyOf(requireKey(bytes)),
    exportPrivateKey: async (key) => bytesOf(key),
    exportPublicKey: async (key) => bytesOf(key),
    encryptAead: (key, nonce, aad, text) => aead.seal(key, nonce, aad ?? EMPTY, text),
    decryptAead: (key, nonce, aad, text) => aead.open(key, nonce, aad ?? EMPTY, text),
    deriveKeyPair: async (material) => handed(hpke.deriveKeyPair(material)),
    generateKeyPair: async () => handed(hpke.generateKeyPair()),
    keyLength: aead.keyBytes,
    nonceLength: aead.nonceBytes,
  };
}

/** @throws {RangeError} */
function requireKey(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== sodium.crypto_scalarmult_BYTES)
    throw new RangeError(`A key of X25519 has 32 bytes, not ${bytes.length}.`);
  return bytes;
}

// ts-mls types keys as WebCrypto's and only hands them back to its provider, so here they are bytes.
const publicKeyOf = (bytes: Uint8Array): PublicKey => bytes as unknown as PublicKey;
const privateKeyOf = (bytes: Uint8Array): PrivateKey => bytes as unknown as PrivateKey;
const bytesOf = (key: PublicKey | PrivateKey): Uint8Array => key as unknown as Uint8Array;

function handed(pair: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }): {
  publicKey: PublicKey;
  privateKey: PrivateKey;
} {
  return { publicKey: publicKeyOf(pair.publicKey), privateKey: privateKeyOf(pair.privateKey) };
}
