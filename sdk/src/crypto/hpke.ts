/** Hybrid public key encryption in base mode, with DHKEM(X25519, HKDF-SHA256) on libsodium. @source RFC 9180 */
import sodium from 'libsodium-wrappers';
import type { Aead } from './aead.js';
import { concat, EMPTY, uint16, utf8 } from './bytes.js';
import { HASH_BYTES, hkdfExpand, hkdfExtract } from './hkdf.js';

/** Keys of X25519, 32 bytes each. */
export interface HpkeKeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

const KEM_ID = 0x0020;
const KDF_ID = 0x0001;
const BASE_MODE = Uint8Array.of(0);
const KEM_SUITE = concat(utf8('KEM'), uint16(KEM_ID));
const VERSION = utf8('HPKE-v1');

interface Context {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly exporter: Uint8Array;
}

/** HPKE with one cipher. `libsodium-wrappers` has to be ready. */
export class Hpke {
  readonly #aead: Aead;
  readonly #suite: Uint8Array;

  constructor(aead: Aead) {
    this.#aead = aead;
    this.#suite = concat(utf8('HPKE'), uint16(KEM_ID), uint16(KDF_ID), uint16(aead.id));
  }

  /** @source RFC 9180 §7.1.3 */
  deriveKeyPair(material: Uint8Array): HpkeKeyPair {
    const secret = labeledExtract(KEM_SUITE, EMPTY, 'dkp_prk', material);
    return keyPairOf(labeledExpand(KEM_SUITE, secret, 'sk', EMPTY, 32));
  }

  /** A fresh key pair. */
  generateKeyPair(): HpkeKeyPair {
    return keyPairOf(sodium.randombytes_buf(sodium.crypto_scalarmult_SCALARBYTES));
  }

  /** Encrypts one text to a key. */
  async seal(
    publicKey: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    text: Uint8Array,
  ): Promise<{ readonly enc: Uint8Array; readonly ct: Uint8Array }> {
    const { enc, shared } = this.#encapsulate(publicKey);
    const { key, nonce } = this.#schedule(shared, info);
    return { enc, ct: await this.#aead.seal(key, nonce, aad, text) };
  }

  /** @throws when the text was not encrypted to this key, with this info and these bytes beside it */
  async open(
    privateKey: Uint8Array,
    enc: Uint8Array,
    info: Uint8Array,
    aad: Uint8Array,
    ct: Uint8Array,
  ): Promise<Uint8Array> {
    const { key, nonce } = this.#schedule(decapsulate(privateKey, enc), info);
    return this.#aead.open(key, nonce, aad, ct);
  }

  /** A secret that only the holder of the key learns as well. @source RFC 9180 §5.3 */
  exportTo(
    publicKey: Uint8Array,
    info: Uint8Array,
    purpose: Uint8Array,
    length: number,
  ): { readonly enc: Uint8Array; readonly secret: Uint8Array } {
    const { enc, shared } = this.#encapsulate(publicKey);
    return { enc, secret: this.#export(shared, info, purpose, length) };
  }

  /** The same secret, for the holder of the key. */
  exportFrom(
    privateKey: Uint8Array,
    enc: Uint8Array,
    info: Uint8Array,
    purpose: Uint8Array,
    length: number,
  ): Uint8Array {
    return this.#export(decapsulate(privateKey, enc), info, purpose, length);
  }

  #encapsulate(publicKey: Uint8Array): { enc: Uint8Array; shared: Uint8Array } {
    const ephemeral = this.generateKeyPair();
    const secret = sodium.crypto_scalarmult(ephemeral.privateKey, publicKey);
    const enc = ephemeral.publicKey;
    return { enc, shared: sharedSecret(secret, concat(enc, publicKey)) };
  }

  #export(shared: Uint8Array, info: Uint8Array, purpose: Uint8Array, length: number): Uint8Array {
    const { exporter } = this.#schedule(shared, info);
    return labeledExpand(this.#suite, exporter, 'sec', purpose, length);
  }

  /** @source RFC 9180 §5.1 */
  #schedule(shared: Uint8Array, info: Uint8Array): Context {
    const suite = this.#suite;
    const pskHash = labeledExtract(suite, EMPTY, 'psk_id_hash', EMPTY);
    const infoHash = labeledExtract(suite, EMPTY, 'info_hash', info);
    const context = concat(BASE_MODE, pskHash, infoHash);
    const secret = labeledExtract(suite, shared, 'secret', EMPTY);
    const derive = (label: string, length: number): Uint8Array =>
      labeledExpand(suite, secret, label, context, length);
    return {
      key: derive('key', this.#aead.keyBytes),
      nonce: derive('base_nonce', this.#aead.nonceBytes),
      exporter: derive('exp', HASH_BYTES),
    };
  }
}

/** libsodium refuses keys of small order, with which everybody would share the same secret. @throws for such a key */
function decapsulate(privateKey: Uint8Array, enc: Uint8Array): Uint8Array {
  const own = sodium.crypto_scalarmult_base(privateKey);
  return sharedSecret(sodium.crypto_scalarmult(privateKey, enc), concat(enc, own));
}

/** @source RFC 9180 §4.1 */
function sharedSecret(secret: Uint8Array, context: Uint8Array): Uint8Array {
  const key = labeledExtract(KEM_SUITE, EMPTY, 'eae_prk', secret);
  return labeledExpand(KEM_SUITE, key, 'shared_secret', context, HASH_BYTES);
}

function keyPairOf(privateKey: Uint8Array): HpkeKeyPair {
  return { privateKey, publicKey: sodium.crypto_scalarmult_base(privateKey) };
}

/** @source RFC 9180 §4 */
function labeledExtract(
  suite: Uint8Array,
  salt: Uint8Array,
  label: string,
  material: Uint8Array,
): Uint8Array {
  return hkdfExtract(salt, concat(VERSION, suite, utf8(label), material));
}

function labeledExpand(
  suite: Uint8Array,
  key: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return hkdfExpand(key, concat(uint16(length), VERSION, suite, utf8(label), info), length);
}
