/**
 * What is done to a message that has not come yet: votes, reactions and changes can overtake it where nobody orders the
 * conversation, or where it was withheld for a while. They wait for it, so many and for so long.
 */
import type { Transaction } from '../store/store.js';
import type { Proof } from './franking.js';
import type { Payload } from './payload.js';
import { TABLES, type Early } from './records.js';

/** Of one conversation; whoever makes more of them drives out the oldest ones. */
const MOST = 100;
const KEPT_MS = 7 * 86_400_000;

/** Keeps something until the message comes that it is about. @param ends when it goes by itself; null = it stays */
export function putEarly(
  tx: Transaction,
  origin: Omit<Early, 'id' | 'proof' | 'payload' | 'until'> & { readonly proof?: Proof | null },
  payload: Payload,
  ends: string | null,
): void {
  const { conversationId, sender, sequence, sentAt, proof = null } = origin;
  const waiting = earlyIn(tx, conversationId);
  for (const { id } of waiting.slice(0, Math.max(0, waiting.length - MOST + 1)))
    tx.remove(TABLES.early, id);
  const until = ends ?? new Date(Date.parse(sentAt) + KEPT_MS).toISOString();
  // Ids inside the encryption are anybody's choice.
  const id = [conversationId, sender, payload.id].join(' ');
  const place = { conversationId, sender, sequence, sentAt, proof };
  tx.put(TABLES.early, id, { id, ...place, payload, until } satisfies Early);
}

/** What waits for a message that has come now, the oldest first; it waits no more. */
export function takeEarly(tx: Transaction, conversationId: string, messageId: string): Early[] {
  const found = earlyIn(tx, conversationId).filter(
    ({ payload }) => 'target' in payload && payload.target === messageId,
  );
  for (const { id } of found) tx.remove(TABLES.early, id);
  return found;
}

/** Lets go of what waited in vain. */
export function forgetEarly(tx: Transaction, now: Date): void {
  for (const { id, until } of tx.all<Early>(TABLES.early))
    if (Date.parse(until) <= now.getTime()) tx.remove(TABLES.early, id);
}

const earlyIn = (tx: Transaction, conversationId: string): Early[] =>
  tx
    .all<Early>(TABLES.early)
    .filter((early) => early.conversationId === conversationId)
    .sort((one, other) => one.sentAt.localeCompare(other.sentAt));
