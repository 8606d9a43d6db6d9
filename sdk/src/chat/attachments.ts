/**
 * Files inside of the encryption: `secretstream` of libsodium in pieces of 64 KiB. The server holds the ciphertext; the
 * key and the hash travel in the message. A changed, shortened, lengthened or reordered file is noticed.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import sodium from 'libsodium-wrappers';
import { concat, isSame } from '../crypto/bytes.js';
import { inPieces, type Pieces } from '../crypto/pieces.js';

/** Bytes of a piece before encryption. */
export const PIECE_BYTES = 64 * 1024;

/** A file that is not the one that was sent. */
export class AttachmentError extends Error {
  override readonly name = 'AttachmentError';
}

/** What came out of encrypting a file. */
export interface SealedFile {
  readonly key: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly sha256: Uint8Array;
}

/** Bytes of the ciphertext of a file. */
export function sealedSize(bytes: number): number {
  const pieces = Math.max(1, Math.ceil(bytes / PIECE_BYTES));
  const { HEADERBYTES, ABYTES } = constants();
  return HEADERBYTES + bytes + pieces * ABYTES;
}

/** Fewest bytes of a padded file. */
const SMALLEST = 4096;

/**
 * Bytes of a file once it is padded, so that its length tells little: one of a few sizes, at most an eighth longer.
 * @source "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (Padmé)
 */
export function paddedSize(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const exponent = Math.floor(Math.log2(bytes));
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return Math.ceil(bytes / step) * step;
}

/** A file with zeros behind it up to its padded size. @throws {AttachmentError} when it has another length than was said */
export async function* padPieces(
  pieces: Pieces,
  sizeBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    yield piece;
  }
  if (length !== sizeBytes) throw new AttachmentError('The file changed while it was sent.');
  for (let left = paddedSize(sizeBytes) - length; left > 0; left -= PIECE_BYTES)
    yield new Uint8Array(Math.min(left, PIECE_BYTES));
}

/** A file without what stands behind it. @throws {AttachmentError} when it is shorter than was said */
export async function* unpadPieces(
  pieces: Pieces,
  sizeBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let left = sizeBytes;
  for await (const piece of pieces) {
    const own = piece.subarray(0, left);
    left -= own.length;
    if (own.length > 0) yield own;
  }
  if (left > 0) throw new AttachmentError('The file is shorter than was said.');
}

/** Encrypts a file piece by piece, in constant memory. @param key 32 fresh bytes */
export async function* sealPieces(
  pieces: Pieces,
  key: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  await sodium.ready;
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  yield header;
  const push = (piece: Uint8Array, isLast: boolean): Uint8Array =>
    sodium.crypto_secretstream_xchacha20poly1305_push(state, piece, null, tagOf(isLast));
  let former: Uint8Array | null = null;
  for await (const piece of inPieces(pieces, PIECE_BYTES)) {
    if (former) yield push(former, false);
    former = piece;
  }
  yield push(former ?? new Uint8Array(), true);
}

/** Decrypts what `sealPieces` made. What came so far is right; only the end says that it is whole. @throws {AttachmentError} */
export async function* openPieces(
  pieces: Pieces,
  key: Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  await sodium.ready;
  const { HEADERBYTES, ABYTES } = constants();
  const hash = { isOver: false };
  let state: ReturnType<typeof sodium.crypto_secretstream_xchacha20poly1305_init_pull> | null =
    null;
  for await (const piece of inPieces(pieces, PIECE_BYTES + ABYTES, HEADERBYTES)) {
    if (!state) {
      if (piece.length < HEADERBYTES) throw new AttachmentError('The file has no beginning.');
      state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(piece, key);
      continue;
    }
    if (hash.isOver) throw new AttachmentError('The file goes on after its end.');
    const opened = piece.length < ABYTES ? null : pull(state, piece);
    if (!opened) throw new AttachmentError('The file was changed.');
    hash.isOver = opened.tag === tagOf(true);
    yield opened.message;
  }
  if (!hash.isOver) throw new AttachmentError('The file was cut off.');
}

/** Encrypts a file that is in memory. */
export async function sealFile(file: Uint8Array): Promise<SealedFile> {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const pieces: Uint8Array[] = [];
  for await (const piece of sealPieces([file], key)) pieces.push(piece);
  const ciphertext = concat(...pieces);
  return { key, ciphertext, sha256: sha256(ciphertext) };
}

/** Decrypts a file in memory. @throws {AttachmentError} unless it is the one that was sent */
export async function openFile(
  ciphertext: Uint8Array,
  sent: { readonly key: Uint8Array; readonly sha256: Uint8Array },
): Promise<Uint8Array> {
  if (!isSame(sha256(ciphertext), sent.sha256))
    throw new AttachmentError('Another file lies there.');
  const pieces: Uint8Array[] = [];
  for await (const piece of openPieces([ciphertext], sent.key)) pieces.push(piece);
  return concat(...pieces);
}

function pull(
  state: Parameters<typeof sodium.crypto_secretstream_xchacha20poly1305_pull>[0],
  piece: Uint8Array,
): { readonly message: Uint8Array; readonly tag: number } | null {
  const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, piece, null);
  // It answers false for a wrong tag.
  return opened || null;
}

const tagOf = (isLast: boolean): number =>
  isLast
    ? sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
    : sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;

const constants = () => ({
  HEADERBYTES: sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES,
  ABYTES: sodium.crypto_secretstream_xchacha20poly1305_ABYTES,
});
