// Secrets at rest: authenticated encryption under keys derived from the one server key, a separate key per purpose.
import sodium from 'libsodium-wrappers';

/** Every use of a derived key has its own number; a number is never used for something else. */
const PURPOSES = {
  sealing: 1,
  fingerprint: 2,
  'media-url': 3,
  'token-hash': 4,
  'registration-challenge': 5,
  'email-link': 6,
  'network-address': 7,
  'idempotent-input': 8,
  'export-url': 9,
  'emoji-archive-url': 10,
  'feed-lottery': 15,
  'key-log': 16,
  frank: 17,
  'frank-signature': 18,
  'media-viewer': 19,
} as const;

/** What a derived key is for. */
export type KeyPurpose = Exclude<keyof typeof PURPOSES, 'sealing' | 'fingerprint'>;

const VERSION = 'v1';
const KEY_BYTES = 32;

/** Sealed text can't be opened: wrong key, wrong context, or damaged. Carries neither. */
export class SealingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealingError';
  }
}

/** Seals and opens secrets of this server. */
export interface Sealer {
  /** 16 hexadecimal digits that name the server key without telling anything about it. */
  readonly keyFingerprint: string;
  /**
   * Encrypts; each call gives another text.
   *
   * @param context  where the secret belongs, such as `accounts.totp:<account id>`: the same is needed to open it,
   *   so that sealed texts can't be swapped between rows
   * @returns ASCII text `v1.<key fingerprint>.<base64url>`
   */
  seal(plaintext: Uint8Array, context: string): string;
  /** @throws {SealingError} if the text was sealed under another key, for another context, or was changed */
  unseal(sealed: string, context: string): Uint8Array;
  /** 32 bytes that depend on the server key and the purpose alone. */
  deriveKey(purpose: KeyPurpose): Uint8Array;
}

function derive(serverKey: Uint8Array, purpose: keyof typeof PURPOSES): Uint8Array {
  return sodium.crypto_kdf_derive_from_key(KEY_BYTES, PURPOSES[purpose], 'triptych', serverKey);
}

/** The fingerprint that `openSealer` would give this key; stored with the data to notice a changed key. */
export async function keyFingerprint(serverKey: Uint8Array): Promise<string> {
  await sodium.ready;
  return sodium.to_hex(derive(serverKey, 'fingerprint').subarray(0, 8));
}

/**
 * Prepares a sealer for a server key.
 *
 * @param serverKey  32 bytes
 * @source libsodium crypto_aead_xchacha20poly1305_ietf, crypto_kdf
 */
export async function openSealer(serverKey: Uint8Array): Promise<Sealer> {
  await sodium.ready;
  if (serverKey.length !== KEY_BYTES)
    throw new SealingError(`A server key has ${KEY_BYTES} bytes, not ${serverKey.length}.`);
  const key = derive(serverKey, 'sealing');
  const fingerprint = await keyFingerprint(serverKey);
  const nonceBytes = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;

  return {
    keyFingerprint: fingerprint,
    seal(plaintext, context) {
      const nonce = sodium.randombytes_buf(nonceBytes);
      const box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        plaintext,
        context,
        null,
        nonce,
        key,
      );
      return `${VERSION}.${fingerprint}.${Buffer.concat([nonce, box]).toString('base64url')}`;
    },
    unseal(sealed, context) {
      const [version, sealedUnder, body, ...rest] = sealed.split('.');
      if (version !== VERSION || body === undefined || rest.length > 0)
        throw new SealingError('This is not a sealed text of a known version.');
      if (sealedUnder !== fingerprint) {
        throw new SealingError(
          `Sealed under the server key ${sealedUnder}, but this server has the key ${fingerprint}.`,
        );
      }
      const bytes = Buffer.from(body, 'base64url');
      try {
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
          null,
          bytes.subarray(nonceBytes),
          context,
          bytes.subarray(0, nonceBytes),
          key,
        );
      } catch {
        throw new SealingError('The sealed text was changed, or belongs somewhere else.');
      }
    },
    deriveKey: (purpose) => derive(serverKey, purpose),
  };
}
