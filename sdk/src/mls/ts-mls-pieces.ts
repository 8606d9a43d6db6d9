/**
 * A group in pieces. A message moves one ratchet of one device on, while the tree of all devices stays as it is until the next
 * commit; so the tree, the ratchets in small lots, what is left of earlier epochs, and the rest are kept apart.
 */
import type { ClientState, GroupState, RatchetTree } from 'ts-mls';
import { decodeGroupStateWithoutTree, encodeGroupStateWithoutTree } from 'ts-mls/clientState.js';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import {
  decodeEpochReceiverData,
  epochReceiverDataEncoder,
  type EpochReceiverData,
} from 'ts-mls/epochReceiverData.js';
import { decodeRatchetTree, ratchetTreeEncoder } from 'ts-mls/ratchetTree.js';
import { decodeSecretTree, secretTreeEncoder, type SecretTree } from 'ts-mls/secretTree.js';
import { MlsRefusal, type GroupPieces } from './engine.js';
import { whole } from './ts-mls-messages.js';

const TREE = 'tree';
const REST = 'rest';
const RATCHETS = 'ratchets ';
const EPOCH = 'epoch ';
/** Ratchets in one piece: nodes of the tree, two for each device. */
const LOT = 32;

/** The pieces that are not those of `former`; null = there is none of this name any more. */
export function piecesOf(
  state: ClientState,
  former: ClientState | null,
): Map<string, Uint8Array | null> {
  const pieces = new Map<string, Uint8Array | null>();
  if (former?.ratchetTree !== state.ratchetTree)
    pieces.set(TREE, encode(ratchetTreeEncoder)(state.ratchetTree));
  // Small, so nobody asks whether it is another one.
  const rest = { ...state, secretTree: [], historicalReceiverData: new Map() };
  pieces.set(REST, encodeGroupStateWithoutTree(rest));
  putRatchets(pieces, state.secretTree, former?.secretTree ?? []);
  putEpochs(pieces, state.historicalReceiverData, former?.historicalReceiverData ?? new Map());
  return pieces;
}

function putRatchets(
  pieces: Map<string, Uint8Array | null>,
  tree: SecretTree,
  former: SecretTree,
): void {
  for (let at = 0; at < Math.max(tree.length, former.length); at += LOT) {
    const lot = tree.slice(at, at + LOT);
    const before = former.slice(at, at + LOT);
    const isSame = lot.length === before.length && lot.every((node, i) => node === before[i]);
    if (isSame) continue;
    const bytes = lot.length > 0 ? encode(secretTreeEncoder)(lot) : null;
    pieces.set(`${RATCHETS}${at / LOT}`, bytes);
  }
}

function putEpochs(
  pieces: Map<string, Uint8Array | null>,
  epochs: ReadonlyMap<bigint, EpochReceiverData>,
  former: ReadonlyMap<bigint, EpochReceiverData>,
): void {
  for (const [epoch, data] of epochs)
    if (former.get(epoch) !== data)
      pieces.set(`${EPOCH}${epoch}`, encode(epochReceiverDataEncoder)(data));
  for (const epoch of former.keys()) if (!epochs.has(epoch)) pieces.set(`${EPOCH}${epoch}`, null);
}

/** The group of all of its pieces. @throws {MlsRefusal} when one is missing */
export function joinPieces(pieces: GroupPieces): GroupState {
  const tree: RatchetTree = whole(decodeRatchetTree, piece(pieces, TREE));
  const state = whole(decodeGroupStateWithoutTree(tree), piece(pieces, REST));
  const secretTree: SecretTree = [];
  for (let lot = 0; pieces.has(`${RATCHETS}${lot}`); lot += 1)
    secretTree.push(...whole(decodeSecretTree, piece(pieces, `${RATCHETS}${lot}`)));
  const epochs = [...pieces].flatMap(([name, bytes]): [bigint, EpochReceiverData][] =>
    name.startsWith(EPOCH)
      ? [[BigInt(name.slice(EPOCH.length)), whole(decodeEpochReceiverData, bytes)]]
      : [],
  );
  return { ...state, secretTree, historicalReceiverData: new Map(inOrder(epochs)) };
}

/** The oldest epoch is the first that goes. */
const inOrder = (epochs: [bigint, EpochReceiverData][]): [bigint, EpochReceiverData][] =>
  epochs.toSorted(([one], [other]) => Number(one - other));

function piece(pieces: GroupPieces, name: string): Uint8Array {
  const bytes = pieces.get(name);
  if (!bytes) throw new MlsRefusal('A piece of the group is missing.');
  return bytes;
}
