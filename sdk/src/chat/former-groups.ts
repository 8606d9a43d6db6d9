/** Groups as they were before their last commit, where another one of the same epoch may still be the one that counts. */
import { blake2b } from '@noble/hashes/blake2.js';
import type { MlsEngine, MlsGroup } from '../mls/engine.js';
import type { Store, Transaction } from '../store/store.js';
import { TABLES, type Doubt, type FormerGroup, type StoredConversation } from './records.js';

/** For so long; servers without a hub hand out no other commit later. */
const KEPT_MS = 60_000;
const DIGEST_BYTES = 32;

/** By this digest the smaller one of two commits counts. @source chat of servers without a hub */
export const digestOf = (commit: Uint8Array): Uint8Array =>
  blake2b(commit, { dkLen: DIGEST_BYTES });

/** What a commit leaves behind. */
export interface Left {
  readonly group: MlsGroup;
  readonly doubts: readonly Doubt[];
  readonly commit: Uint8Array;
}

/** Keeps the group before a commit; nothing where a hub orders the conversation. */
export function keepFormer(
  tx: Transaction,
  engine: MlsEngine,
  conversationId: string,
  { group, doubts, commit }: Left,
): void {
  if (!tx.get<StoredConversation>(TABLES.conversations, conversationId)?.isBestEffort) return;
  const epoch = Number(group.epoch);
  const known = tx.get<FormerGroup>(TABLES.former, conversationId);
  // A third commit of the epoch makes it no younger.
  const until = known?.epoch === epoch ? known.until : Date.now() + KEPT_MS;
  const kept = { conversationId, epoch, digest: digestOf(commit), doubts, until };
  tx.put(TABLES.former, conversationId, { ...kept, group: engine.exportGroup(group) });
}

/** Whether it should not be there any more. */
export const isOver = ({ until }: FormerGroup, now: number): boolean => until <= now;

/** Lets groups go whose time is over; which commit counted stays known. @returns whether there were any */
export async function forgetFormer(store: Store, now: number): Promise<boolean> {
  const isDue = (former: FormerGroup): boolean => former.group !== null && isOver(former, now);
  if (!store.all<FormerGroup>(TABLES.former).some(isDue)) return false;
  await store.transaction((tx) => {
    for (const former of tx.all<FormerGroup>(TABLES.former).filter(isDue))
      tx.put(TABLES.former, former.conversationId, { ...former, group: null, doubts: [] });
  });
  return true;
}
