/** Words of the logs of keys that other servers keep. */
import { isSignedBy } from '../platform/ed25519.js';
import { hashLeaf } from './internal/merkle-tree.js';
import { headText, type KeyLogHead } from './key-log.queries.js';
import type { KeyLogKind } from './key-log.js';
import { isIncluded } from './merkle-proofs.js';

/** Entries of one person that are read of the log of another server; somebody with more is not watched. */
export const MOST_REMOTE_ENTRIES = 400;

/** What the log of another server is to this one. */
export const REMOTE_KEY_LOG_STATES = {
  SOUND: 'It was read, and fits to all that was read of it before.',
  CONTRADICTED: 'It was read, and does not fit: `contradictions` say to what.',
  NONE: 'Their software keeps no such log: their keys are believed when they are first seen.',
  UNAVAILABLE: 'Their server does not answer, or nothing that can be read.',
} as const;

/** One of the states. */
export type RemoteKeyLogState = keyof typeof REMOTE_KEY_LOG_STATES;

/** What does not fit in the log of another server. */
export const KEY_LOG_CONTRADICTIONS = {
  FORGED_HEAD: 'A head whose signature is wrong.',
  OTHER_SERVER_KEY: 'A head that another key has signed than the one that was known.',
  NOT_CONTINUED:
    'A head of which the server does not prove that it continues the one that was kept.',
  ROLLED_BACK: 'A head that is smaller than one that was signed well before it.',
  NOT_INCLUDED: 'An entry that is not in the log that the head is of.',
  GHOST_DEVICE: 'A device that the server shows, and that is not in its log.',
  WITHHELD: 'Their server has a log of keys, and does not show what it says of them.',
  OTHER_IDENTITY: 'An identity key that the server shows, and that is not the one in its log.',
} as const;

/** One of the kinds. */
export type KeyLogContradictionKind = keyof typeof KEY_LOG_CONTRADICTIONS;

/** A head as JSON has it: what is signed is its text. */
export interface WrittenHead {
  readonly treeSize: number;
  /** Base64, as all bytes here. */
  readonly rootHash: string;
  readonly signedAt: string;
  readonly signature: string;
  readonly serverKey: string;
}

/** An entry of the log of another server, with what proves it. */
export interface RemoteKeyLogEntry {
  readonly index: number;
  readonly kind: KeyLogKind;
  readonly payload: Buffer;
  readonly inclusion: readonly Buffer[];
}

/** Bytes of a head. */
export function headOf({ rootHash, signedAt, signature, serverKey, ...rest }: WrittenHead) {
  return {
    ...rest,
    rootHash: Buffer.from(rootHash, 'base64'),
    signedAt: new Date(signedAt),
    signature: Buffer.from(signature, 'base64'),
    serverKey: Buffer.from(serverKey, 'base64'),
  };
}

/** A head as it is kept. */
export function written({ treeSize, rootHash, signedAt, signature, serverKey }: KeyLogHead) {
  return {
    treeSize,
    rootHash: base64(rootHash),
    signedAt: signedAt.toISOString(),
    signature: base64(signature),
    serverKey: base64(serverKey),
  };
}

/** Whether the key that a head names has signed it as that of this server. */
export function isSignedHead(origin: string, head: KeyLogHead): Promise<boolean> {
  return isSignedBy(head.serverKey, headText(origin, head), head.signature);
}

/** Whether an entry is in the log that a head is of. */
export async function isInLog(
  { index, payload, inclusion }: RemoteKeyLogEntry,
  { treeSize, rootHash }: KeyLogHead,
): Promise<boolean> {
  const tree = { treeSize, rootHash: Buffer.from(rootHash) };
  return isIncluded({ index, hash: await hashLeaf(payload) }, tree, inclusion);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
