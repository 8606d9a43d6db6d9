/** What an entry of the mailbox makes of the store. */
import { isSame } from '../crypto/bytes.js';
import type { Received } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import type { Envelope } from './chat-server.js';
import { applyPayload, type Origin } from './conversation-state.js';
import { keepFormer } from './former-groups.js';
import { putNotice } from './notices.js';
import {
  TABLES,
  type ChatNews,
  type Doubt,
  type Pending,
  type StoredConversation,
} from './records.js';
import type { Session } from './session.js';

/** Messages of this device after which it renews its keys. */
export const RENEW_AFTER = 500;

/** What is written, and which secrets are over then. */
export interface Outcome {
  readonly write: (tx: Transaction) => readonly ChatNews[];
  readonly spent?: readonly Uint8Array[];
}

/** An entry that changes nothing. */
export const NOTHING: Outcome = { write: () => [] };

/** The own commit was accepted. */
export function applied(session: Session, pending: Pending): Outcome {
  const { engine } = session;
  const { conversationId } = pending;
  const next = engine.importGroup(pending.next);
  return {
    write: (tx) => {
      const before = tx.get<StoredConversation>(TABLES.conversations, conversationId);
      const former = before?.doubts ?? [];
      const group = session.findGroup(conversationId);
      if (group && !before?.isBroken) {
        keepFormer(tx, engine, conversationId, { group, doubts: former, commit: pending.commit });
      } else tx.remove(TABLES.former, conversationId);
      const doubts = [
        ...pending.doubts,
        ...former.filter((doubt) => isNew(doubt, pending.doubts)),
      ].filter(({ signatureKey }) =>
        next.members.some((member) => isSame(member.signatureKey, signatureKey)),
      );
      const renewedAt = new Date().toISOString();
      session.putGroup(tx, conversationId, next, {
        doubts,
        sentSinceRenewal: 0,
        renewedAt,
        isBroken: false,
      });
      tx.remove(TABLES.pending, conversationId);
      const told = toldOf(conversationId, pending.doubts);
      return [{ kind: 'conversation', conversationId }, ...told];
    },
  };
}

const isNew = ({ signatureKey }: Doubt, among: readonly Doubt[]): boolean =>
  !among.some((doubt) => isSame(doubt.signatureKey, signatureKey));

/** A commit that cannot be followed: nothing of the conversation can be read until this device comes back. */
export const broken = (conversationId: string, at: string): Outcome => ({
  write: (tx) => {
    const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
    if (!conversation) return [];
    tx.put(TABLES.conversations, conversationId, { ...conversation, isBroken: true });
    const notices = putNotice(tx, conversationId, at, { kind: 'stuck' });
    return [{ kind: 'conversation', conversationId }, ...notices];
  },
});

/** A message that should be readable and is not: people see that there was something. */
export const unreadable = (envelope: Envelope): Outcome => ({
  write: (tx) =>
    applyPayload(
      tx,
      { ...placeOf(envelope), sender: '' },
      { id: `unreadable:${envelope.id}`, kind: 'unknown', type: 'unreadable' },
    ),
});

/** Where the server says that something is. */
export const placeOf = ({
  conversationId,
  sequence,
  sentAt,
}: Envelope): Omit<Origin, 'sender'> => ({
  conversationId,
  sequence,
  sentAt,
});

/** Where something is, and who wrote it. */
export const originOf = (envelope: Envelope, { sender }: Received): Origin => ({
  ...placeOf(envelope),
  sender: sender.identity,
});

/** Doubts as the application hears of them. */
export const toldOf = (conversationId: string, doubts: readonly Doubt[]): ChatNews[] =>
  doubts.map((doubt) => ({ kind: 'doubt', conversationId, doubt }));
