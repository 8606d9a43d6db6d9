/** Zip files as they should be, and as they should not. */
import { crc32, deflateRawSync } from 'node:zlib';

/** A file in one; what is not given is as the content has it. */
export interface ZipFile {
  readonly name: string;
  readonly content?: Buffer | string;
  /** Of Unix. */
  readonly mode?: number;
  readonly isStored?: boolean;
  /** Sizes and checksum follow the content, as those who stream have it. */
  readonly isStreamed?: boolean;
  readonly flags?: number;
  readonly method?: number;
  readonly crc?: number;
  readonly bytes?: number;
  readonly packedBytes?: number;
  readonly offset?: number;
}

const STREAMED = 8;
const [STORED, DEFLATED] = [0, 8];

/** The archive. @param count how many files it says it has @param comment what follows its end */
export function zipOf(files: readonly ZipFile[], count = files.length, comment = ''): Buffer {
  const parts: Buffer[] = [];
  const listed: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const { local, central } = entryOf(file, offset);
    parts.push(local);
    listed.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(listed);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, directory, end, Buffer.from(comment)]);
}

function entryOf(file: ZipFile, offset: number): { local: Buffer; central: Buffer } {
  const content = Buffer.from(file.content ?? '');
  const packed = file.isStored ? content : deflateRawSync(content);
  const flags = file.flags ?? (file.isStreamed ? STREAMED : 0);
  const method = file.method ?? (file.isStored ? STORED : DEFLATED);
  const name = Buffer.from(file.name);
  const sums = [
    file.crc ?? crc32(content),
    file.packedBytes ?? packed.length,
    file.bytes ?? content.length,
  ];
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20);
  common.writeUInt16LE(flags, 2);
  common.writeUInt16LE(method, 4);
  const before = Buffer.from(common);
  writeSums(common, 10, sums);
  if (!file.isStreamed) writeSums(before, 10, sums);
  for (const header of [common, before]) header.writeUInt16LE(name.length, 22);
  const after = Buffer.alloc(file.isStreamed ? 16 : 0);
  if (file.isStreamed) {
    after.writeUInt32LE(0x08074b50);
    writeSums(after, 4, sums);
  }
  const tail = Buffer.alloc(14);
  tail.writeUInt16LE(file.mode ?? 0, 8);
  tail.writeUInt32LE(file.offset ?? offset, 10);
  const [localMark, centralMark] = [Buffer.from('PK\u0003\u0004'), Buffer.from('PK\u0001\u0002')];
  const madeBy = Buffer.from([20, file.mode === undefined ? 0 : 3]);
  return {
    local: Buffer.concat([localMark, before, name, packed, after]),
    central: Buffer.concat([centralMark, madeBy, common, tail, name]),
  };
}

function writeSums(buffer: Buffer, at: number, sums: readonly number[]): void {
  sums.forEach((sum, index) => buffer.writeUInt32LE(sum, at + 4 * index));
}
