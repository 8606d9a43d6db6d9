/** Writing all custom emoji into one file that other servers read. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { readRendition } from '../media/read-rendition.js';
import type { Services } from '../platform/context.js';
import { MAX_PAGE_SIZE } from '../platform/db/page.js';
import { listEmojis, type DrawnEmoji } from './emojis.queries.js';
import { META_NAME } from './internal/emoji-archive.js';
import { writeMeta } from './internal/emoji-meta.js';

/**
 * Writes a gzipped tar file with `meta.json` and a picture of each emoji; one whose picture is not in the storage is
 * left out. The file must not be there.
 *
 * @returns how many emoji are in it
 */
export async function exportEmojis(services: Services, path: string): Promise<number> {
  const archive = pack();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const written = pipeline(archive, createGzip(), file);
  const [count] = await Promise.all([writeEntries(services, archive), written]);
  return count;
}

async function writeEntries(services: Services, archive: Pack): Promise<number> {
  const described = [];
  for await (const emoji of everyEmoji(services)) {
    const bytes = await readRendition(services, emoji.mediaId, 'full');
    if (!bytes) continue;
    const type = emoji.picture.renditions.find(({ name }) => name === 'full')!.mimeType;
    const fileName = `${emoji.shortcode}.${type === 'image/webp' ? 'webp' : 'jpg'}`;
    await addFile(archive, fileName, bytes);
    described.push({ ...emoji, fileName });
  }
  const meta = writeMeta(services.config.publicUrl.host, services.clock.now(), described);
  await addFile(archive, META_NAME, Buffer.from(meta));
  archive.finalize();
  return described.length;
}

async function* everyEmoji({ database }: Services): AsyncGenerator<DrawnEmoji> {
  let from: readonly string[] | null = null;
  for (;;) {
    const request = { size: MAX_PAGE_SIZE, isBackward: false, from };
    const found: DrawnEmoji[] = (await listEmojis(database, request)).slice(0, MAX_PAGE_SIZE);
    yield* found;
    if (found.length < MAX_PAGE_SIZE) return;
    from = [found.at(-1)!.shortcode];
  }
}

function addFile(archive: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ name, size: bytes.length, mode: 0o644 }, bytes, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
