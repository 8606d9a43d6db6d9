/**
 * Keeps everything in one file of Node. Each transaction is one record at its end, with a checksum, so that one that was
 * cut off by a crash is seen and left out. The file is written anew when most of it is out of date.
 */
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { blake2b } from '@noble/hashes/blake2.js';
import { concat, isSame, pack, textOf, unpack, utf8 } from '../crypto/bytes.js';
import { lockFile, type Release } from './file-lock.js';
import { StoreDamagedError, type Changes, type Storage } from './storage.js';

const CHECKSUM_BYTES = 16;
const LENGTH_BYTES = 4;
/** Bytes of the longest name of a value. */
const LONGEST_NAME = 100;
/** Bytes below which the file is not written anew. */
const SMALL = 1 << 20;

/**
 * @param file it is made when it is not there
 * @throws {StoreInUseError} when it is open already
 * @throws {StoreDamagedError} when something before its end is broken
 */
export async function openFileStorage(file: string): Promise<Storage> {
  const release = await lockFile(file);
  try {
    return await opened(file, release);
  } catch (fault) {
    await release();
    throw fault;
  }
}

async function opened(file: string, release: Release): Promise<Storage> {
  const values = new Map<string, Uint8Array>();
  const written = await readFile(file).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return new Uint8Array();
    throw fault;
  });
  const end = replay(written, values);
  const handle = await open(file, 'a', 0o600);
  await handle.truncate(end);
  await syncDirectory(file);
  return new FileStorage(file, handle, values, end, release);
}

class FileStorage implements Storage {
  readonly #file: string;
  #handle: FileHandle;
  readonly #values: Map<string, Uint8Array>;
  #size: number;
  /** Bytes of what counts. */
  #live: number;
  #hasRemains = true;
  /** Why nothing can be written any more. */
  #fault: Error | null = null;
  readonly #release: Release;

  constructor(
    file: string,
    handle: FileHandle,
    values: Map<string, Uint8Array>,
    size: number,
    release: Release,
  ) {
    this.#release = release;
    this.#file = file;
    this.#handle = handle;
    this.#values = values;
    this.#size = size;
    this.#live = [...values.values()].reduce((sum, value) => sum + value.length, 0);
  }

  async read(prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map([...this.#values].filter(([name]) => name.startsWith(prefix)));
  }

  async write(changes: Changes): Promise<void> {
    if (this.#fault) throw this.#fault;
    const record = recordOf(changes);
    await this.#append(record);
    this.#size += record.length;
    for (const [name, value] of changes)
      this.#live += (value?.length ?? 0) - (this.#values.get(name)?.length ?? 0);
    apply(changes, this.#values);
    this.#hasRemains = true;
    if (this.#size > SMALL && this.#size > 4 * this.#live) await this.#writeAnew();
  }

  /** What was written in part is taken back: whatever came behind it would not be found again. */
  async #append(record: Uint8Array): Promise<void> {
    try {
      await this.#handle.appendFile(record);
      await this.#handle.sync();
    } catch (fault) {
      await this.#handle.truncate(this.#size).catch(() => {
        this.#fault = fault as Error;
      });
      throw fault;
    }
  }

  /** The file holds what every record was before; written anew it holds what they are. */
  async purge(): Promise<void> {
    if (this.#hasRemains) await this.#writeAnew();
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#release();
  }

  async #writeAnew(): Promise<void> {
    const fresh = `${this.#file}.new`;
    const record = recordOf(this.#values);
    const handle = await open(fresh, 'w', 0o600);
    await handle.writeFile(record);
    await handle.sync();
    await handle.close();
    await rename(fresh, this.#file);
    await syncDirectory(this.#file);
    await this.#handle.close();
    this.#handle = await open(this.#file, 'a', 0o600);
    this.#size = record.length;
    this.#hasRemains = false;
  }
}

/** Length, checksum, then names and values in turn; a value that goes has no bytes, and no other has none. */
function recordOf(changes: Changes): Uint8Array {
  const parts = [...changes].flatMap(([name, value]) => [utf8(name), value ?? new Uint8Array()]);
  const body = pack(...parts);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, body.length);
  return concat(length, blake2b(body, { dkLen: CHECKSUM_BYTES }), body);
}

/**
 * Applies whole records. A crash cuts off the last one at most, as each is written for good before the next.
 * @returns where the last whole one ends @throws {StoreDamagedError} when there are others behind a broken one
 */
function replay(bytes: Uint8Array, values: Map<string, Uint8Array>): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + LENGTH_BYTES + CHECKSUM_BYTES <= bytes.length) {
    const body = bodyAt(view, at);
    if (!body) {
      if (hasRecordBehind(view, at)) throw new StoreDamagedError();
      break;
    }
    const parts = unpack(body);
    const changes = new Map<string, Uint8Array | null>();
    for (let index = 0; index + 1 < parts.length; index += 2)
      changes.set(textOf(parts[index]!), parts[index + 1]!.length > 0 ? parts[index + 1]! : null);
    apply(changes, values);
    at += LENGTH_BYTES + CHECKSUM_BYTES + body.length;
  }
  return at;
}

/** What a whole record at this place holds; null = there is none. */
function bodyAt(view: DataView, at: number): Uint8Array | null {
  const start = at + LENGTH_BYTES + CHECKSUM_BYTES;
  if (start > view.byteLength) return null;
  const length = view.getUint32(at);
  if (length === 0 || start + length > view.byteLength) return null;
  const body = new Uint8Array(view.buffer, view.byteOffset + start, length);
  const checksum = new Uint8Array(view.buffer, view.byteOffset + at + LENGTH_BYTES, CHECKSUM_BYTES);
  return isSame(checksum, blake2b(body, { dkLen: CHECKSUM_BYTES })) ? body : null;
}

/** Whether a whole record begins anywhere behind this place; only what begins with a name is looked at closely. */
function hasRecordBehind(view: DataView, at: number): boolean {
  const nameAt = LENGTH_BYTES + CHECKSUM_BYTES;
  for (let place = at + 1; place + nameAt + LENGTH_BYTES < view.byteLength; place += 1) {
    const length = view.getUint32(place + nameAt);
    if (length > 0 && length <= LONGEST_NAME && bodyAt(view, place)) return true;
  }
  return false;
}

function apply(changes: Changes, values: Map<string, Uint8Array>): void {
  for (const [name, value] of changes)
    if (value) values.set(name, value.slice());
    else values.delete(name);
}

/** A file that was made or renamed is there for good once its directory is written. */
async function syncDirectory(file: string): Promise<void> {
  const directory = await open(path.dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
