// Keys that pass from device to device, are kept for bad days, and are proven by a log.
import { blake2b } from '@noble/hashes/blake2.js';
import { describe, expect, it } from '@jest/globals';
import {
  BackupError,
  newRecoveryKey,
  openBackup,
  printRecoveryKey,
  readRecoveryKey,
  sealBackup,
} from '../../sdk/src/chat/backup.js';
import { newKeyPair } from '../../sdk/src/chat/identity.js';
import { answerLink, openLink, requestLink } from '../../sdk/src/chat/linking.js';
import { isContinued, isIncluded, leafHashOf } from '../../sdk/src/chat/merkle.js';

const ADA = 'https://a.example/users/ada';

describe('linking a device', () => {
  it('passes the key on to the one that asked, and to nobody else', async () => {
    const { seed } = await newKeyPair();
    const [request, other] = [await requestLink(), await requestLink()];
    const answer = await answerLink(request.text, { actorUri: ADA, identitySeed: seed });
    const linked = { actorUri: ADA, identitySeed: seed, history: null };
    expect(await openLink(request, answer)).toEqual(linked);
    await expect(openLink(other, answer)).rejects.toThrow('another request');
    await expect(openLink({ ...request, nonce: other.nonce }, answer)).rejects.toThrow('another');
    await expect(openLink(request, request.text)).rejects.toThrow('something else');
    const bytes = new Uint8Array(32).fill(5);
    const url = 'https://a.example/blobs/unguessable';
    const history = { mediaId: 'media_1', url, key: bytes, sha256: bytes, sizeBytes: 90_000 };
    const whole = await answerLink(request.text, { ...linked, history });
    expect(await openLink(request, whole)).toEqual({ ...linked, history });
    // What still fits into a QR code that a camera reads from a screen.
    expect(whole.length).toBeLessThan(800);
    await expect(answerLink(answer, { actorUri: ADA, identitySeed: seed })).rejects.toThrow();
  });
});

describe('T37: backup', () => {
  it('comes back with its key, and with no other', async () => {
    const { seed, publicKey } = await newKeyPair();
    const known = { uri: ADA, actorId: 'actor_1', version: 1, isVerified: true };
    const person = { ...known, signatureKeys: [] };
    const contents = {
      actorUri: ADA,
      history: { sha256: new Uint8Array(32).fill(4), sizeBytes: 9 },
      identitySeed: seed,
      people: [{ ...person, identityKey: publicKey }],
    };
    const key = await newRecoveryKey();
    const sealed = await sealBackup(contents, key);
    expect(Buffer.from(sealed).includes('a.example')).toBe(false);
    expect(await openBackup(sealed, await readRecoveryKey(printRecoveryKey(key)))).toEqual(
      contents,
    );
    await expect(openBackup(sealed, await newRecoveryKey())).rejects.toThrow(BackupError);
    const changed = sealed.slice();
    changed[40]! ^= 1;
    await expect(openBackup(changed, key)).rejects.toThrow(BackupError);
  });

  it('notices a recovery key that was written down wrongly', async () => {
    const text = printRecoveryKey(await newRecoveryKey());
    const sloppy = text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
    expect(printRecoveryKey(await readRecoveryKey(sloppy))).toBe(text);
    const wrong = (text[0] === 'A' ? 'B' : 'A') + text.slice(1);
    await expect(readRecoveryKey(wrong)).rejects.toThrow(BackupError);
    await expect(readRecoveryKey('ABCD')).rejects.toThrow(BackupError);
  });
});

// The tree as RFC 9162 defines it, by recursion.
const pair = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  blake2b(Buffer.concat([Buffer.of(1), left, right]), { dkLen: 32 });
const split = (count: number): number => 2 ** Math.floor(Math.log2(count - 1));
const rootOf = (leaves: readonly Uint8Array[]): Uint8Array =>
  leaves.length === 1
    ? leaves[0]!
    : pair(
        rootOf(leaves.slice(0, split(leaves.length))),
        rootOf(leaves.slice(split(leaves.length))),
      );
function inclusion(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const [left, right] = [leaves.slice(0, split(leaves.length)), leaves.slice(split(leaves.length))];
  return index < left.length
    ? [...inclusion(index, left), rootOf(right)]
    : [...inclusion(index - left.length, right), rootOf(left)];
}
function consistency(size: number, leaves: readonly Uint8Array[], isWhole = true): Uint8Array[] {
  if (size === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const [left, right] = [leaves.slice(0, split(leaves.length)), leaves.slice(split(leaves.length))];
  return size <= left.length
    ? [...consistency(size, left, isWhole), rootOf(right)]
    : [...consistency(size - left.length, right, false), rootOf(left)];
}

describe('proofs of the key log', () => {
  const leaves = Array.from({ length: 21 }, (_unused, index) => leafHashOf(Buffer.of(index)));

  it('hold for every entry of trees of every size, and for no other entry', () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      const tree = { size, root: rootOf(leaves.slice(0, size)) };
      for (let index = 0; index < size; index += 1) {
        const proof = inclusion(index, leaves.slice(0, size));
        const leaf = { index, hash: leaves[index]! };
        expect(isIncluded(leaf, tree, proof)).toBe(true);
        expect(isIncluded({ ...leaf, hash: leafHashOf(Buffer.of(99)) }, tree, proof)).toBe(false);
        if (proof.length > 0) expect(isIncluded(leaf, tree, proof.slice(1))).toBe(false);
        expect(isIncluded({ ...leaf, index: size }, tree, proof)).toBe(false);
      }
    }
  });

  it('show that a log went on, and not that another one did', () => {
    const forged = [leafHashOf(Buffer.of(77)), ...leaves.slice(1)];
    for (let size = 1; size <= leaves.length; size += 1)
      for (let from = 1; from <= size; from += 1) {
        const [earlier, later] = [
          { size: from, root: rootOf(leaves.slice(0, from)) },
          { size, root: rootOf(leaves.slice(0, size)) },
        ];
        const proof = consistency(from, leaves.slice(0, size));
        expect(isContinued(earlier, later, proof)).toBe(true);
        const other = { size, root: rootOf(forged.slice(0, size)) };
        const lie = consistency(from, forged.slice(0, size));
        expect(isContinued(earlier, other, lie)).toBe(false);
        if (from < size) expect(isContinued(later, earlier, proof)).toBe(false);
      }
  });
});
