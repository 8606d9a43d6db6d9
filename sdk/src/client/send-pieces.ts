/** Sending a stream to an upload that exists, by tus, in constant memory: one part is kept until it is there. */
import type { Pieces } from '../crypto/pieces.js';
import { ApiError, NetworkError } from './errors.js';
import { pause } from './transport.js';
import type { TusTarget } from './upload.js';

const RETRIES = [0, 500, 1000, 3000, 5000, 10_000];
/** What another attempt may mend: somebody else holds the upload, too many requests, and everything of the server. */
const PASSING = [409, 423, 425, 429];

/** Bytes that are sent at once, unless the server wants fewer. */
const PART_BYTES = 4 * 2 ** 20;

/** Sends all of it. @throws {ApiError} when the server refuses @throws {NetworkError} when it stays out of reach */
export async function sendPieces(source: Pieces, target: TusTarget): Promise<void> {
  // One buffer for all parts: fresh ones would pile up faster than they are collected.
  const part = new Uint8Array(Math.min(target.partSize, PART_BYTES));
  let [offset, filled] = [0, 0];
  const flush = async (): Promise<void> => {
    await sendPart(part.subarray(0, filled), offset, target);
    offset += filled;
    filled = 0;
    target.onProgress?.(offset);
  };
  for await (const piece of source)
    for (let rest = piece; rest.length > 0;) {
      const taken = rest.subarray(0, part.length - filled);
      part.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled === part.length) await flush();
    }
  if (filled > 0) await flush();
}

async function sendPart(part: Uint8Array, start: number, target: TusTarget): Promise<void> {
  const end = start + part.length;
  let [at, attempt, isLost] = [start, 0, false];
  while (at < end) {
    try {
      if (isLost) at = await offsetOf(target);
      if (at < start || at > end) throw new ApiError('The server lost what it had.');
      if (at < end) at = await patch(part.subarray(at - start), at, target);
      [isLost, attempt] = [false, 0];
    } catch (fault) {
      if (!(fault instanceof NetworkError) || target.signal?.aborted) throw fault;
      const delay = RETRIES[attempt++];
      if (delay === undefined) throw fault;
      isLost = true;
      await pause(delay, target.signal);
    }
  }
}

const patch = (bytes: Uint8Array, offset: number, target: TusTarget): Promise<number> =>
  ask('PATCH', target, {
    headers: {
      'Content-Type': 'application/offset+octet-stream',
      'Upload-Offset': String(offset),
    },
    body: bytes as Uint8Array<ArrayBuffer>,
  });

const offsetOf = (target: TusTarget): Promise<number> => ask('HEAD', target, {});

/** Bytes that the server has afterwards. */
async function ask(
  method: string,
  { uploadUrl, headers, signal }: TusTarget,
  request: Pick<RequestInit, 'body'> & { readonly headers?: Readonly<Record<string, string>> },
): Promise<number> {
  const response = await fetch(uploadUrl, {
    method,
    ...request,
    headers: { ...headers, ...request.headers },
    signal: signal ?? null,
  }).catch((cause: unknown) => {
    throw new NetworkError('The file cannot be sent.', { cause });
  });
  const offset = response.headers.get('Upload-Offset');
  if (response.ok && offset !== null) return Number(offset);
  if (response.status >= 500 || PASSING.includes(response.status))
    throw new NetworkError(`The server answered ${response.status}.`);
  throw new ApiError(`The server refused the file (${response.status}).`);
}
