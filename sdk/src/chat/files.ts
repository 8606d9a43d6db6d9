/** Sending and fetching files: encrypted while they are read, and checked while they are fetched. */
import sodium from 'libsodium-wrappers';
import { ChatAttachment, CreateChatAttachment, DeleteChatAttachment } from '../api/operations.js';
import type { TriptychClient } from '../client/client.js';
import { ApiError, requireDone } from '../client/errors.js';
import { sendPieces } from '../client/send-pieces.js';
import { concat, fromBase64, isSame } from '../crypto/bytes.js';
import { createSha256, type Hash } from '../crypto/hashing.js';
import type { Pieces } from '../crypto/pieces.js';
import {
  AttachmentError,
  openPieces,
  paddedSize,
  padPieces,
  sealedSize,
  sealPieces,
  unpadPieces,
} from './attachments.js';
import { fetchPieces } from './fetch-pieces.js';
import type { FileAbout, FileSource } from './file-source.js';
import type { AttachmentContent } from './payload.js';

/** How to send or fetch. */
export interface FileOptions {
  /** Called with the encrypted bytes that are there. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What lies on the server. */
export interface KeptFile {
  /** Id by which its owner deletes it. */
  readonly mediaId: string;
  readonly url: string;
  readonly key: Uint8Array;
  readonly sha256: Uint8Array;
  readonly sizeBytes: number;
}

/** Files of the account that the client is signed in to, and of those who chat with it. */
export class Files {
  readonly #client: TriptychClient;

  constructor(client: TriptychClient) {
    this.#client = client;
  }

  /**
   * Encrypts a file with a fresh key and sends it, in constant memory and going on when the connection is lost.
   * @returns what to say of it in a message @throws {RefusedError} for one that is too large @throws {NetworkError}
   */
  async send(
    file: FileSource,
    about: FileAbout,
    options: FileOptions = {},
  ): Promise<AttachmentContent> {
    await sodium.ready;
    const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
    const { url, sha256, sizeBytes } = await this.keep(file, key, options);
    const { width = null, height = null, durationMs = null, waveform = null } = about;
    const { name, mediaType } = about;
    return { url, key, sha256, sizeBytes, name, mediaType, width, height, durationMs, waveform };
  }

  /** Encrypts a file with this key and sends it. */
  async keep(file: FileSource, key: Uint8Array, options: FileOptions = {}): Promise<KeptFile> {
    await sodium.ready;
    const { sizeBytes } = file;
    const sealedBytes = sealedSize(paddedSize(sizeBytes));
    const input = { sizeBytes: String(sealedBytes), preferredProtocol: 'TUS' as const };
    const { createChatAttachment } = await this.#client.request(CreateChatAttachment, { input });
    const { attachment, ticket } = requireDone(createChatAttachment);
    if (!attachment || !ticket) throw new ApiError('The server gave no ticket.');
    const hash = createSha256();
    const sealed = sealPieces(padPieces(file.read(), sizeBytes), key);
    await sendPieces(hashing(sealed, hash), {
      uploadUrl: this.#client.transport.reach(ticket.uploadUrl),
      headers: Object.fromEntries(ticket.headers.map(({ name, value }) => [name, value])),
      partSize: ticket.partSizeBytes ?? sealedBytes,
      onProgress: options.onProgress,
      signal: options.signal,
    });
    const sha256 = Uint8Array.from(hash.digest());
    const mediaId = attachment.media.id;
    await this.#requireArrived(mediaId, sha256);
    return { mediaId, url: attachment.url, key, sha256, sizeBytes };
  }

  /**
   * Fetches a file and decrypts it while it comes. What came so far is right; only the end says that it is whole.
   *
   * @param sender actor who sent it: it is fetched from their server and from no other, so that nobody makes this device
   *   tell its address to a place of their choice
   * @throws {AttachmentError} for another file than the one that was sent @throws {NetworkError}
   */
  async *open(
    sent: Pick<AttachmentContent, 'url' | 'key' | 'sha256' | 'sizeBytes'>,
    sender: string,
    { onProgress, signal }: FileOptions = {},
  ): AsyncGenerator<Uint8Array, void> {
    await sodium.ready;
    if (new URL(sent.url).origin !== new URL(sender).origin)
      throw new AttachmentError('The file does not lie on the server of who sent it.');
    const hash = createSha256();
    const maxBytes = sealedSize(paddedSize(sent.sizeBytes));
    const url = this.#client.transport.reach(sent.url);
    const sealed = hashing(fetchPieces(url, { maxBytes, signal }), hash, onProgress);
    yield* unpadPieces(openPieces(sealed, sent.key), sent.sizeBytes);
    if (!isSame(hash.digest(), sent.sha256)) throw new AttachmentError('Another file lies there.');
  }

  /** A whole file in memory, once all of it is checked. */
  async read(
    sent: Pick<AttachmentContent, 'url' | 'key' | 'sha256' | 'sizeBytes'>,
    sender: string,
    options: FileOptions = {},
  ): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.open(sent, sender, options)) pieces.push(piece);
    return concat(...pieces);
  }

  /** Deletes a file of the account before its time: nobody gets it any more. @throws {RefusedError} */
  async delete(mediaId: string): Promise<void> {
    const input = { mediaId };
    const { deleteChatAttachment } = await this.#client.request(DeleteChatAttachment, { input });
    requireDone(deleteChatAttachment);
  }

  async #requireArrived(mediaId: string, sha256: Uint8Array): Promise<void> {
    const { viewer } = await this.#client.request(ChatAttachment, { mediaId });
    const arrived = viewer?.chat.attachment?.sha256;
    if (!arrived || !isSame(fromBase64(arrived), sha256))
      throw new AttachmentError('The file did not arrive as it was sent.');
  }
}

async function* hashing(
  pieces: Pieces,
  hash: Hash,
  onProgress?: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
    onProgress?.(bytes);
    yield piece;
  }
}
