import { describe, expect, it } from '@jest/globals';
import { decodeMlsMessage, encodeMlsMessage, type Decoder, type Encoder } from 'ts-mls';
import { determineLength } from 'ts-mls/codec/variableLength.js';
import { decodeCommit, encodeCommit } from 'ts-mls/commit.js';
import { decodeGroupSecrets, encodeGroupSecrets } from 'ts-mls/groupSecrets.js';
import {
  decodeAdd,
  decodeExternalInit,
  decodeGroupContextExtensions,
  decodePSK,
  decodeReinit,
  decodeRemove,
  decodeUpdate,
  encodeAdd,
  encodeExternalInit,
  encodeGroupContextExtensions,
  encodePSK,
  encodeReinit,
  encodeRemove,
  encodeUpdate,
} from 'ts-mls/proposal.js';
import { decodeRatchetTree, encodeRatchetTree } from 'ts-mls/ratchetTree.js';
import { left, nodeWidth, parent, right, root, sibling, toNodeIndex } from 'ts-mls/treemath.js';
import { allVectorsOf, bytes, decoded, hasVectors, hex } from './mls-vectors.js';

type Codec = (digits: string) => string;
const codec =
  <Value>(decode: Decoder<Value>, encode: Encoder<Value>): Codec =>
  (digits) =>
    hex(encode(decoded(decode, digits)));

const message = codec(decodeMlsMessage, encodeMlsMessage);
const CODECS: Readonly<Record<string, Codec>> = {
  mls_welcome: message,
  mls_group_info: message,
  mls_key_package: message,
  public_message_application: message,
  public_message_proposal: message,
  public_message_commit: message,
  private_message: message,
  ratchet_tree: codec(decodeRatchetTree, encodeRatchetTree),
  group_secrets: codec(decodeGroupSecrets, encodeGroupSecrets),
  add_proposal: codec(decodeAdd, encodeAdd),
  update_proposal: codec(decodeUpdate, encodeUpdate),
  remove_proposal: codec(decodeRemove, encodeRemove),
  pre_shared_key_proposal: codec(decodePSK, encodePSK),
  re_init_proposal: codec(decodeReinit, encodeReinit),
  external_init_proposal: codec(decodeExternalInit, encodeExternalInit),
  group_context_extensions_proposal: codec(
    decodeGroupContextExtensions,
    encodeGroupContextExtensions,
  ),
  commit: codec(decodeCommit, encodeCommit),
};

interface TreeMath {
  readonly n_leaves: number;
  readonly n_nodes: number;
  readonly root: number;
  readonly left: readonly (number | null)[];
  readonly right: readonly (number | null)[];
  readonly parent: readonly (number | null)[];
  readonly sibling: readonly (number | null)[];
}

/** The index that a function of the tree answers, or null where it refuses. */
function answered(ask: () => number): number | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

(hasVectors ? describe : describe.skip)('T5: the official vectors of the encoding', () => {
  it.each(allVectorsOf<Record<string, string>>('messages'))('messages %i', (_index, vector) => {
    expect(Object.keys(vector).toSorted()).toEqual(Object.keys(CODECS).toSorted());
    for (const [name, digits] of Object.entries(vector))
      expect(CODECS[name]!(digits) === digits).toBe(true);
  });

  it.each(allVectorsOf<{ vlbytes_header: string; length: number }>('deserialization'))(
    'deserialization %i',
    (_index, { vlbytes_header, length }) => {
      expect(determineLength(bytes(vlbytes_header)).length).toBe(length);
    },
  );

  it.each(allVectorsOf<TreeMath>('tree-math'))('tree-math %i', (_index, vector) => {
    expect(nodeWidth(vector.n_leaves)).toBe(vector.n_nodes);
    expect(root(vector.n_leaves)).toBe(vector.root);
    const nodes = vector.left.map((_node, index) => toNodeIndex(index));
    const width = vector.n_leaves;
    expect(nodes.map((node) => answered(() => left(node)))).toEqual(vector.left);
    expect(nodes.map((node) => answered(() => right(node)))).toEqual(vector.right);
    expect(nodes.map((node) => answered(() => parent(node, width)))).toEqual(vector.parent);
    expect(nodes.map((node) => answered(() => sibling(node, width)))).toEqual(vector.sibling);
  });
});
