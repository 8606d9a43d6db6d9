/** Changes of groups: a commit is stored, sent, and takes effect once the server has accepted it. */
import { NetworkError, RefusedError } from '../client/errors.js';
import { pause } from '../client/transport.js';
import { fromBase64, isSame, toBase64 } from '../crypto/bytes.js';
import { MlsRefusal, type MlsGroup, type PendingCommit } from '../mls/engine.js';
import { isRefused, type ShownConversation } from './chat-server.js';
import { keysOf } from './device.js';
import type { Inbox } from './inbox.js';
import { applied } from './outcomes.js';
import { TABLES, type Doubt, type Pending } from './records.js';
import { freshConversation, type Session } from './session.js';

/** A change as the group and the server have to hear of it. */
export interface Plan {
  /** Raw key packages. */
  readonly add?: readonly Uint8Array[];
  /** Leaves. */
  readonly remove?: readonly number[];
  readonly addMemberIds?: readonly string[];
  readonly removeMemberIds?: readonly string[];
  readonly removeDeviceIds?: readonly string[];
  /** This device comes in by it. */
  readonly isReturn?: boolean;
}

/** Attempts at one change; each lost one means that somebody else's went through. */
const ATTEMPTS = 40;
/** Questions whether it is this device's turn before it tries without. */
const TURNS = 8;
/** Milliseconds that a turn takes, and by how much those who wait are scattered. */
const TURN = 1500;
const SCATTER = 100;
/** How often a way in may be older than the group: somebody may just have changed that. */
const BEHIND = 3;

/** Commits of this device. */
export class Commits {
  readonly #session: Session;
  readonly #inbox: Inbox;

  constructor(session: Session, inbox: Inbox) {
    this.#session = session;
    this.#inbox = inbox;
  }

  /**
   * Makes a change. Where another commit was first, it follows that one and plans anew.
   * @param plan what to do to the group as it is now; null = there is nothing to do any more
   */
  async change(
    conversationId: string,
    plan: (group: MlsGroup) => Plan | null | Promise<Plan | null>,
  ): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      await this.resume(conversationId);
      const pending = await this.#prepare(conversationId, plan);
      if (!pending || (await this.#submit(pending))) return;
      await this.#waitForTurn(conversationId);
      await this.#inbox.catchUp();
    }
    throw new NetworkError('Others change the conversation all the time.');
  }

  /**
   * Comes back into a conversation whose state this device cannot go on with, by a commit of its own. What was said
   * meanwhile stays unread, and the others see that the device came back.
   */
  async rejoin(conversationId: string): Promise<void> {
    const { server, engine, people, self } = this.#session;
    let behind = 0;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const shown = await server.conversation(conversationId, true);
      if (!shown?.groupInfo) throw new MlsRefusal('The conversation takes nobody back.');
      const made = await engine.rejoin(fromBase64(shown.groupInfo), keysOf(self), new Date());
      if (toBase64(made.next.groupId) !== shown.mlsGroupId)
        throw new MlsRefusal('The server shows one group and leads into another.');
      if (isBehind(shown, made)) {
        behind += 1;
        if (behind < BEHIND) continue;
        throw new MlsRefusal('The server leads back to a state of the group that is over.');
      }
      await this.#begin(shown);
      this.#requireNoStepBack(conversationId, made);
      // The server chose what it shows, so everybody in there is looked at as if they were new.
      const doubts = await people.doubtsOf(made.next.members, conversationId);
      const pending = await this.#store(conversationId, made, { isReturn: true }, doubts);
      if (await this.#submit(pending)) return;
    }
    throw new NetworkError('Others change the conversation all the time.');
  }

  /** Finds out what became of a commit that this device sent before it stopped. */
  async resume(conversationId: string): Promise<void> {
    const find = () => this.#session.store.get<Pending>(TABLES.pending, conversationId);
    if (!find()) return;
    await this.#inbox.catchUp();
    const pending = find();
    if (pending) await this.#submit(pending);
  }

  /** Whoever never came in has nothing of the conversation yet. */
  async #begin({ id, isGroup, isBestEffort }: ShownConversation): Promise<void> {
    await this.#session.write((tx) => {
      if (tx.get(TABLES.conversations, id)) return [];
      const fresh = freshConversation({ id, isGroup, isBestEffort, isBroken: true });
      tx.put(TABLES.conversations, id, fresh);
      return [];
    });
  }

  /** An earlier state of the group is one that somebody who was removed since then knows. @throws {MlsRefusal} */
  #requireNoStepBack(conversationId: string, { epoch, next }: PendingCommit): void {
    const { reached } = this.#session.conversation(conversationId);
    if (reached && isSame(reached.groupId, next.groupId) && Number(epoch) < reached.epoch)
      throw new MlsRefusal('The server leads back to a state of the group that is over.');
  }

  #prepare(
    conversationId: string,
    plan: (group: MlsGroup) => Plan | null | Promise<Plan | null>,
  ): Promise<Pending | null> {
    const { groups, engine } = this.#session;
    return groups.run(async () => {
      const group = this.#session.group(conversationId);
      const planned = await plan(group);
      if (!planned) return null;
      const made = await engine.commit(group, planned);
      return this.#store(conversationId, made, planned);
    });
  }

  async #store(
    conversationId: string,
    made: PendingCommit,
    planned: Plan,
    doubts: readonly Doubt[] = [],
  ): Promise<Pending> {
    const pending: Pending = {
      conversationId,
      clientMessageId: crypto.randomUUID(),
      epoch: Number(made.epoch),
      commit: made.commit,
      welcome: made.welcome,
      groupInfo: made.groupInfo,
      next: this.#session.engine.exportGroup(made.next),
      addMemberIds: planned.addMemberIds ?? [],
      removeMemberIds: planned.removeMemberIds ?? [],
      removeDeviceIds: planned.removeDeviceIds ?? [],
      isReturn: planned.isReturn ?? false,
      doubts,
    };
    await this.#session.write((tx) => {
      tx.put(TABLES.pending, conversationId, pending);
      return [];
    });
    return pending;
  }

  /** Losers ask for their turn, so that nobody is overtaken for ever. It is a courtesy: without it there is a try as well. */
  async #waitForTurn(conversationId: string): Promise<void> {
    const { server, self } = this.#session;
    for (let asked = 0; asked < TURNS; asked += 1) {
      const { isHeld, until } = await server.lease(self.deviceId, conversationId);
      if (isHeld) return;
      const wait = Math.min(Math.max(Date.parse(until) - Date.now(), 0), TURN);
      await pause(wait + Math.random() * SCATTER);
    }
  }

  /** @returns false when another commit was first */
  async #submit(pending: Pending): Promise<boolean> {
    const { server, self, groups, store } = this.#session;
    try {
      await server.commit(self.deviceId, pending);
    } catch (fault) {
      // Without an answer it may have been accepted: it stays, and the mailbox tells.
      if (!(fault instanceof RefusedError)) throw fault;
      await this.#drop(pending);
      if (isRefused(fault, 'STALE_EPOCH')) return false;
      throw fault;
    }
    await groups.run(async () => {
      const waiting = store.get<Pending>(TABLES.pending, pending.conversationId);
      if (waiting?.clientMessageId !== pending.clientMessageId) return;
      await this.#session.write(applied(this.#session, pending).write);
    });
    return true;
  }

  async #drop({ conversationId, clientMessageId }: Pending): Promise<void> {
    await this.#session.write((tx) => {
      const waiting = tx.get<Pending>(TABLES.pending, conversationId);
      if (waiting?.clientMessageId === clientMessageId) tx.remove(TABLES.pending, conversationId);
      return [];
    });
  }
}

/** Whether the way in is older than the group: where another server gives it, the own one has seen the commits as well. */
const isBehind = ({ isBestEffort, epoch }: ShownConversation, made: PendingCommit): boolean =>
  !isBestEffort && Number(made.epoch) < (epoch ?? 0);
