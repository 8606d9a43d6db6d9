/** What an entry of the mailbox makes of the store. */
import { EMPTY, isSame } from '../crypto/bytes.js';
import type { MlsGroup, Received } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import type { Envelope } from './chat-server.js';
import { applyPayload, type Origin } from './conversation-state.js';
import { keepFormer } from './former-groups.js';
import { putNotice } from './notices.js';
import {
  TABLES,
  type ChatNews,
  type Doubt,
  type Outgoing,
  type Pending,
  type StoredConversation,
} from './records.js';
import { membersOf, type Session } from './session.js';

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
        ...(pending.isReturn && { isParted: false, cameIn: comingIn(session, next) }),
      });
      // The group before may have been one in which others are than in this.
      if (pending.isReturn) encryptAnew(tx, conversationId);
      tx.remove(TABLES.pending, conversationId);
      const told = toldOf(conversationId, pending.doubts);
      return [{ kind: 'conversation', conversationId }, ...told];
    },
  };
}

/** Whoever comes in by itself has heard nobody yet. */
const comingIn = ({ self }: Session, next: MlsGroup): StoredConversation['cameIn'] => ({
  epoch: Number(next.epoch),
  unheard: membersOf(next).filter((uri) => uri !== self.actorUri),
});

/** Has what waits be encrypted in the group that counts now, before it is sent. */
export function encryptAnew(tx: Transaction, conversationId: string): void {
  for (const waiting of tx.all<Outgoing>(TABLES.outbox))
    if (waiting.conversationId === conversationId)
      tx.put(TABLES.outbox, waiting.clientMessageId, { ...waiting, message: EMPTY });
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

/**
 * Something came that is not of the group as this device knows it: it was led into a state that is over, or is not shown what the
 * others are. Nothing is sent until it comes in anew.
 */
export const parted = (envelope: Envelope): Outcome => ({
  write: (tx) => {
    const { conversationId, sentAt, epoch } = envelope;
    const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
    if (!conversation) return [];
    const news = unreadable(envelope).write(tx);
    if (conversation.isParted) return news;
    tx.put(TABLES.conversations, conversationId, { ...conversation, isParted: true });
    const noticed = { kind: 'parted', epoch: epoch ?? 0, isHere: true } as const;
    const notices = putNotice(tx, conversationId, sentAt, noticed);
    return [...news, { kind: 'conversation', conversationId }, ...notices];
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
