/** Sending files: a ticket from the API, the bytes by tus. */
import { Upload } from 'tus-js-client';
import { CreateUpload, MediaState, type CreateUploadInput } from '../api/operations.js';
import { onAbort } from './aborts.js';
import { ApiError, NetworkError, requireDone } from './errors.js';
import type { Transport } from './transport.js';

/** What the file is. */
export interface UploadOptions extends Pick<
  CreateUploadInput,
  'purpose' | 'fileName' | 'mimeType' | 'altText' | 'sha256'
> {
  /** Called with the number of bytes that are there. */
  readonly onProgress?: (sent: number) => void;
  readonly signal?: AbortSignal;
}

const RETRIES = [0, 500, 1000, 3000, 5000, 10_000];
/** Milliseconds between two questions whether the file is processed. */
const PATIENCE = 250;

/** @returns the id of the media, which is not processed yet @throws {RefusedError} @throws {NetworkError} */
export async function uploadFile(
  transport: Transport,
  file: Uint8Array | Blob,
  { onProgress, signal, ...about }: UploadOptions,
): Promise<string> {
  const size = file instanceof Blob ? file.size : file.length;
  const preferredProtocol = 'TUS' as const;
  const input = { ...about, sizeBytes: String(size), preferredProtocol };
  const { createUpload } = await transport.request(CreateUpload, { input }, signal);
  const { ticket } = requireDone(createUpload);
  if (!ticket) throw new ApiError('The server gave no ticket.');
  await sendByTus(file, {
    uploadUrl: transport.reach(ticket.uploadUrl),
    headers: Object.fromEntries(ticket.headers.map(({ name, value }) => [name, value])),
    partSize: ticket.partSizeBytes ?? Infinity,
    onProgress,
    signal,
  });
  return ticket.media.id;
}

/** Where to send the bytes, and how. */
export interface TusTarget {
  readonly uploadUrl: string;
  readonly headers: Record<string, string>;
  /** Bytes in one request at most. */
  readonly partSize: number;
  readonly onProgress?: ((sent: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Sends bytes to an upload that exists, from where it stands. @throws {NetworkError} */
export async function sendByTus(file: Uint8Array | Blob, target: TusTarget): Promise<void> {
  const { uploadUrl, headers, partSize, onProgress, signal } = target;
  const source = await sourceOf(file);
  let callOff = (): void => undefined;
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(source, {
      uploadUrl,
      headers,
      chunkSize: partSize,
      retryDelays: RETRIES,
      storeFingerprintForResuming: false,
      onProgress: (sent) => onProgress?.(sent),
      onSuccess: () => resolve(),
      onError: (cause) => reject(new NetworkError('The file cannot be sent.', { cause })),
    });
    callOff = onAbort(signal, () => {
      void upload.abort();
      reject(new NetworkError('The upload was stopped.'));
    });
    upload.start();
  }).finally(() => callOff());
}

/** Waits until an asset is ready. @throws {ApiError} when it cannot be used */
export async function whenReady(
  transport: Transport,
  id: string,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const { node } = await transport.request(MediaState, { id }, signal);
    if (node && 'state' in node && node.state === 'READY') return;
    if (!node || !('state' in node) || ['FAILED', 'REJECTED'].includes(node.state))
      throw new ApiError((node && 'failure' in node && node.failure) || 'The file is gone.');
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    signal?.throwIfAborted();
  }
}

/** Node's side of tus-js-client takes buffers, that of browsers takes blobs. */
async function sourceOf(file: Uint8Array | Blob): Promise<Blob | Buffer> {
  if (typeof Buffer === 'undefined')
    return file instanceof Blob ? file : new Blob([new Uint8Array(file)]);
  const bytes = file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : file;
  return Buffer.from(bytes);
}
