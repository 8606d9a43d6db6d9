/** Asks another server for a video, or a part of one, and believes nothing of its answer but the bytes. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { HttpClient, OpenAnswer } from '../../../platform/http-client.js';
import {
  rangeHeader,
  readAskedRange,
  readGivenRange,
  type AskedRange,
  type GivenRange,
} from './byte-range.js';
import { SNIFFED_BYTES, sniffVideo } from './sniff.js';
import type { KnownTypes } from './known-types.js';

const LIMITS = { headersMs: 15_000, maxRedirects: 3 };
/** Largest file that is passed on: hours of the best quality that PeerTube has. */
const MOST_BYTES = 16 * 2 ** 30;

/**
 * Why a video is not passed on. GONE: it is not there, or no video. BUSY: later it may be had. RANGE: it has no such
 * part.
 */
export class VideoRefused extends Error {
  constructor(
    readonly reason: 'GONE' | 'BUSY' | 'RANGE',
    message: string,
    /** Of the whole, with RANGE; null = not said. */
    readonly size: number | null = null,
  ) {
    super(message);
  }
}

/** A video that is about to be passed on. */
export interface OpenVideo {
  readonly type: string;
  /** Null = the whole. */
  readonly range: GivenRange | null;
  /** Bytes that come; null = not said. */
  readonly length: number | null;
  /** Names this state of the file without quoting the other server; null when that tells none. */
  readonly etag: string | null;
  /** What was read already, and what is still to be read. */
  readonly chunks: AsyncIterable<Buffer>;
  readonly body: Readable;
}

/** Who asks, and what is known. */
export interface Asking {
  readonly http: HttpClient;
  readonly known: KnownTypes;
  /** Ends with the viewer. */
  readonly signal: AbortSignal;
}

/**
 * Opens a video, or the range of it. Its type is that of its first bytes, which are asked for by themselves when a
 * range has none of them.
 *
 * @throws {VideoRefused} or {OutsideUnavailable}
 */
export async function openVideo(
  asking: Asking,
  url: string,
  asked: AskedRange | null,
): Promise<OpenVideo> {
  const { known } = asking;
  const hasBeginning =
    asked === null || (asked.start === 0 && (asked.end ?? Infinity) >= SNIFFED_BYTES - 1);
  if (known.get(url) === null && !hasBeginning) await probe(asking, url);
  const answer = await open(asking, url, asked);
  try {
    const read = await readHeaders(answer, url, asked);
    const chunks = chunksOf(answer.body);
    const type = known.get(url);
    if (type !== null) return { ...read, type, chunks, body: answer.body };
    const beginning = await readBeginning(chunks);
    return {
      ...read,
      type: known.learn(url, requireVideo(beginning)),
      chunks: joined(beginning, chunks),
      body: answer.body,
    };
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

async function probe(asking: Asking, url: string): Promise<void> {
  const asked = readAskedRange(`bytes=0-${SNIFFED_BYTES - 1}`);
  const answer = await open(asking, url, asked);
  try {
    await readHeaders(answer, url, asked);
    asking.known.learn(url, requireVideo(await readBeginning(chunksOf(answer.body))));
  } finally {
    answer.body.destroy();
  }
}

async function open(
  { http, signal }: Asking,
  url: string,
  asked: AskedRange | null,
): Promise<OpenAnswer> {
  const headers = {
    accept: 'video/*, audio/*;q=0.9, application/octet-stream;q=0.5',
    ...(asked && { range: rangeHeader(asked) }),
  };
  const answer = await http.open(url, headers, LIMITS, signal);
  // told by whoever reads
  answer.body.on('error', () => undefined);
  return answer;
}

type Headers = Pick<OpenVideo, 'range' | 'length' | 'etag'>;

async function readHeaders(
  { status, headers }: OpenAnswer,
  url: string,
  asked: AskedRange | null,
): Promise<Headers> {
  if (status === 416 && asked) {
    const size = /^bytes \*\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1];
    throw new VideoRefused('RANGE', 'No such range.', size === undefined ? null : Number(size));
  }
  if (status === 429 || status >= 500) throw new VideoRefused('BUSY', `Status ${status}.`);
  if (status !== 200 && !(status === 206 && asked))
    throw new VideoRefused('GONE', `Status ${status}.`);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new VideoRefused('GONE', 'Compressed although that was not wanted.');
  const range = status === 206 && asked ? readGivenRange(headers['content-range'], asked) : null;
  if (status === 206 && !range) throw new VideoRefused('GONE', 'Another range than the one asked.');
  const said = Number(headers['content-length'] ?? NaN);
  const length = range ? range.end - range.start + 1 : Number.isSafeInteger(said) ? said : null;
  if ((range?.size ?? length ?? 0) > MOST_BYTES) throw new VideoRefused('GONE', 'Too large.');
  return { range, length, etag: etagOf(url, range?.size ?? length, headers) };
}

function etagOf(url: string, size: number | null, headers: OpenAnswer['headers']): string | null {
  const { etag, 'last-modified': changed } = headers;
  const state = etag?.startsWith('"') ? etag : changed;
  if (state === undefined || size === null) return null;
  const digest = createHash('sha256').update(`${url}\n${size}\n${state}`);
  return `"${digest.digest('base64url').slice(0, 27)}"`;
}

function requireVideo(beginning: Buffer): string {
  const type = sniffVideo(beginning);
  if (type === null) throw new VideoRefused('GONE', 'Neither video nor sound.');
  return type;
}

async function readBeginning(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const read: Buffer[] = [];
  for (let bytes = 0; bytes < SNIFFED_BYTES;) {
    const next = await chunks.next();
    if (next.done) break;
    read.push(next.value);
    bytes += next.value.length;
  }
  return Buffer.concat(read);
}

async function* chunksOf(body: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of body) yield chunk as Buffer;
}

async function* joined(beginning: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield beginning;
  yield* rest;
}
