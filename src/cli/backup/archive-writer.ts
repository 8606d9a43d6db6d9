// Writes the parts of a backup into a tar file that appears under its name only when it is complete.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';

import { BackupError } from './format.js';
import type { Part } from './format.js';

/** An archive being written. Disposing it before `finish` removes what was written. */
export interface ArchiveWriter extends AsyncDisposable {
  /** Every part written so far, in order. */
  readonly parts: readonly Part[];
  add(name: string, content: Buffer): Promise<void>;
  /** @throws {BackupError} if the stream does not hold exactly `bytes` bytes */
  addStream(name: string, bytes: number, content: Readable): Promise<void>;
  /** Makes the file durable and gives it its name. */
  finish(): Promise<void>;
}

async function addEntry(
  tar: Pack,
  name: string,
  bytes: number,
  content: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<Part> {
  const hash = createHash('sha256');
  const header = { name, size: bytes, mode: 0o600 };
  let onPacked: (error?: Error | null) => void = () => {};
  const packed = new Promise<void>((resolve, reject) => {
    onPacked = (error) => (error ? reject(error) : resolve());
  });
  packed.catch(() => {}); // told when it is awaited below
  const entry = tar.entry(header, onPacked);
  let written = 0;
  for await (const chunk of content) {
    written += chunk.length;
    if (written > bytes) break;
    hash.update(chunk);
    if (!entry.write(chunk)) await once(entry, 'drain');
  }
  if (written !== bytes) throw new BackupError(`${name} changed its size while it was being saved`);
  entry.end(null);
  await packed;
  return { name, bytes, sha256: hash.digest('hex') };
}

/**
 * Starts an archive at `file`, readable by this account alone.
 *
 * @throws {BackupError} if the file exists
 */
export async function openArchive(file: string): Promise<ArchiveWriter> {
  if (existsSync(file)) throw new BackupError(`${file} already exists.`);
  const draft = `${file}.partial`;
  const handle = await open(draft, 'w', 0o600);
  const tar = pack();
  const parts: Part[] = [];
  const done = pipeline(tar, handle.createWriteStream({ flush: true }));
  done.catch(() => {}); // told by whoever awaits it
  let isFinished = false;
  const add = async (
    name: string,
    bytes: number,
    content: AsyncIterable<Buffer> | Iterable<Buffer>,
  ): Promise<void> => {
    const part = addEntry(tar, name, bytes, content);
    // A full disk ends the pipeline, and the entry would wait for ever.
    parts.push(await Promise.race([part, done.then(() => part)]));
  };
  return {
    parts,
    add: (name, content) => add(name, content.length, [content]),
    addStream: (name, bytes, content) => add(name, bytes, content),
    async finish() {
      tar.finalize();
      await done;
      await rename(draft, file);
      isFinished = true;
    },
    async [Symbol.asyncDispose]() {
      if (isFinished) return;
      tar.destroy();
      await done.catch(() => {});
      await rm(draft, { force: true });
    },
  };
}
