// The type of a file by its first bytes. Names and declared types are not asked.
import { open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import { Rejection } from './rejection.js';

const SAMPLE_BYTES = 4100;

/** Families of accepted files; `heif` holds AVIF and HEIC, told apart by their compression. */
export type ImageFamily = 'jpeg' | 'png' | 'webp' | 'gif' | 'heif';

const FAMILIES: Readonly<Record<string, ImageFamily>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'heif',
  'image/heif': 'heif',
  'image/heic': 'heif',
  'image/heif-sequence': 'heif',
  'image/heic-sequence': 'heif',
};

/** @throws {Rejection} DAMAGED for an empty file, UNSUPPORTED_TYPE for everything that is not on the list */
export async function sniff(path: string): Promise<ImageFamily> {
  const sample = await firstBytes(path);
  if (sample.length === 0) throw new Rejection('DAMAGED', 'the file is empty');
  // A sample that ends inside a box or chunk makes file-type throw; such a file is none of the accepted ones.
  const type = await fileTypeFromBuffer(sample).catch(() => undefined);
  const family = type && FAMILIES[type.mime];
  if (!family)
    throw new Rejection('UNSUPPORTED_TYPE', `content looks like ${type?.mime ?? 'nothing known'}`);
  return family;
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
