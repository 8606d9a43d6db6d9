// What somebody could try who has everything that a server has: each key, as each secret that would open something.
import { readFile } from 'node:fs/promises';
import sodium from 'libsodium-wrappers';
import { decodeMlsMessage } from 'ts-mls';
import { deriveSecret } from 'ts-mls/crypto/kdf.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { decryptGroupSecrets } from 'ts-mls/welcome.js';
import { openBackup } from '../../sdk/src/chat/backup.js';
import { openPieces } from '../../sdk/src/chat/attachments.js';
import { toHex } from '../../sdk/src/crypto/bytes.js';
import { loadSuite } from '../../sdk/src/mls/ts-mls-config.js';

const KEY_BYTES = 32;
/** Values longer than this are what is to be opened, and no keys. */
const LONGEST = 160;
const LONGEST_TEXT = 4096;

/** More than there are uses of the server's key, each of which has a number. */
const NUMBERS = 256;

/**
 * Everything of the length of a key: the server's own key, all that follow from it, and each part of each short value, and of
 * what stands in a value as digits.
 */
export async function keysOfServer(
  keyFile: string,
  values: readonly Buffer[],
): Promise<Uint8Array[]> {
  await sodium.ready;
  const own = decodedOf(await readFile(keyFile)).filter(({ length }) => length === KEY_BYTES);
  const derived = own.flatMap((key) =>
    Array.from({ length: NUMBERS }, (_, number) =>
      sodium.crypto_kdf_derive_from_key(KEY_BYTES, number, 'triptych', key),
    ),
  );
  const all = [...own, ...derived, ...partsOf(values), ...partsOf(values.flatMap(decodedOf))];
  return [...new Map(all.map((key) => [toHex(key), new Uint8Array(key)])).values()];
}

/** Every part of the values that could be a key. */
const partsOf = (values: readonly Uint8Array[]): Uint8Array[] =>
  values
    .filter(({ length }) => length >= KEY_BYTES && length <= LONGEST)
    .flatMap((value) =>
      Array.from({ length: value.length - KEY_BYTES + 1 }, (_, at) =>
        value.subarray(at, at + KEY_BYTES),
      ),
    );

/** What stands in a text as digits. */
function decodedOf(value: Buffer): Buffer[] {
  if (value.length > LONGEST_TEXT) return [];
  const runs = value.toString('latin1').match(/[\w+/-]{43,}/g) ?? [];
  return runs.flatMap((run) =>
    /^(?:[0-9a-f]{2})+$/i.test(run)
      ? [Buffer.from(run, 'hex'), Buffer.from(run, 'base64')]
      : [Buffer.from(run, 'base64')],
  );
}

/** Which of the keys open a message: as the secret of its sender data, or as one from which that follows. */
export async function openMessage(
  message: Uint8Array,
  keys: readonly Uint8Array[],
): Promise<number> {
  const suite = await loadSuite();
  const [read] = decodeMlsMessage(message, 0) ?? [];
  if (read?.wireformat !== 'mls_private_message') throw new TypeError('No private message');
  return count(keys, async (key) => {
    const asEpoch = await deriveSecret(key, 'sender data', suite.kdf);
    for (const secret of [key, asEpoch])
      if (await succeeds(() => decryptSenderData(read.privateMessage, secret, suite))) return true;
    return false;
  });
}

/** Which of the keys let in to a group. */
export async function openWelcome(
  message: Uint8Array,
  keys: readonly Uint8Array[],
): Promise<number> {
  const suite = await loadSuite();
  const [read] = decodeMlsMessage(message, 0) ?? [];
  if (read?.wireformat !== 'mls_welcome') throw new TypeError('No Welcome');
  const { welcome } = read;
  return count(keys, async (key) => {
    const initKey = await suite.hpke.importPrivateKey(key).catch(() => null);
    if (!initKey) return false;
    for (const { newMember } of welcome.secrets)
      if (await succeeds(() => decryptGroupSecrets(initKey, newMember, welcome, suite.hpke)))
        return true;
    return false;
  });
}

/** Which of the keys open a file. */
export function openAttachment(
  ciphertext: Uint8Array,
  keys: readonly Uint8Array[],
): Promise<number> {
  return count(keys, (key) =>
    succeeds(async () => {
      for await (const piece of openPieces([ciphertext], key)) return piece;
      return null;
    }),
  );
}

/** Which of the keys open a backup. */
export function openKeptBackup(sealed: Uint8Array, keys: readonly Uint8Array[]): Promise<number> {
  return count(keys, (key) => succeeds(() => openBackup(sealed, key)));
}

async function count(
  keys: readonly Uint8Array[],
  opens: (key: Uint8Array) => Promise<boolean>,
): Promise<number> {
  let opened = 0;
  for (const key of keys) if (await opens(key)) opened += 1;
  return opened;
}

async function succeeds(open: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await open()) != null;
  } catch {
    return false;
  }
}
