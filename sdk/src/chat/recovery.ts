/** What helps when the group of a conversation cannot go on. */
import sodium from 'libsodium-wrappers';
import { toBase64 } from '../crypto/bytes.js';
import { MlsRefusal } from '../mls/engine.js';
import type { Commits } from './commits.js';
import { keysOf } from './device.js';
import type { Inbox } from './inbox.js';
import { GROUP_ID_BYTES, type Membership } from './membership.js';
import { putNotice } from './notices.js';
import { TABLES, type StoredConversation } from './records.js';
import { freshConversation, type Session } from './session.js';

/** What was done: nothing was needed, this device came in by itself, or the group was begun anew. */
export type Repaired = 'nothing' | 'returned' | 'reset';

/** Ways back into conversations. */
export class Recovery {
  readonly #session: Session;
  readonly #inbox: Inbox;
  readonly #commits: Commits;
  readonly #membership: Membership;

  constructor(session: Session, inbox: Inbox, commits: Commits, membership: Membership) {
    this.#session = session;
    this.#inbox = inbox;
    this.#commits = commits;
    this.#membership = membership;
  }

  /**
   * Comes back into a conversation that this device cannot go on with; where its group takes nobody back, begins it anew.
   * @throws {RefusedError} FORBIDDEN for whoever is no admin of a group that has to be begun anew
   */
  async repair(conversationId: string): Promise<Repaired> {
    await this.#inbox.catchUp();
    if (!(await this.#isNeeded(conversationId))) return 'nothing';
    if (await this.#rejoin(conversationId)) return 'returned';
    await this.reset(conversationId);
    return 'reset';
  }

  /**
   * Comes into all conversations of the person that this device is not in, where another device of theirs is or was in the group.
   * @returns ids of those that it came into
   * @throws what kept it out of the first one that failed for another reason, such as a server out of reach, once all others
   *   have had their turn
   */
  async comeBack(): Promise<string[]> {
    const { server, store } = this.#session;
    await this.#inbox.catchUp();
    const returned: string[] = [];
    const faults: unknown[] = [];
    for (const id of await server.encryptedConversations()) {
      const known = store.get<StoredConversation>(TABLES.conversations, id);
      if (known && !known.isBroken) continue;
      try {
        if (await this.#rejoin(id)) returned.push(id);
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw faults[0];
    return returned;
  }

  /** @returns false where the group takes this device in no more */
  async #rejoin(conversationId: string): Promise<boolean> {
    try {
      await this.#commits.rejoin(conversationId);
    } catch (fault) {
      if (!(fault instanceof MlsRefusal)) throw fault;
      return false;
    }
    // The lost devices of the person are in the group as long as nobody takes them out, and are doubtful: they were revoked.
    await this.#membership.removeGone(conversationId);
    return true;
  }

  /** Begins the group anew with everybody who was in it; nothing of the old one can be read by new keys, nor the reverse. */
  async reset(conversationId: string): Promise<void> {
    const { server, engine, self, groups, store } = this.#session;
    const shown = await server.conversation(conversationId);
    if (!shown) throw new RangeError('There is no such conversation.');
    await sodium.ready;
    const groupId = sodium.randombytes_buf(GROUP_ID_BYTES);
    const group = await engine.createGroup(keysOf(self), groupId);
    await server.reset(self.deviceId, conversationId, groupId);
    await groups.run(async () => {
      const { isGroup } = shown;
      const known =
        store.get<StoredConversation>(TABLES.conversations, conversationId) ??
        freshConversation({ id: conversationId, isGroup });
      // Only whom the people here knew: the server may have others on its list.
      const toReturn = known.members.filter((uri) => uri !== self.actorUri);
      const order = known.order && { ...known.order, hash: null };
      const { cameIn: _over, ...lasting } = known;
      const fresh = { ...lasting, toReturn, order, doubts: [], isBroken: false, isParted: false };
      const at = new Date().toISOString();
      await this.#session.write((tx) => {
        tx.remove(TABLES.pending, conversationId);
        tx.remove(TABLES.former, conversationId);
        tx.put(TABLES.conversations, conversationId, { ...fresh, joinedEpoch: 0, renewedAt: at });
        this.#session.putGroup(tx, conversationId, group);
        const noticed = { kind: 'reset', added: [], removed: [] } as const;
        return [
          { kind: 'conversation', conversationId },
          ...putNotice(tx, conversationId, at, noticed),
        ];
      });
    });
    await this.#membership.letReturn(conversationId);
  }

  /** A device that is out for good needs no way back. */
  async #isNeeded(conversationId: string): Promise<boolean> {
    const { store, server } = this.#session;
    const known = store.get<StoredConversation>(TABLES.conversations, conversationId);
    if (!known || known.isBroken || known.isParted) return true;
    const group = this.#session.findGroup(conversationId);
    if (!group) return false;
    const shown = await server.conversation(conversationId);
    return shown !== null && shown.mlsGroupId !== toBase64(group.groupId);
  }
}
