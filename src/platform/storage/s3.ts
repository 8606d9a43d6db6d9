/**
 * Objects in a bucket of an S3-compatible service. The bucket stays private: every byte goes through this server, so
 * that who may see a picture is decided at each request.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { readResuming, type OpenBody } from './resuming-read.js';
import { createS3Client, PATIENCE, type S3Location, type S3Patience } from './s3-client.js';
import { explainS3Error } from './s3-errors.js';
import { abortUploads } from './s3-unfinished.js';
import { StorageError } from './storage-error.js';
import { requireKey } from './storage-key.js';
import type { ByteRange, Storage, StoredObject } from './storage.js';

/** What each operation needs. */
interface Bucket {
  readonly client: S3Client;
  readonly location: S3Location;
  readonly patience: S3Patience;
}

/** Objects above this size are sent in parts, each of which is tried again by itself. */
const PART_BYTES = 8 * 2 ** 20;
const PARTS_AT_ONCE = 3;
/** Limit of S3. */
const MAX_PARTS = 10_000;
/** An object never changes; nobody but this server is to keep a copy. */
const CACHE_CONTROL = 'private, max-age=31536000, immutable';

/** Opens a bucket as storage; connects when it is used. Errors of the service are `StorageError`s. */
export function openS3Storage(location: S3Location, patience: S3Patience = PATIENCE): Storage {
  const bucket = { client: createS3Client(location, patience), location, patience };
  return {
    check: () => explained(bucket, null, checkAccess(bucket)),
    putFile: async (key, source, mimeType) =>
      explained(bucket, key, upload(bucket, requireKey(key), source, mimeType)),
    stat: async (key) => statOrNull(bucket, requireKey(key)),
    read: async (key, range) => read(bucket, requireKey(key), range),
    localFile: () => Promise.resolve(null),
    fetchToFile: async (key, target) =>
      pipeline(await read(bucket, requireKey(key)), createWriteStream(target, { mode: 0o600 })),
    remove: async (key) => explained(bucket, key, remove(bucket, requireKey(key))),
    list: (before) => listObjects(bucket, before?.getTime() ?? Infinity),
    removeUnfinished: (before) =>
      explained(bucket, null, abortUploads(bucket.client, location.bucket, before)),
  };
}

/** Waits for the work, and tells its error in our words. */
async function explained<T>(bucket: Bucket, key: string | null, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw explainS3Error(error, bucket.location, key);
  }
}

/** Lists, as nothing else tells a bucket that is missing from one that is closed to us. */
async function checkAccess({ client, location, patience }: Bucket): Promise<void> {
  await client.send(new ListObjectsV2Command({ Bucket: location.bucket, MaxKeys: 1 }), {
    abortSignal: AbortSignal.timeout(patience.checkMs),
  });
}

async function upload(
  { client, location }: Bucket,
  key: string,
  source: string,
  mimeType: string,
): Promise<void> {
  const { size } = await stat(source);
  const body = createReadStream(source);
  try {
    await new Upload({
      client,
      partSize: Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS)),
      queueSize: PARTS_AT_ONCE,
      params: {
        Bucket: location.bucket,
        Key: key,
        Body: body,
        ContentType: mimeType,
        CacheControl: CACHE_CONTROL,
      },
    }).done();
  } finally {
    body.destroy();
  }
  await rm(source, { force: true });
}

async function statOrNull(bucket: Bucket, key: string): Promise<StoredObject | null> {
  const { client, location } = bucket;
  try {
    const command = new HeadObjectCommand({ Bucket: location.bucket, Key: key });
    const { ContentLength } = await explained(bucket, key, client.send(command));
    return { sizeBytes: ContentLength ?? 0 };
  } catch (error) {
    if (error instanceof StorageError && error.problem === 'OBJECT_MISSING') return null;
    throw error;
  }
}

async function read(bucket: Bucket, key: string, range?: ByteRange): Promise<Readable> {
  return readResuming((part) => explained(bucket, key, openBody(bucket, key, part)), range);
}

async function openBody(
  { client, location }: Bucket,
  key: string,
  range?: ByteRange,
): Promise<OpenBody> {
  const answer = await client.send(
    new GetObjectCommand({
      Bucket: location.bucket,
      Key: key,
      ...(range && { Range: `bytes=${range.start}-${range.end}` }),
    }),
  );
  if (!(answer.Body instanceof Readable)) throw new Error(`${key} came without a body`);
  if (range && answer.ContentRange === undefined) {
    answer.Body.destroy();
    throw new StorageError('REFUSED', 'The media storage gave a whole object for a range of it.');
  }
  return { body: answer.Body, sizeBytes: answer.ContentLength ?? 0 };
}

async function remove({ client, location }: Bucket, key: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: location.bucket, Key: key }));
}

async function* listObjects(bucket: Bucket, before: number): AsyncIterable<string> {
  const { client, location } = bucket;
  const pages = paginateListObjectsV2({ client }, { Bucket: location.bucket });
  for (;;) {
    const { value: page, done } = await explained(bucket, null, pages.next());
    if (done) return;
    for (const { Key, LastModified } of page.Contents ?? [])
      if (Key !== undefined && (LastModified?.getTime() ?? 0) < before) yield Key;
  }
}
