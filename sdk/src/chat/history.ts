/** What was said, for another device of the person. */
import { textOf, utf8 } from '../crypto/bytes.js';
import { parseRecord, printRecord, type Store, type Transaction } from '../store/store.js';
import { messageKey } from './conversation-state.js';
import { TABLES, type StoredConversation, type StoredMessage } from './records.js';

/** What was said. Groups are not in it: another device is let in anew, so no key is ever used twice. */
export interface History {
  readonly conversations: readonly StoredConversation[];
  readonly messages: readonly StoredMessage[];
}

/** All of it, without what waits to be sent, and without what is over. */
export function historyOf(store: Store, now: Date): History {
  return {
    conversations: store.all<StoredConversation>(TABLES.conversations).map((it) => {
      // The device that gets it is in no group yet: another one lets it in, or it comes in by itself.
      // Its order begins there, so what was said before is not missing.
      const isBroken = it.isBroken || it.isMember;
      const { cameIn: _own, ...lasting } = it;
      return { ...lasting, isMember: false, doubts: [], order: null, isBroken };
    }),
    messages: store.all<StoredMessage>(TABLES.messages).filter(({ sequence, expiresAt }) => {
      const isOver = expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
      return sequence !== null && !isOver;
    }),
  };
}

/** Stores it in a store that has nothing yet. */
export function putHistory(tx: Transaction, { conversations, messages }: History): void {
  for (const conversation of conversations)
    tx.put(TABLES.conversations, conversation.id, conversation);
  for (const message of messages)
    tx.put(TABLES.messages, messageKey(message.conversationId, message.id), message);
}

/** As bytes of a file. */
export const printHistory = (history: History): Uint8Array => utf8(printRecord(history));

/** What was printed so. */
export const readHistory = (bytes: Uint8Array): History => parseRecord(textOf(bytes)) as History;
