/** Reads what other servers answer, under a bound that holds for what is sent and for what comes out of it. */
import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate } from 'node:zlib';
import type { OutsideAnswer, OutsideLimits } from '../http-client.js';
import { OutsideUnavailable } from '../outside-unavailable.js';

/**
 * What a peer may pack its answer with. No Brotli: versions of Node that are in use decode it with a fault that lets a
 * peer run code here (CVE-2026-111497).
 */
export const ACCEPTED_ENCODINGS = 'gzip, deflate';

/** The body of a good answer of a type that is read. */
export async function readAnswer(
  response: IncomingMessage,
  url: URL,
  { maxBytes, contentTypes }: OutsideLimits,
): Promise<OutsideAnswer> {
  const contentType = response.headers['content-type'] ?? '';
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  const refusal =
    response.statusCode !== 200
      ? new OutsideUnavailable(
          'STATUS',
          `Status ${response.statusCode}.`,
          undefined,
          response.statusCode ?? null,
        )
      : !contentTypes.includes(type)
        ? new OutsideUnavailable('CONTENT_TYPE', `Content type ${type}.`)
        : Number(response.headers['content-length'] ?? 0) > maxBytes
          ? tooLarge(maxBytes)
          : null;
  if (refusal) {
    response.destroy();
    throw refusal;
  }
  return { url: url.href, contentType, body: await readBody(response, maxBytes) };
}

/** The whole body, decompressed. */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const stream = decoded(response);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks);
}

function decoded(response: IncomingMessage): AsyncIterable<Buffer> {
  const coding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (coding === 'identity') return response;
  const decoder =
    coding === 'gzip' || coding === 'x-gzip'
      ? createGunzip()
      : coding === 'deflate'
        ? createInflate()
        : null;
  if (!decoder) throw new OutsideUnavailable('CONTENT_TYPE', `Content encoding ${coding}.`);
  response.on('error', (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

function tooLarge(maxBytes: number): OutsideUnavailable {
  return new OutsideUnavailable('TOO_LARGE', `More than ${maxBytes} bytes.`);
}
