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
import { pathOf, proofOf, rootOf } from '../support/merkle-definitions.js';

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
