/** The two ciphers of the suites: AES-128-GCM of the platform, ChaCha20-Poly1305 of libsodium. */
import sodium from 'libsodium-wrappers';

/** Encryption that notices every change; the tag of 16 bytes stands at the end. */
export interface Aead {
  /** Code point. @source RFC 9180 §7.3 */
  readonly id: number;
  readonly keyBytes: number;
  readonly nonceBytes: number;
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, text: Uint8Array): Promise<Uint8Array>;
  /** @throws when anything was changed */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, text: Uint8Array): Promise<Uint8Array>;
}

const NONCE_BYTES = 12;

/** WebAssembly has no AES instructions, so libsodium has no AES there: the platform's is fast and takes constant time. */
export const AES_128_GCM: Aead = {
  id: 1,
  keyBytes: 16,
  nonceBytes: NONCE_BYTES,
  async seal(key, nonce, aad, text) {
    const parameters = { name: 'AES-GCM', iv: owned(nonce), additionalData: owned(aad) };
    const imported = await importAes(key, 'encrypt');
    return new Uint8Array(await crypto.subtle.encrypt(parameters, imported, owned(text)));
  },
  async open(key, nonce, aad, text) {
    const parameters = { name: 'AES-GCM', iv: owned(nonce), additionalData: owned(aad) };
    const imported = await importAes(key, 'decrypt');
    return new Uint8Array(await crypto.subtle.decrypt(parameters, imported, owned(text)));
  },
};

/** @source RFC 8439 §2.8 */
export const CHACHA20_POLY1305: Aead = {
  id: 3,
  keyBytes: 32,
  nonceBytes: NONCE_BYTES,
  seal: async (key, nonce, aad, text) =>
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(text, aad, null, nonce, key),
  open: async (key, nonce, aad, text) =>
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, text, aad, nonce, key),
};

function importAes(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, [use]);
}

/** WebCrypto takes no views of shared memory, and types say so. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : new Uint8Array(bytes);
}
