// The server key inside a backup: plain, or sealed under a passphrase.
import { randomBytes, scrypt } from 'node:crypto';

import { z } from 'zod';

import { SealingError, openSealer } from '../../platform/sealing.js';
import { BackupError } from './format.js';

const CONTEXT = 'backup.server-key';

/** About 128 MiB and half a second for every guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;

const keyPart = z.union([
  z.object({ sealed: z.literal(false), key: z.base64() }),
  z.object({ sealed: z.literal(true), salt: z.base64(), text: z.string() }),
]);

function stretch(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer): void => (error ? reject(error) : resolve(key));
    scrypt(
      passphrase.normalize('NFKC'),
      salt,
      32,
      { ...SCRYPT, maxmem: 256 * SCRYPT.N * SCRYPT.r },
      done,
    );
  });
}

/** The part to store; `passphrase` null leaves the key readable to whoever has the backup. */
export async function sealKeyPart(key: Uint8Array, passphrase: string | null): Promise<Buffer> {
  if (passphrase === null)
    return Buffer.from(JSON.stringify({ sealed: false, key: Buffer.from(key).toString('base64') }));
  const salt = randomBytes(16);
  const sealer = await openSealer(await stretch(passphrase, salt));
  return Buffer.from(
    JSON.stringify({
      sealed: true,
      salt: salt.toString('base64'),
      text: sealer.seal(key, CONTEXT),
    }),
  );
}

/** The key of a stored part. @throws {BackupError} if it needs a passphrase and this is not the one */
export async function openKeyPart(content: Buffer, passphrase: string | null): Promise<Buffer> {
  const part = keyPart.parse(JSON.parse(content.toString()));
  if (!part.sealed) return Buffer.from(part.key, 'base64');
  if (passphrase === null)
    throw new BackupError(
      'The server key in the backup is sealed: give the passphrase with --passphrase-file.',
    );
  const sealer = await openSealer(await stretch(passphrase, Buffer.from(part.salt, 'base64')));
  try {
    return Buffer.from(sealer.unseal(part.text, CONTEXT));
  } catch (cause) {
    if (cause instanceof SealingError)
      throw new BackupError('The passphrase does not open the server key in the backup.', {
        cause,
      });
    throw cause;
  }
}
