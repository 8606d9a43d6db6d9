/** The other devices of the person: each is to be in all conversations in which this one is. */
import { NetworkError } from '../client/errors.js';
import type { Inbox } from './inbox.js';
import type { Membership } from './membership.js';
import type { Outbox } from './outbox.js';
import { TABLES, type StoredConversation } from './records.js';
import type { Session } from './session.js';
import { tellState } from './tell-state.js';

/** Lets them in. */
export class OwnDevices {
  readonly #session: Session;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #membership: Membership;

  constructor(session: Session, inbox: Inbox, outbox: Outbox, membership: Membership) {
    this.#session = session;
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#membership = membership;
  }

  /** Lets those into a conversation that are not in it, and tells them what they cannot read of it. */
  async letIn(conversationId: string): Promise<void> {
    if (!(await this.#membership.addOwnDevices(conversationId))) return;
    // Whoever began it may have said what it is called before that; only this device can read it.
    await this.#inbox.catchUp();
    await tellState(this.#session, this.#outbox, conversationId);
  }

  /**
   * The same for conversations into which this device was let since the last time: whoever did so may not have heard yet of a
   * device that was linked meanwhile. What is refused is left to `maintain`. @throws {NetworkError}
   */
  async letIntoFresh(): Promise<void> {
    const fresh = this.#session.store
      .all<StoredConversation>(TABLES.conversations)
      .filter(({ isMember, isBroken, isFresh }) => isFresh && isMember && !isBroken);
    for (const { id } of fresh) {
      try {
        await this.letIn(id);
      } catch (fault) {
        if (fault instanceof NetworkError) throw fault;
      }
      await this.#session.groups.run(async () => {
        await this.#session.write((tx) => {
          const now = tx.get<StoredConversation>(TABLES.conversations, id);
          if (now) tx.put(TABLES.conversations, id, { ...now, isFresh: false });
          return [];
        });
      });
    }
  }
}
