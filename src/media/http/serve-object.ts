/** Serves an object of the storage: whole, or one range of it. */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { answerError } from '../../platform/answer-error.js';
import type { Config } from '../../platform/config.js';
import type { Services } from '../../platform/context.js';
import { isStorageOutage, StorageError } from '../../platform/storage/storage-error.js';
import type { ByteRange, LocalFile } from '../../platform/storage/storage.js';
import { hasCode } from '../../platform/system-error.js';

type Place = Pick<Services, 'config' | 'storage' | 'log'>;

const OUT_OF_REACH = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'The object cannot be read now. Try again later.',
  retryAfter: 30,
} as const;

/** What to serve. */
export interface ServedObject {
  readonly key: string;
  /** Decimal text. */
  readonly sizeBytes: string;
}

/**
 * Streams the object. Several ranges, or an If-Range that does not match, get the whole. Type, ETag and caching are
 * the headers that the response has already.
 *
 * @source RFC 9110 §13.1.5, §14.2
 */
export async function serveObject(
  place: Place,
  object: ServedObject,
  request: Request,
  response: Response,
): Promise<void> {
  const size = Number(object.sizeBytes);
  response.setHeader('Accept-Ranges', 'bytes');
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const range = rangeOf(request, response, size);
  if (range === 'UNSATISFIABLE') {
    response.setHeader('Content-Range', `bytes */${size}`);
    answerUnsatisfiable(place.config, response);
    return;
  }
  if (range)
    response.status(206).setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`);
  response.setHeader('Content-Length', range ? range.end - range.start + 1 : size);
  if (request.method === 'HEAD') response.end();
  else await stream(place, object, range, response);
}

/** Nothing is there, and nobody is to remember that. */
export function answerMissing(config: Pick<Config, 'publicUrl'>, response: Response): void {
  answerError(config, response, { status: 404, code: 'NOT_FOUND', message: 'Not found.' });
}

/** The range that is asked for is beyond the object. */
export function answerUnsatisfiable(config: Pick<Config, 'publicUrl'>, response: Response): void {
  const message = 'The object has no such range.';
  answerError(config, response, { status: 416, code: 'RANGE_NOT_SATISFIABLE', message });
}

function rangeOf(
  request: Request,
  response: Response,
  size: number,
): ByteRange | 'UNSATISFIABLE' | null {
  const ifRange = request.headers['if-range'];
  if (ifRange !== undefined && ifRange !== response.getHeader('ETag')) return null;
  // more from the end than there is: all of it, which the library takes for none
  const last = Number(/^bytes=-(\d+)$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (last > size && size > 0) return { start: 0, end: size - 1 };
  const ranges = request.range(size);
  if (ranges === -1) return 'UNSATISFIABLE';
  const isOne = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1;
  return isOne ? (ranges[0] ?? null) : null;
}

async function stream(
  place: Place,
  { key, sizeBytes }: ServedObject,
  range: ByteRange | null,
  response: Response,
): Promise<void> {
  await using local = await place.storage.localFile(key);
  if (local) {
    await sendLocal(place, local, range ?? { start: 0, end: Number(sizeBytes) - 1 }, response);
    return;
  }
  const body = await openObject(place, key, range, response);
  if (!body) return;
  try {
    await pipeline(body, response);
  } catch (error) {
    // either the client has gone, or it sees by the length that the rest did not come
    if (error instanceof StorageError)
      place.log.error({ err: error, key }, 'an object broke off while it was served');
    else if (!hasCode(error, 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}

async function sendLocal(
  { log }: Place,
  local: LocalFile,
  range: ByteRange,
  response: Response,
): Promise<void> {
  try {
    await local.send(range, response);
    response.end();
  } catch (error) {
    if (!response.destroyed) log.error({ err: error }, 'an object broke off while it was served');
    response.destroy();
  }
}

/** Opens an object; null when it cannot be, which is answered. */
export async function openObject(
  { config, storage, log }: Place,
  key: string,
  range: ByteRange | null,
  response: Response,
): Promise<Readable | null> {
  try {
    return await storage.read(key, range ?? undefined);
  } catch (error) {
    const isMissing = error instanceof StorageError && error.problem === 'OBJECT_MISSING';
    if (!isMissing && !isStorageOutage(error)) throw error;
    log.error({ err: error, key }, 'an object cannot be served');
    if (isMissing) answerMissing(config, response);
    else answerError(config, response, OUT_OF_REACH);
    return null;
  }
}
