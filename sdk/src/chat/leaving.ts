/** Leaving conversations. */
import { HubUnreachableError, NetworkError } from '../client/errors.js';
import type { Outbox } from './outbox.js';
import type { Session } from './session.js';

/**
 * Leaves a conversation with all devices of the person. It is said inside the encryption first: the server tells devices of
 * the person nothing any more, and somebody whom it took out by itself would look like one who left. @throws {NetworkError}
 */
export async function leave(
  session: Session,
  outbox: Outbox,
  conversationId: string,
): Promise<void> {
  try {
    await outbox.send(conversationId, { kind: 'leave' });
  } catch (fault) {
    // Whoever cannot say anything can go all the same; without the own server nobody can.
    if (fault instanceof NetworkError && !(fault instanceof HubUnreachableError)) throw fault;
  }
  await session.server.leave(conversationId);
  await session.groups.run(async () => {
    await session.write((tx) => {
      session.dropGroup(tx, conversationId);
      return [{ kind: 'conversation', conversationId }];
    });
  });
}
