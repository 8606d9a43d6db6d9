import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import {
  AttachmentError,
  openFile,
  openPieces,
  PIECE_BYTES,
  sealedSize,
  sealFile,
  sealPieces,
} from '../../sdk/src/chat/attachments.js';

const PIECE = PIECE_BYTES + 17;
const HEADER = 24;

async function opened(ciphertext: Uint8Array, key: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of openPieces([ciphertext], key)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe('T36: attachments', () => {
  it('come back as they were, whatever their length, and their size is known before', async () => {
    for (const length of [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]) {
      const file = Buffer.alloc(length, 'content');
      const sealed = await sealFile(file);
      expect(sealed.ciphertext.length).toBe(sealedSize(length));
      expect(Buffer.compare(await openFile(sealed.ciphertext, sealed), file)).toBe(0);
    }
  });

  it('are refused when changed, cut off at any piece, reordered or made longer', async () => {
    const { key, ciphertext } = await sealFile(Buffer.alloc(3 * PIECE_BYTES + 5, 'x'));
    const piece = (index: number) =>
      ciphertext.slice(HEADER + index * PIECE, HEADER + (index + 1) * PIECE);
    const header = ciphertext.slice(0, HEADER);
    const joined = (...parts: Uint8Array[]) => Buffer.concat([header, ...parts]);
    const changed = ciphertext.slice();
    changed[PIECE]! ^= 1;
    const wrong = [
      changed,
      ciphertext.slice(0, 10),
      header,
      joined(piece(0), piece(1)),
      joined(piece(0), piece(1), piece(2)),
      joined(piece(1), piece(0), piece(2), piece(3)),
      joined(piece(0), piece(2), piece(3)),
      joined(piece(0), piece(1), piece(2), piece(3), Buffer.alloc(40)),
    ];
    for (const bytes of wrong) await expect(opened(bytes, key)).rejects.toThrow(AttachmentError);
  });

  it('are refused with another key or another hash', async () => {
    const [one, other] = [await sealFile(Buffer.from('one')), await sealFile(Buffer.from('other'))];
    await expect(opened(one.ciphertext, other.key)).rejects.toThrow(AttachmentError);
    await expect(openFile(one.ciphertext, other)).rejects.toThrow('Another file');
  });

  it('take no more memory than a few pieces, however long they are', async () => {
    const key = Buffer.alloc(32, 3);
    const part = Buffer.alloc(50_000, 'z');
    const parts = 2000;
    async function* source() {
      for (let index = 0; index < parts; index += 1) yield part;
    }
    let [length, most] = [0, 0];
    // What nobody holds any more is not held by the pieces, however late it is collected.
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const before = process.memoryUsage().arrayBuffers;
    for await (const piece of openPieces(sealPieces(source(), key), key)) {
      length += piece.length;
      most = Math.max(most, piece.length);
    }
    expect(length).toBe(parts * part.length);
    expect(most).toBe(PIECE_BYTES);
    collect();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });
});
