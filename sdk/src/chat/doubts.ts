/** Doubts about devices of a conversation, looked at anew: their person's server may have been out of reach when they came in. */
import { ApiError, NetworkError } from '../client/errors.js';
import { isSame } from '../crypto/bytes.js';
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
