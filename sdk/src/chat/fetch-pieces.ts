/** Fetching what lies encrypted on a server, going on where the connection broke. */
import { NetworkError } from '../client/errors.js';
import { pause } from '../client/transport.js';
import { AttachmentError } from './attachments.js';
import { partsOf } from './file-source.js';

const RETRIES = [0, 500, 1000, 3000, 5000];

/** How much is taken at most, and when to stop. */
export interface FetchLimits {
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** The bytes at an address. @throws {AttachmentError} when they are gone, or too many @throws {NetworkError} */
export async function* fetchPieces(
  url: string,
  { maxBytes, signal }: FetchLimits,
): AsyncGenerator<Uint8Array, void> {
  let [taken, attempt] = [0, 0];
  for (;;) {
    try {
      for await (const part of partsFrom(url, taken, signal)) {
        taken += part.length;
        if (taken > maxBytes) throw new AttachmentError('The file goes on after its end.');
        attempt = 0;
        yield part;
      }
      return;
    } catch (fault) {
      const delay = RETRIES[attempt++];
      if (!(fault instanceof NetworkError) || delay === undefined || signal?.aborted) throw fault;
      await pause(delay, signal);
    }
  }
}

async function* partsFrom(
  url: string,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  const response = await fetch(url, {
    // Nobody is led elsewhere, and nobody learns who asks but by the address of their network.
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    headers: start > 0 ? { Range: `bytes=${start}-` } : {},
    signal: signal ?? null,
  }).catch(lost);
  if (response.status >= 500 || response.status === 429)
    throw new NetworkError(`The server answered ${response.status}.`);
  if (response.status !== (start > 0 ? 206 : 200) || !response.body)
    throw new AttachmentError('The file is not there any more.');
  const parts = partsOf(response.body);
  try {
    for (;;) {
      const next = await parts.next().catch(lost);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await parts.return();
  }
}

function lost(cause: unknown): never {
  throw new NetworkError('The file cannot be fetched.', { cause });
}
