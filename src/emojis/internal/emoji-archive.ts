/**
 * Archives of emoji: a tar file, gzipped or not, of pictures in one folder, with `meta.json` as Misskey writes it, or
 * without, when the names of the files are the shortcodes, as Mastodon writes it. Nothing is unpacked under its name.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { MAX_EMOJI_BYTES } from '../../media/create-upload.js';
import { Invalid } from '../../platform/errors.js';
import { MAX_EMOJIS } from './stored-emoji.js';

/** Name of the file that describes the pictures. */
export const META_NAME = 'meta.json';

const MAX_META_BYTES = 8 * 1024 * 1024;
/** Everything unpacked. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_ENTRIES = MAX_EMOJIS * 2;
const GZIP = Buffer.from([0x1f, 0x8b]);
const KINDS = new Set(['file', 'directory']);

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
  const archive = extract();
  const source = await openSource(path, (error) => archive.destroy(error));
  source.pipe(archive);
  let count = 0;
  try {
    for await (const entry of archive) {
      const { name, type, size } = entry.header;
      count += 1;
      if (count > MAX_ENTRIES) throw refusal('It has too many files.');
      if (!KINDS.has(type)) throw refusal('It has something else than files.');
      if (!isInside(name)) throw refusal('It has a file that points out of it.');
      const bytes = await readEntry(entry, size, name);
      if (type !== 'directory') yield { name: name.split('/').at(-1)!, bytes };
    }
  } catch (error) {
    if (error instanceof Invalid) throw error;
    throw refusal('It is damaged, or no tar file.');
  } finally {
    source.destroy();
  }
}

async function openSource(path: string, onError: (error: Error) => void): Promise<Readable> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  const bytes = createReadStream(path).on('error', onError);
  const plain = buffer.equals(GZIP) ? bytes.pipe(createGunzip()).on('error', onError) : bytes;
  return plain.pipe(atMost(MAX_BYTES)).on('error', onError);
}

/** Ends with a refusal where a small file would become a flood. */
function atMost(limit: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(refusal('It is too large when unpacked.'));
      else done(null, chunk);
    },
  });
}

async function readEntry(
  entry: AsyncIterable<unknown>,
  size: number,
  name: string,
): Promise<Buffer | null> {
  const limit = name.endsWith(META_NAME) ? MAX_META_BYTES : Number(MAX_EMOJI_BYTES);
  const chunks: Buffer[] = [];
  for await (const chunk of entry) if (size <= limit && Buffer.isBuffer(chunk)) chunks.push(chunk);
  return size <= limit ? Buffer.concat(chunks) : null;
}

function isInside(name: string): boolean {
  return !name.startsWith('/') && !name.includes('\\') && !name.split('/').includes('..');
}

function refusal(why: string): Invalid {
  return new Invalid(`This archive is not taken in. ${why}`, [], 'FORMAT');
}
