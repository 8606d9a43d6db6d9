/**
 * Reads zip files by their central directory. What is encrypted, split or larger than 4 GiB is not read.
 *
 * @source PKWARE APPNOTE 6.3.10, §4.3
 */
import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { ArchiveRefused, type ArchiveEntry, type ArchiveLimits } from './archive-entry.js';

const inflate = promisify(inflateRaw);

const END = { signature: 0x06054b50, bytes: 22, longestComment: 0xffff };
const DIRECTORY = { signature: 0x02014b50, bytes: 46, mostBytes: 16 * 1024 * 1024 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const ENCRYPTED = 1;
const [STORED, DEFLATED] = [0, 8];
/** Stands where the number is in a Zip64 record. */
const ELSEWHERE = 0xffffffff;
const UNIX = 3;
const [TYPE_MASK, REGULAR, FOLDER] = [0xf000, 0x8000, 0x4000];

interface Listed {
  readonly name: string;
  readonly kind: ArchiveEntry['kind'];
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

/** The entries in the order of the central directory. */
export async function* readZip(path: string, limits: ArchiveLimits): AsyncGenerator<ArchiveEntry> {
  await using file = await open(path);
  let unpacked = 0;
  for (const listed of await readDirectory(file, limits)) {
    const { name, kind, bytes } = listed;
    const isRead = kind === 'file' && bytes <= limits.limitOf(name);
    unpacked += isRead ? bytes : 0;
    if (unpacked > limits.mostBytes) throw new ArchiveRefused('It is too large when unpacked.');
    yield { name, kind, bytes: isRead ? await readFile(file, listed) : null };
  }
}

async function readDirectory(file: FileHandle, { mostEntries }: ArchiveLimits): Promise<Listed[]> {
  const end = await findEnd(file);
  const [count, size, offset] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (count > mostEntries || size > DIRECTORY.mostBytes)
    throw new ArchiveRefused('It has too many files.');
  const directory = await readBytes(file, offset, size);
  const entries: Listed[] = [];
  for (let at = 0; entries.length < count;) {
    const record = directory.subarray(at);
    if (record.readUInt32LE(0) !== DIRECTORY.signature) throw new Error('no entry');
    const nameBytes = record.readUInt16LE(28);
    entries.push(readRecord(record, nameBytes));
    at += DIRECTORY.bytes + nameBytes + record.readUInt16LE(30) + record.readUInt16LE(32);
  }
  return entries;
}

/** The record that ends the file, before a comment. */
async function findEnd(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const length = Math.min(size, END.bytes + END.longestComment);
  const tail = await readBytes(file, size - length, length);
  for (let at = length - END.bytes; at >= 0; at--)
    if (tail.readUInt32LE(at) === END.signature) return tail.subarray(at, at + END.bytes);
  throw new Error('no end');
}

function readRecord(record: Buffer, nameBytes: number): Listed {
  const name = record.toString('utf8', DIRECTORY.bytes, DIRECTORY.bytes + nameBytes);
  const mode = record.readUInt8(5) === UNIX ? record.readUInt16LE(40) & TYPE_MASK : 0;
  return {
    name,
    kind: kindOf(name, mode),
    isEncrypted: (record.readUInt16LE(8) & ENCRYPTED) !== 0,
    method: record.readUInt16LE(10),
    crc: record.readUInt32LE(16),
    packedBytes: record.readUInt32LE(20),
    bytes: record.readUInt32LE(24),
    offset: record.readUInt32LE(42),
  };
}

/** `mode` 0 = the system that wrote it knows none. */
function kindOf(name: string, mode: number): Listed['kind'] {
  if (mode === FOLDER || name.endsWith('/')) return 'directory';
  return mode === 0 || mode === REGULAR ? 'file' : 'other';
}

async function readFile(file: FileHandle, listed: Listed): Promise<Buffer> {
  const { isEncrypted, method, packedBytes, bytes, offset, crc } = listed;
  if (isEncrypted) throw new ArchiveRefused('It is encrypted.');
  if ([packedBytes, offset].includes(ELSEWHERE)) throw new ArchiveRefused('It is too large.');
  if (method !== STORED && method !== DEFLATED)
    throw new ArchiveRefused('It is packed in a way that is not read here.');
  // Deflate makes nothing larger than by a few bytes for each block.
  if (packedBytes > bytes + 1024) throw new Error('more than there is');
  const local = await readBytes(file, offset, LOCAL.bytes);
  if (local.readUInt32LE(0) !== LOCAL.signature) throw new Error('no file');
  const start = offset + LOCAL.bytes + local.readUInt16LE(26) + local.readUInt16LE(28);
  const packed = await readBytes(file, start, packedBytes);
  const content =
    method === STORED ? packed : await inflate(packed, { maxOutputLength: Math.max(bytes, 1) });
  if (content.length !== bytes || crc32(content) !== crc) throw new Error('another content');
  return content;
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('cut off');
  return buffer;
}
