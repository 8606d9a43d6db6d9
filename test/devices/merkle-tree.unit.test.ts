// The tree over the key log, held against the definitions of RFC 9162 word for word, for every size up to 40.
import { beforeAll, expect, test } from '@jest/globals';
import {
  completedBy,
  consistencyPath,
  hashLeaf,
  hashOfRange,
  hashPair,
  inclusionPath,
  nameOf,
} from '../../src/devices/internal/merkle-tree.js';

const MOST = 40;
const leaves: Buffer[] = [];
const nodes = new Map<string, Uint8Array>();

beforeAll(async () => {
  for (let index = 0; index < MOST; index++) {
    let hash = await hashLeaf(Buffer.from(`entry ${index}`));
    leaves.push(hash);
    nodes.set(nameOf({ level: 0, position: index }), hash);
    for (const sibling of completedBy(index)) {
      hash = await hashPair(nodes.get(nameOf(sibling))!, hash);
      nodes.set(nameOf({ level: sibling.level + 1, position: sibling.position >> 1 }), hash);
    }
  }
});

const splitOf = (count: number): number => 2 ** Math.ceil(Math.log2(count) - 1);

/** @source RFC 9162 §2.1.1 */
async function rootOf(of: readonly Buffer[]): Promise<Buffer> {
  if (of.length === 1) return of[0]!;
  const split = splitOf(of.length);
  return hashPair(await rootOf(of.slice(0, split)), await rootOf(of.slice(split)));
}

/** @source RFC 9162 §2.1.3.1 */
async function pathOf(index: number, of: readonly Buffer[]): Promise<Buffer[]> {
  if (of.length === 1) return [];
  const split = splitOf(of.length);
  const [left, right] = [of.slice(0, split), of.slice(split)];
  return index < split
    ? [...(await pathOf(index, left)), await rootOf(right)]
    : [...(await pathOf(index - split, right)), await rootOf(left)];
}

/** @source RFC 9162 §2.1.4.1 */
async function proofOf(size: number, of: readonly Buffer[], isWhole = true): Promise<Buffer[]> {
  if (size === of.length) return isWhole ? [] : [await rootOf(of)];
  const split = splitOf(of.length);
  const [left, right] = [of.slice(0, split), of.slice(split)];
  return size <= split
    ? [...(await proofOf(size, left, isWhole)), await rootOf(right)]
    : [...(await proofOf(size - split, right, false)), await rootOf(left)];
}

test('roots and proofs of every size are those of the definitions', async () => {
  for (let size = 1; size <= MOST; size++) {
    const tree = { start: 0, end: size };
    const part = leaves.slice(0, size);
    expect(await hashOfRange(tree, nodes)).toEqual(await rootOf(part));
    for (let index = 0; index < size; index++)
      expect(
        await Promise.all(inclusionPath(index, tree).map((one) => hashOfRange(one, nodes))),
      ).toEqual(await pathOf(index, part));
    for (let from = 1; from <= size; from++)
      expect(
        await Promise.all(consistencyPath(from, tree).map((one) => hashOfRange(one, nodes))),
      ).toEqual(await proofOf(from, part));
  }
});
