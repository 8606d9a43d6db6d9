/**
 * Doubts about devices of a conversation: looked at anew, as their person's server may have been out of reach when they came in,
 * and accepted.
 */
import { ApiError, NetworkError } from '../client/errors.js';
import { isSame } from '../crypto/bytes.js';
import { printRecord } from '../store/store.js';
import { TABLES, type Doubt, type StoredConversation } from './records.js';
import type { Session } from './session.js';

/** Lets doubts go that the server gives no reason for any more; while it is not to be had all of them stay. */
export async function settleDoubts(session: Session, id: string): Promise<void> {
  const { doubts } = session.conversation(id);
  const group = doubts.length > 0 ? session.findGroup(id) : null;
  if (!group) return;
  const doubtful = group.members.filter(({ signatureKey }) => isAbout(doubts, signatureKey));
  const still = await stillDoubtful(() => session.people.doubtsOf(doubtful, id));
  if (!still || still.length === doubts.length) return;
  await session.groups.run(async () => {
    await session.write((tx) => {
      const now = tx.get<StoredConversation>(TABLES.conversations, id);
      if (!now) return [];
      // What came meanwhile has not been looked at.
      const left = now.doubts.filter(
        ({ signatureKey }) => !isAbout(doubts, signatureKey) || isAbout(still, signatureKey),
      );
      tx.put(TABLES.conversations, id, { ...now, doubts: left });
      return [{ kind: 'conversation', conversationId: id }];
    });
  });
}

/** Believes what was doubtful of a conversation and the person has seen, each as it was seen; everything else stays. */
export async function acceptDoubts(
  session: Session,
  id: string,
  seen: readonly Doubt[],
): Promise<void> {
  const names = new Set(seen.map(printRecord));
  const isSeen = (doubt: Doubt): boolean => names.has(printRecord(doubt));
  await session.people.accept(session.conversation(id).doubts.filter(isSeen));
  await session.groups.run(async () => {
    await session.write((tx) => {
      const now = tx.get<StoredConversation>(TABLES.conversations, id);
      if (!now) return [];
      const left = now.doubts.filter((doubt) => !isSeen(doubt));
      tx.put(TABLES.conversations, id, { ...now, doubts: left });
      return [{ kind: 'conversation', conversationId: id }];
    });
  });
}

const isAbout = (doubts: readonly Doubt[], key: Uint8Array): boolean =>
  doubts.some(({ signatureKey }) => isSame(signatureKey, key));

/** Null = it could not be asked. */
async function stillDoubtful(ask: () => Promise<Doubt[]>): Promise<Doubt[] | null> {
  try {
    return await ask();
  } catch (fault) {
    if (fault instanceof NetworkError || fault instanceof ApiError) return null;
    throw fault;
  }
}
