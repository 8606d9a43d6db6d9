/** What devices tell each other beside what people say, so that a server cannot show each of them something else. */
import { fromBase64, textOf, toBase64, utf8 } from '../crypto/bytes.js';
import type { Store, Transaction } from '../store/store.js';
import { putNotice } from './notices.js';
import { isShared } from './order.js';
import {
  TABLES,
  type ChatNews,
  type ClaimedHead,
  type Self,
  type StoredConversation,
  type StoredHead,
} from './records.js';

/** A head, and whose. */
export type KnownHead = StoredHead & { readonly server: string };

/** What is told with each message. */
export interface Gossip {
  /** How far the sender is in the conversation. */
  readonly order: readonly [sequence: number, hash: string] | null;
  /** A head of a key log that the sender found right: of the own server, or of that of somebody else here. */
  readonly keyLog: Omit<ClaimedHead, 'from' | 'heardAt'> | null;
}

const ORDER = 'tri:order';
const KEY_LOG = 'tri:keyLog';
const LONGEST = 300;
/** Claims of one person that wait to be compared. */
const CLAIMS = 16;
/** No log is longer; the API takes no greater size, and would refuse the whole question about it. */
const LARGEST_LOG = 2 ** 31 - 1;

/**
 * What this device has to tell; where nobody orders the conversation each server has an order of its own.
 * @param heads of the servers of those who take part: each message tells of one, in turn
 */
export function gossipOf(
  { order, isBestEffort, sentSinceRenewal }: StoredConversation,
  heads: readonly KnownHead[],
): Gossip {
  const told =
    !isBestEffort && order && order.hash !== null ? ([order.last, order.hash] as const) : null;
  const one = heads[sentSinceRenewal % Math.max(1, heads.length)];
  return {
    order: told,
    keyLog: one ? { server: one.server, size: one.size, root: one.root } : null,
  };
}

/** Heads of the servers of those who take part, that of the own one among them. */
export function headsFor(
  store: Store,
  { members }: StoredConversation,
  { actorUri }: Self,
): KnownHead[] {
  const own = new URL(actorUri).origin;
  return store
    .all<StoredHead>(TABLES.keyLog)
    .map((head) => ({ ...head, server: head.server ?? own }))
    .filter(({ server }) => server === own || members.some((uri) => uri.startsWith(`${server}/`)));
}

/** A payload with what is told beside it. */
export function withGossip(data: Uint8Array, { order, keyLog }: Gossip): Uint8Array {
  const activity = JSON.parse(textOf(data)) as Readonly<Record<string, unknown>>;
  const head = keyLog && [keyLog.server, keyLog.size, toBase64(keyLog.root)];
  return utf8(
    JSON.stringify({
      ...activity,
      ...(order && { [ORDER]: order }),
      ...(head && { [KEY_LOG]: head }),
    }),
  );
}

/** What was told beside a payload; anything that is not understood was not. */
export function readGossip(data: Uint8Array): Gossip {
  try {
    const activity = JSON.parse(textOf(data)) as Readonly<Record<string, unknown>>;
    return { order: orderOf(activity[ORDER]), keyLog: headOf(activity[KEY_LOG]) };
  } catch {
    return { order: null, keyLog: null };
  }
}

/** Remembers what somebody told, and what does not fit to what this device was shown. */
export function hear(
  tx: Transaction,
  { conversationId, sender, sentAt }: { conversationId: string; sender: string; sentAt: string },
  { order, keyLog }: Gossip,
): ChatNews[] {
  if (keyLog) putClaim(tx, { from: sender, ...keyLog, heardAt: sentAt });
  const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
  const own = conversation?.order ?? null;
  if (conversation?.isBestEffort || !order || isShared(own, order) !== false) return [];
  const noticed = { kind: 'otherHistory', identity: sender, sequence: order[0] } as const;
  return putNotice(tx, conversationId, sentAt, noticed);
}

/** Name of a claim in its table. */
export const claimKey = ({ from, server, size, root }: ClaimedHead): string =>
  [from, server, size, toBase64(root)].join(' ');

/** Keeps what somebody says they were shown, until it was compared; so much and no more of each, and nothing that can be no head. */
export function putClaim(tx: Transaction, claim: ClaimedHead): void {
  if (!Number.isInteger(claim.size) || claim.size < 0 || claim.size > LARGEST_LOG) return;
  const own = tx.all<ClaimedHead>(TABLES.heads).filter(({ from }) => from === claim.from);
  if (own.length < CLAIMS && !tx.get(TABLES.heads, claimKey(claim)))
    tx.put(TABLES.heads, claimKey(claim), claim);
}

function orderOf(value: unknown): Gossip['order'] {
  if (!Array.isArray(value)) return null;
  const [sequence, hash] = value as readonly unknown[];
  const isOne = Number.isSafeInteger(sequence) && typeof hash === 'string' && hash.length < LONGEST;
  return isOne ? [sequence as number, hash] : null;
}

function headOf(value: unknown): Gossip['keyLog'] {
  if (!Array.isArray(value)) return null;
  const [server, size, root] = value as readonly unknown[];
  const isText = [server, root].every((it) => typeof it === 'string' && it.length < LONGEST);
  if (!isText || !Number.isSafeInteger(size) || (size as number) < 0) return null;
  return { server: server as string, size: size as number, root: fromBase64(root as string) };
}
