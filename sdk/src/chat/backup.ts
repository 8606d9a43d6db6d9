/** What a person gets back with their recovery key when all devices are gone. The server that keeps it cannot read it. */
import sodium from 'libsodium-wrappers';
import { concat, fromBase64, textOf, toBase64, utf8 } from '../crypto/bytes.js';
import type { StoredPerson } from './records.js';

const LABEL = utf8('triptych/backup/1');
const GROUP = 4;
/** Letters and digits that nobody mistakes for one another. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const KEY_BYTES = 32;
const CHECK_BYTES = 3;

/** What is kept. Groups are not: a device that comes back is let in anew, so no key is ever used twice. */
export interface BackupContents {
  readonly actorUri: string;
  readonly identitySeed: Uint8Array;
  readonly people: readonly StoredPerson[];
  /** What lies at the server as the history; null = only keys are kept. */
  readonly history: { readonly sha256: Uint8Array; readonly sizeBytes: number } | null;
}

/** A backup that this key does not open, or that was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** A fresh recovery key. */
export async function newRecoveryKey(): Promise<Uint8Array> {
  await sodium.ready;
  return sodium.randombytes_buf(KEY_BYTES);
}

/** The key as people write it down: groups of four, with a check at the end. */
export function printRecoveryKey(key: Uint8Array): string {
  const bytes = concat(key, sodium.crypto_generichash(16, key, null).subarray(0, CHECK_BYTES));
  let [text, bits, value] = ['', 0, 0];
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(value >> (bits - 5)) & 31];
    value &= 31;
  }
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g'))!.join('-');
}

/** The key that was written down. @throws {BackupError} when it was written down wrongly */
export async function readRecoveryKey(text: string): Promise<Uint8Array> {
  await sodium.ready;
  const letters = text.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const letter of letters.replaceAll(/[^0-9A-Z]/g, '')) {
    value = (value << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 255);
    value &= (1 << bits) - 1;
  }
  const key = Uint8Array.from(bytes.slice(0, KEY_BYTES));
  const check = sodium.crypto_generichash(16, key, null).subarray(0, CHECK_BYTES);
  const isRight =
    bytes.length === KEY_BYTES + CHECK_BYTES &&
    check.every((byte, at) => byte === bytes[KEY_BYTES + at]);
  if (!isRight) throw new BackupError('The recovery key is not right.');
  return key;
}

/** Seals what is to be kept, padded to whole KiB. */
export async function sealBackup(contents: BackupContents, key: Uint8Array): Promise<Uint8Array> {
  await sodium.ready;
  const text = JSON.stringify({
    actorUri: contents.actorUri,
    identitySeed: toBase64(contents.identitySeed),
    people: contents.people.map(sealable),
    history: contents.history && {
      sha256: toBase64(contents.history.sha256),
      sizeBytes: contents.history.sizeBytes,
    },
  });
  const padded = sodium.pad(utf8(text), 1024);
  const nonce = sodium.randombytes_buf(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const seal = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt;
  return concat(nonce, seal(padded, LABEL, null, nonce, key));
}

/** Opens what was kept. @throws {BackupError} */
export async function openBackup(sealed: Uint8Array, key: Uint8Array): Promise<BackupContents> {
  await sodium.ready;
  const length = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  try {
    const padded = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      sealed.subarray(length),
      LABEL,
      sealed.subarray(0, length),
      key,
    );
    const read = JSON.parse(textOf(sodium.unpad(padded, 1024))) as {
      actorUri: string;
      identitySeed: string;
      history?: { sha256: string; sizeBytes: number } | null;
      people: SealedPerson[];
    };
    return {
      actorUri: read.actorUri,
      identitySeed: fromBase64(read.identitySeed),
      people: read.people.map(unsealed),
      history: read.history
        ? { sha256: fromBase64(read.history.sha256), sizeBytes: read.history.sizeBytes }
        : null,
    };
  } catch (cause) {
    throw new BackupError('This key does not open the backup.', { cause });
  }
}

/** Somebody in JSON. */
interface SealedPerson extends Omit<StoredPerson, 'identityKey' | 'signatureKeys'> {
  readonly identityKey: string | null;
  readonly signatureKeys?: readonly string[];
}

const sealable = ({ identityKey, signatureKeys = [], ...person }: StoredPerson): SealedPerson => ({
  ...person,
  identityKey: identityKey && toBase64(identityKey),
  signatureKeys: signatureKeys.map(toBase64),
});

const unsealed = ({ identityKey, signatureKeys = [], ...person }: SealedPerson): StoredPerson => ({
  ...person,
  identityKey: identityKey === null ? null : fromBase64(identityKey),
  signatureKeys: signatureKeys.map(fromBase64),
});
