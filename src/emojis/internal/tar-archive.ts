/** Reads tar files, gzipped or not. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { ArchiveRefused, type ArchiveEntry, type ArchiveLimits } from './archive-entry.js';

const GZIP = Buffer.from([0x1f, 0x8b]);

/** The entries in their order. */
export async function* readTar(
  path: string,
  { limitOf, mostBytes }: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const archive = extract();
  const source = await openSource(path, mostBytes, (error) => archive.destroy(error));
  source.pipe(archive);
  try {
    for await (const entry of archive) {
      const { name, type, size } = entry.header;
      const isKnown = type === 'file' || type === 'directory';
      const bytes = await readEntry(entry, size, limitOf(name));
      yield { name, kind: isKnown ? type : 'other', bytes };
    }
  } finally {
    source.destroy();
  }
}

async function openSource(
  path: string,
  mostBytes: number,
  onError: (error: Error) => void,
): Promise<Readable> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  const bytes = createReadStream(path).on('error', onError);
  const plain = buffer.equals(GZIP) ? bytes.pipe(createGunzip()).on('error', onError) : bytes;
  return plain.pipe(atMost(mostBytes)).on('error', onError);
}

/** Ends with a refusal where a small file would become a flood. */
function atMost(limit: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(new ArchiveRefused('It is too large when unpacked.'));
      else done(null, chunk);
    },
  });
}

async function readEntry(
  entry: AsyncIterable<unknown>,
  size: number,
  limit: number,
): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) if (size <= limit && Buffer.isBuffer(chunk)) chunks.push(chunk);
  return size <= limit ? Buffer.concat(chunks) : null;
}
