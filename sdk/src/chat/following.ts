/**
 * Commits that come: the own one that waits for it, that of another device, and where nobody orders a conversation, one of two
 * that end the same epoch. There the one with the smaller digest counts, so the group before it is kept for a minute.
 */
import { isSame, toHex } from '../crypto/bytes.js';
import { MlsRefusal, type MlsGroup, type Received } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import type { Envelope } from './chat-server.js';
import { askedOfNewcomers } from './doubts.js';
import { digestOf, isOver, keepFormer } from './former-groups.js';
import { changeOf, putNotice } from './notices.js';
import { applied, broken, encryptAnew, NOTHING, toldOf, type Outcome } from './outcomes.js';
import {
  TABLES,
  type ChatNews,
  type Doubt,
  type FormerGroup,
  type Pending,
  type StoredConversation,
} from './records.js';
import { membersOf, type Session } from './session.js';

/** A commit as it came. */
export interface Arrived {
  readonly envelope: Envelope;
  readonly bytes: Uint8Array;
  /** The group as it is here. */
  readonly group: MlsGroup;
}

/** What a commit makes of the store. */
export async function follow(session: Session, arrived: Arrived): Promise<Outcome> {
  const { envelope, bytes, group } = arrived;
  const { conversationId, epoch, sentAt } = envelope;
  const { store } = session;
  if (BigInt(epoch ?? 0) < group.epoch) return overtake(session, arrived);
  const pending = store.get<Pending>(TABLES.pending, conversationId);
  if (pending && isSame(pending.commit, bytes)) return applied(session, pending);
  const { doubts } = store.get<StoredConversation>(TABLES.conversations, conversationId)!;
  const received = await unlessRefused(() => session.engine.receive(group, bytes));
  if (received?.kind !== 'commit') return broken(conversationId, sentAt);
  return take(session, arrived, { received, group, doubts }, () => []);
}

/** A commit of an epoch that is over: nothing, unless nobody orders the conversation and this is the one that counts. */
async function overtake(session: Session, arrived: Arrived): Promise<Outcome> {
  const { envelope, bytes, group: now } = arrived;
  const { conversationId, epoch, sentAt } = envelope;
  const former = session.store.get<FormerGroup>(TABLES.former, conversationId);
  if (isSecond(session, arrived)) {
    const noticed = { kind: 'parted', epoch: epoch ?? 0, isHere: false } as const;
    return { write: (tx) => putNotice(tx, conversationId, sentAt, noticed) };
  }
  const isRival = former?.epoch === epoch && now.epoch === BigInt(former.epoch) + 1n;
  if (!isRival || toHex(digestOf(bytes)) >= toHex(former.digest)) return NOTHING;
  if (!former.group || isOver(former, Date.now())) return broken(conversationId, sentAt);
  const { doubts } = former;
  const group = session.engine.importGroup(former.group);
  const received = await unlessRefused(() => session.engine.receive(group, bytes));
  // Whoever made it may be wrong; those who cannot follow stay together.
  if (received?.kind !== 'commit') return NOTHING;
  return take(session, arrived, { received, group, doubts }, (tx) => {
    encryptAnew(tx, conversationId);
    const { identity } = received.sender;
    return putNotice(tx, conversationId, sentAt, { kind: 'overtaken', by: identity });
  });
}

/**
 * Whether it is one more commit of an epoch of this very group where somebody orders the conversation, so that each epoch has one.
 * The own one, which takes effect with the answer of the server, comes once more.
 */
function isSecond({ engine, self, store }: Session, { envelope, bytes, group }: Arrived): boolean {
  const { conversationId, senderDeviceId, epoch } = envelope;
  const conversation = store.get<StoredConversation>(TABLES.conversations, conversationId)!;
  if (conversation.isBestEffort || senderDeviceId === self.deviceId) return false;
  const { groupId } = engine.header(bytes);
  // Those that were there before this device came in may come after that was accepted.
  const since = Math.max(conversation.joinedEpoch, conversation.cameIn?.epoch ?? 0);
  return groupId !== null && isSame(groupId, group.groupId) && (epoch ?? 0) >= since;
}

interface Step {
  readonly received: Extract<Received, { readonly kind: 'commit' }>;
  /** The group that it is a commit to, and what was doubtful about it. */
  readonly group: MlsGroup;
  readonly doubts: readonly Doubt[];
}

async function take(
  session: Session,
  { envelope, bytes, group: now }: Arrived,
  { received, group, doubts: former }: Step,
  also: (tx: Transaction) => readonly ChatNews[],
): Promise<Outcome> {
  const { engine, people, self } = session;
  const { conversationId } = envelope;
  const asked = await askedOfNewcomers(session, conversationId, received);
  const fresh = await people.doubtsOf(received.added, conversationId, asked);
  const still = former.filter(({ signatureKey }) =>
    received.next.members.some((member) => isSame(member.signatureKey, signatureKey)),
  );
  return {
    spent: received.spent,
    write: (tx) => {
      keepFormer(tx, engine, conversationId, { group, doubts: former, commit: bytes });
      const doubts = [...still, ...fresh];
      session.putGroup(tx, conversationId, received.next, { doubts });
      tx.remove(TABLES.pending, conversationId);
      return [
        { kind: 'conversation', conversationId },
        ...also(tx),
        ...toldOf(conversationId, fresh),
        ...noticesOf(tx, { ...envelope, self: self.actorUri }, now, received),
      ];
    },
  };
}

/** What people should see of a commit, beside what they saw before it. */
function noticesOf(
  tx: Transaction,
  { conversationId, sentAt, self }: Envelope & { readonly self: string },
  before: MlsGroup,
  { sender, next, isReturn }: Step['received'],
): ChatNews[] {
  if (isReturn)
    return putNotice(tx, conversationId, sentAt, { kind: 'returned', identity: sender.identity });
  // Whoever was sent away does not see the group that goes on without them.
  const after = next.isActive ? membersOf(next) : membersOf(before).filter((uri) => uri !== self);
  const change = changeOf(membersOf(before), after);
  if (change.added.length + change.removed.length === 0) return [];
  return putNotice(tx, conversationId, sentAt, { kind: 'members', by: sender.identity, ...change });
}

/** Null where MLS refuses; everything else is a fault. */
export async function unlessRefused<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (fault) {
    if (fault instanceof MlsRefusal) return null;
    throw fault;
  }
}
