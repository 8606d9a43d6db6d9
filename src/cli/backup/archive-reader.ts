// Reads a backup: first whether it is complete and undamaged, then part by part.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

import { extract } from 'tar-stream';

import { isStorageKey } from '../../platform/storage/storage-key.js';
import {
  BackupError,
  FORMAT_VERSION,
  HEADER_NAME,
  MANIFEST_NAME,
  MEDIA_PREFIX,
  SERVER_KEY_NAME,
  countRows,
  headerSchema,
  manifestSchema,
  tableName,
  tableOfPart,
} from './format.js';
import type { Header, Manifest, Part } from './format.js';

/** One part while the archive is being read; its content must be consumed before the next is asked for. */
export interface OpenPart {
  readonly name: string;
  readonly bytes: number;
  readonly content: AsyncIterable<Buffer>;
}

/** The whole content of a part that is known to be small. */
export async function gather(part: OpenPart): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of part.content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* buffersOf(entry: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of entry) if (Buffer.isBuffer(chunk)) yield chunk;
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return null;
  }
}

/** The parts of an archive in their order. @throws if the file is not a tar archive or ends early */
export async function* readParts(file: string): AsyncGenerator<OpenPart> {
  const archive = extract();
  const source = createReadStream(file);
  source.on('error', (error) => archive.destroy(error));
  source.pipe(archive);
  try {
    for await (const entry of archive) {
      yield { name: entry.header.name, bytes: entry.header.size, content: buffersOf(entry) };
      entry.resume();
    }
  } finally {
    source.destroy();
  }
}

/** An archive whose every byte was checked. */
export interface CheckedArchive {
  readonly header: Header;
  readonly manifest: Manifest;
}

async function measure(part: OpenPart): Promise<{ part: Part; rows: number }> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const chunk of part.content) {
    hash.update(chunk);
    rows += countRows(chunk);
  }
  return { part: { name: part.name, bytes: part.bytes, sha256: hash.digest('hex') }, rows };
}

function compare(found: readonly Part[], listed: readonly Part[]): void {
  for (const [index, part] of listed.entries()) {
    const actual = found[index];
    if (actual?.name !== part.name)
      throw new BackupError(`The part ${part.name} is missing from the backup.`);
    if (actual.bytes !== part.bytes || actual.sha256 !== part.sha256)
      throw new BackupError(
        `The part ${part.name} is damaged: its digest is not the one of the manifest.`,
      );
  }
  if (found.length !== listed.length)
    throw new BackupError(
      `The backup holds ${found.length - listed.length} parts that its manifest does not list.`,
    );
}

/** Reads what a backup is about, and nothing else. @throws {BackupError} if it is not a backup, or of a later format */
async function readHeader(part: OpenPart): Promise<Header> {
  const parsed = headerSchema.safeParse(
    part.name === HEADER_NAME ? parseJson(await gather(part)) : null,
  );
  if (!parsed.success)
    throw new BackupError('This is not a backup made by `triptych backup create`.');
  if (parsed.data.formatVersion > FORMAT_VERSION)
    throw new BackupError(
      `The backup has the format ${parsed.data.formatVersion}; this version reads up to ${FORMAT_VERSION}.`,
    );
  return parsed.data;
}

/** @throws {BackupError} for a part that no backup has, such as one that would lie outside of the media */
function requireKnownPart(name: string, { tables }: Header): void {
  const table = tableOfPart(name);
  const isKnown = name.startsWith(MEDIA_PREFIX)
    ? isStorageKey(name.slice(MEDIA_PREFIX.length))
    : name === SERVER_KEY_NAME || tables.some((known) => tableName(known) === table);
  if (!isKnown) throw new BackupError(`The part ${name} does not belong into a backup.`);
}

/**
 * Reads a whole backup and compares every part with the manifest, and the rows of every table with their number.
 *
 * @throws {BackupError} naming the first thing that is wrong
 */
export async function checkArchive(file: string): Promise<CheckedArchive> {
  let header: Header | null = null;
  let manifest: Manifest | null = null;
  const found: Part[] = [];
  const rows: Record<string, number> = {};
  try {
    for await (const part of readParts(file)) {
      if (manifest !== null)
        throw new BackupError('Something stands behind the manifest of the backup.');
      if (part.name === MANIFEST_NAME)
        manifest = manifestSchema.parse(parseJson(await gather(part)));
      else if (header === null) header = await readHeader(part);
      else {
        requireKnownPart(part.name, header);
        const measured = await measure(part);
        found.push(measured.part);
        const table = tableOfPart(part.name);
        if (table !== null) rows[table] = (rows[table] ?? 0) + measured.rows;
      }
    }
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw new BackupError(
      `${file} cannot be read as a backup: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  if (header === null || manifest === null)
    throw new BackupError('The backup is incomplete: it ends before its manifest.');
  compare(
    found,
    manifest.parts.filter(({ name }) => name !== HEADER_NAME),
  );
  for (const [table, count] of Object.entries(manifest.rowCounts)) {
    if ((rows[table] ?? 0) !== count)
      throw new BackupError(
        `The table ${table} has ${rows[table] ?? 0} rows in the backup, but should have ${count}.`,
      );
  }
  return { header, manifest };
}
