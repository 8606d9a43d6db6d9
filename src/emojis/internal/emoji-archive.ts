/**
 * Archives of emoji: a tar file, gzipped or not, or a zip file, of pictures in one folder, with `meta.json` as Misskey
 * writes it, or without, when the names of the files are the shortcodes, as Mastodon writes it. Nothing is unpacked under
 * its name.
 */
import { open } from 'node:fs/promises';
import { MAX_EMOJI_BYTES } from '../../media/create-upload.js';
import { Invalid } from '../../platform/errors.js';
import { ArchiveRefused, type ArchiveEntry } from './archive-entry.js';
import { MAX_EMOJIS } from './stored-emoji.js';
import { readTar } from './tar-archive.js';
import { readZip } from './zip-archive.js';

/** Name of the file that describes the pictures. */
export const META_NAME = 'meta.json';

const MAX_META_BYTES = 8 * 1024 * 1024;
/** Everything unpacked. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = MAX_EMOJIS * 2;
/** Longer names are cut: they are shown, and name no file. */
const NAME_LENGTH = 255;
const ZIP = Buffer.from('PK');

/** A file of an archive. */
export interface ArchivedFile {
  /** Without folders. */
  readonly name: string;
  /** Null when it is larger than anything of use here. */
  readonly bytes: Buffer | null;
}

/**
 * The files of an archive in their order.
 *
 * @throws {Invalid} INVALID_INPUT for what is no such archive, or means harm
 */
export async function* readArchive(path: string): AsyncGenerator<ArchivedFile> {
  let count = 0;
  try {
    const limits = { limitOf, mostBytes: MAX_BYTES, mostEntries: MAX_ENTRIES };
    const entries = (await isZip(path)) ? readZip(path, limits) : readTar(path, limits);
    for await (const entry of entries) {
      count += 1;
      if (count > MAX_ENTRIES) throw new ArchiveRefused('It has too many files.');
      requireHarmless(entry);
      const name = entry.name
        .split('/')
        .at(-1)!
        .replaceAll('\0', '')
        .slice(0, NAME_LENGTH)
        .toWellFormed();
      if (entry.kind === 'file') yield { name, bytes: entry.bytes };
    }
  } catch (error) {
    if (error instanceof Invalid) throw error;
    const why = error instanceof ArchiveRefused ? error.message : 'It is damaged, or no archive.';
    throw new Invalid(`This archive is not taken in. ${why}`, [], 'FORMAT');
  }
}

async function isZip(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return buffer.equals(ZIP);
}

function limitOf(name: string): number {
  return name.endsWith(META_NAME) ? MAX_META_BYTES : Number(MAX_EMOJI_BYTES);
}

function requireHarmless({ name, kind }: ArchiveEntry): void {
  if (kind === 'other') throw new ArchiveRefused('It has something else than files.');
  const isInside = !name.startsWith('/') && !name.includes('\\') && !name.split('/').includes('..');
  if (!isInside) throw new ArchiveRefused('It has a file that points out of it.');
}
