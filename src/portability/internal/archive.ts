/**
 * A tar.gz on this machine's disk that grows entry by entry: nothing is held in memory but the chunk under way. What
 * has no size yet is first written to a file of its own, as the head of an entry names the size.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';

/** An archive being written; disposing it lets go of the file, finished or not. */
export interface Archive extends AsyncDisposable {
  /** Adds a file of a known size. */
  addStream(name: string, sizeBytes: number, content: AsyncIterable<Buffer>): Promise<void>;
  /** Adds a file whose size shows when all of it is there. */
  addText(name: string, content: AsyncIterable<string>): Promise<void>;
  /** Ends it; then the file is complete. */
  finish(): Promise<void>;
}

const READABLE_BY_ALL = 0o444;

/** Starts `archive.tar.gz` in a directory of the caller's. @param mtime time of every entry */
export function openArchive(directory: string, mtime: Date): Archive & { readonly file: string } {
  const file = path.join(directory, 'archive.tar.gz');
  const tar = pack();
  const done = pipeline(tar, createGzip(), createWriteStream(file));
  done.catch(() => {}); // told by whoever awaits it
  const addStream: Archive['addStream'] = async (name, size, content) => {
    try {
      await addEntry(tar, { name, size, mode: READABLE_BY_ALL, mtime }, content);
    } catch (error) {
      // A full disk is what the pipeline tells of; the entry only knows that it was cut off.
      if (tar.destroyed) await done;
      throw error;
    }
  };
  return {
    file,
    addStream,
    async addText(name, content) {
      const spool = path.join(directory, 'spool');
      await pipeline(Readable.from(content), createWriteStream(spool));
      await addStream(name, (await stat(spool)).size, createReadStream(spool));
      await rm(spool);
    },
    async finish() {
      tar.finalize();
      await done;
    },
    async [Symbol.asyncDispose]() {
      tar.destroy();
      await done.catch(() => {}); // told before, or it was given up
    },
  };
}

async function addEntry(
  tar: Pack,
  header: { name: string; size: number; mode: number; mtime: Date },
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const { promise: packed, resolve, reject } = Promise.withResolvers<void>();
  packed.catch(() => {}); // told when it is awaited below
  const entry = tar.entry(header, (error) => (error ? reject(error) : resolve()));
  for await (const chunk of content)
    if (!entry.write(chunk)) await Promise.race([once(entry, 'drain'), packed]);
  entry.end(null);
  await packed;
}
