// What the client package does to a file before it is sent, and after it was fetched, against bare secretstream of
// libsodium on the same bytes: cut into pieces, padded, encrypted and hashed.
import sodium from 'libsodium-wrappers';
import {
  openPieces,
  paddedSize,
  padPieces,
  PIECE_BYTES,
  sealPieces,
  unpadPieces,
} from '../sdk/src/chat/attachments.js';
import { createSha256 } from '../sdk/src/crypto/hashing.js';
import { compared, type Figure } from './figure.js';

const FILE_BYTES = 100_000_000;
/** As a file is read. */
const READ_BYTES = 256 * 1024;
const ROUNDS = 7;

/** Runs the rounds in turn, so that what disturbs one disturbs both. */
export async function run(): Promise<Figure[]> {
  await sodium.ready;
  const key = sodium.crypto_secretstream_xchacha20poly1305_keygen();
  const [sealing, opening] = [pair(), pair()];
  for (let round = -1; round < ROUNDS; round++) {
    const plain = inTime(() => pushBare(key));
    const kept: Uint8Array[] = [];
    const ours = await inTimeOf(() => sealOurs(key, kept));
    const pulled = inTime(() => pullBare(plain.result, key));
    const opened = await inTimeOf(() => openOurs(kept, key));
    // The first round warms up.
    if (round < 0) continue;
    sealing.ours.push(speed(ours.seconds));
    sealing.bare.push(speed(plain.seconds));
    opening.ours.push(speed(opened.seconds));
    opening.bare.push(speed(pulled.seconds));
  }
  const goal = { atLeast: 0.6 };
  return [
    compared('sending / bare secretstream', [sealing.ours, sealing.bare], 'MB/s', goal),
    compared('fetching / bare secretstream', [opening.ours, opening.bare], 'MB/s', goal),
  ];
}

const pair = (): { ours: number[]; bare: number[] } => ({ ours: [], bare: [] });
const speed = (seconds: number): number => FILE_BYTES / 1e6 / seconds;

function inTime<Result>(work: () => Result): { result: Result; seconds: number } {
  const start = performance.now();
  const result = work();
  return { result, seconds: (performance.now() - start) / 1000 };
}

async function inTimeOf(work: () => Promise<void>): Promise<{ seconds: number }> {
  const start = performance.now();
  await work();
  return { seconds: (performance.now() - start) / 1000 };
}

async function* file(): AsyncGenerator<Uint8Array, void> {
  const part = new Uint8Array(READ_BYTES).fill(7);
  for (let left = FILE_BYTES; left > 0; left -= READ_BYTES)
    yield part.subarray(0, Math.min(left, READ_BYTES));
}

async function sealOurs(key: Uint8Array, kept: Uint8Array[]): Promise<void> {
  const hash = createSha256();
  for await (const piece of sealPieces(padPieces(file(), FILE_BYTES), key)) {
    hash.update(piece);
    kept.push(piece);
  }
  hash.digest();
}

async function openOurs(kept: readonly Uint8Array[], key: Uint8Array): Promise<void> {
  const hash = createSha256();
  const hashed = async function* (): AsyncGenerator<Uint8Array, void> {
    for (const piece of kept) {
      hash.update(piece);
      yield piece;
    }
  };
  for await (const piece of unpadPieces(openPieces(hashed(), key), FILE_BYTES)) void piece;
  hash.digest();
}

function pushBare(key: Uint8Array): { header: Uint8Array; pieces: Uint8Array[] } {
  const { state, header } = sodium.crypto_secretstream_xchacha20poly1305_init_push(key);
  const piece = new Uint8Array(PIECE_BYTES).fill(7);
  const pieces: Uint8Array[] = [];
  for (let left = paddedSize(FILE_BYTES); left > 0; left -= PIECE_BYTES)
    pieces.push(
      sodium.crypto_secretstream_xchacha20poly1305_push(
        state,
        piece.subarray(0, Math.min(left, PIECE_BYTES)),
        null,
        sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
      ),
    );
  return { header, pieces };
}

function pullBare({ header, pieces }: ReturnType<typeof pushBare>, key: Uint8Array): void {
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  for (const piece of pieces)
    if (!sodium.crypto_secretstream_xchacha20poly1305_pull(state, piece, null))
      throw new Error('The bare stream does not open.');
}
