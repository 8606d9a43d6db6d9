// The server key: 32 random bytes from the environment or from a file that only this account may read.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, unlink } from 'node:fs/promises';
import path from 'node:path';

import { keyFingerprint } from './sealing.js';
import { hasCode } from './system-error.js';

/** The server key is unusable or is not the one that the data were sealed under; the message says what to do. */
export class ServerKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ServerKeyError';
  }
}

/** Path of the key file. */
export function serverKeyPath(dataDirectory: string): string {
  return path.join(dataDirectory, 'server.key');
}

function decode(text: string, origin: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) || key.length !== 32) {
    throw new ServerKeyError(
      `${origin} does not hold a server key (32 bytes in base64). Put the right one back from a backup.`,
    );
  }
  return key;
}

/**
 * Reads the key file.
 *
 * @returns 32 bytes, or null if there is no file
 * @throws {ServerKeyError} if others may read it or if it does not hold a key
 */
export async function readServerKeyFile(dataDirectory: string): Promise<Buffer | null> {
  const file = serverKeyPath(dataDirectory);
  try {
    await using handle = await open(file, 'r');
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0');
      throw new ServerKeyError(
        `${file} has the permissions ${shown}, so that others may read it. Run: chmod 600 ${file}`,
      );
    }
    return decode(await handle.readFile('utf8'), file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (hasCode(error, 'EISDIR')) throw new ServerKeyError(`${file} is a directory, not a key.`);
    throw error;
  }
}

/**
 * Writes a key file that did not exist. It appears whole or not at all; if another process was first, its key stays.
 *
 * @param key  32 bytes
 */
export async function writeServerKeyFile(dataDirectory: string, key: Uint8Array): Promise<void> {
  await mkdir(dataDirectory, { recursive: true });
  const file = serverKeyPath(dataDirectory);
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  {
    await using handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(`${Buffer.from(key).toString('base64')}\n`);
    await handle.sync();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
}

/** Where to look for the key and which key the data need. */
export interface ServerKeySource {
  /** Absolute. */
  dataDirectory: string;
  /** TRIPTYCH_SERVER_KEY, or null. */
  serverKey: string | null;
  /** Fingerprint stored with existing data; null or left out: there are no data yet, so a new key may be made. */
  expectedFingerprint?: string | null;
}

/**
 * The key from the environment or from its file, without making one.
 *
 * @returns 32 bytes, or null if there is none
 * @throws {ServerKeyError} if it is malformed, readable by others, or two different ones are there
 */
export async function findServerKey(
  source: Pick<ServerKeySource, 'dataDirectory' | 'serverKey'>,
): Promise<Buffer | null> {
  const { dataDirectory, serverKey: configured } = source;
  const stored = await readServerKeyFile(dataDirectory);
  if (configured === null) return stored;
  const key = decode(configured, 'TRIPTYCH_SERVER_KEY');
  if (stored !== null && !stored.equals(key)) {
    throw new ServerKeyError(
      `TRIPTYCH_SERVER_KEY differs from the key in ${serverKeyPath(dataDirectory)}. Keep the one that the data were sealed under and remove the other.`,
    );
  }
  return key;
}

/**
 * Finds the server key, or makes one at the first start.
 *
 * @returns 32 bytes
 * @throws {ServerKeyError} if the key is malformed, readable by others, ambiguous, missing although data exist, or
 *   not the one that the data were sealed under
 */
export async function loadServerKey(source: ServerKeySource): Promise<Buffer> {
  const { dataDirectory, expectedFingerprint = null } = source;
  const found = await findServerKey(source);
  if (found !== null) {
    await assertExpectedKey(found, expectedFingerprint);
    return found;
  }
  if (expectedFingerprint !== null) {
    throw new ServerKeyError(
      `The data were sealed under the server key ${expectedFingerprint}, and there is no key in TRIPTYCH_SERVER_KEY or ${serverKeyPath(dataDirectory)}. Put it back from a backup.`,
    );
  }
  await writeServerKeyFile(dataDirectory, randomBytes(32));
  const written = await readServerKeyFile(dataDirectory);
  if (written === null)
    throw new ServerKeyError(`${serverKeyPath(dataDirectory)} vanished while it was being made.`);
  return written;
}

/**
 * Compares a key with the fingerprint stored with the data; null matches every key.
 *
 * @throws {ServerKeyError} if they differ
 */
export async function assertExpectedKey(
  key: Uint8Array,
  expectedFingerprint: string | null,
): Promise<void> {
  const fingerprint = await keyFingerprint(key);
  if (expectedFingerprint === null || fingerprint === expectedFingerprint) return;
  throw new ServerKeyError(
    `The data were sealed under the server key ${expectedFingerprint}, but this server has the key ${fingerprint}. Put the right key back from a backup.`,
  );
}
