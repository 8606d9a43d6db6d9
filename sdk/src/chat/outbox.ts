/** Sends what was encrypted: the same bytes until there is an answer, and anew only where the epoch is over. */
import { HubUnreachableError, NetworkError, RefusedError } from '../client/errors.js';
import { isSame } from '../crypto/bytes.js';
import { pause } from '../client/transport.js';
import { wipe } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import { decodePayload, encodePayload, newId } from './activity.js';
import { isRefused } from './chat-server.js';
import { applyPayload, endOf, messageKey } from './conversation-state.js';
import { settleDoubts } from './doubts.js';
import { gossipOf, headsFor, withGossip, type Gossip } from './gossip.js';
import { tagOf } from './franking.js';
import { HeldError, requireNoLie, requireOpen } from './held.js';
import type { Inbox } from './inbox.js';
import type { NewPayload } from './payload.js';
import { UntrustedDeviceError } from './people.js';
import { TABLES, type Outgoing, type StoredConversation, type StoredMessage } from './records.js';
import type { Session } from './session.js';
import { requireEffect, requireReadable } from './sendable.js';
import { readTimer, timerFor, timerOf, withTimer } from './timers.js';
import { Turns } from './turns.js';

/** Whoever writes too fast is told to wait; a longer wait than this is left to the application. */
const PATIENCE_SECONDS = 60;

/** The messages of this device that are on their way. */
export class Outbox {
  readonly #session: Session;
  readonly #inbox: Inbox;
  readonly #turns = new Turns();
  #hubs: ReadonlyMap<string, string | null> = new Map();
  #isCutOff = false;

  constructor(session: Session, inbox: Inbox) {
    this.#session = session;
    this.#inbox = inbox;
  }

  /** Hosts that are waited for, by conversation; null = the host is not known. */
  get hubs(): ReadonlyMap<string, string | null> {
    return this.#hubs;
  }

  /** Whether something waits for a server, the own one or another, that did not answer. */
  get isHeldUp(): boolean {
    return this.#isCutOff || this.#hubs.size > 0;
  }

  /**
   * Encrypts, stores and sends. Once this resolves the server has the message; when it rejects with a NetworkError the
   * message is stored, and `flush` sends it.
   * @returns the id of the message inside the encryption
   * @throws {RangeError} for what others would not read as it is, or what changes nothing
   */
  async send(conversationId: string, payload: NewPayload): Promise<string> {
    const { store, self } = this.#session;
    const id = newId();
    const data = encodePayload(id, payload);
    requireReadable(payload, decodePayload(data));
    requireEffect(store, self.actorUri, conversationId, payload);
    await this.#put(conversationId, data, payload);
    const held = await this.#flush();
    if (held.has(conversationId)) throw held.get(conversationId);
    return id;
  }

  /**
   * Whether something could be said now, for what comes before a message; what was doubtful is looked at again.
   * @throws {UntrustedDeviceError} @throws {HeldError}
   */
  async requireOpen(conversationId: string): Promise<void> {
    await settleDoubts(this.#session, conversationId);
    requireOpen(this.#session.store, this.#session.conversation(conversationId));
  }

  /** Sends all that waits, in its order and as fast as the server takes it; what cannot go holds up its own conversation alone. @throws {NetworkError} when the server cannot be reached */
  async flush(): Promise<void> {
    await this.#flush();
  }

  /** @returns why conversations are held up */
  #flush(): Promise<ReadonlyMap<string, unknown>> {
    return this.#turns.run(async () => {
      const held = new Map<string, unknown>();
      for (let next = this.#first(held); next; next = this.#first(held)) {
        try {
          await this.#deliver(next);
        } catch (fault) {
          const isOfOne = [HeldError, UntrustedDeviceError, HubUnreachableError].some(
            (kind) => fault instanceof kind,
          );
          this.#isCutOff = !isOfOne && fault instanceof NetworkError;
          if (!isOfOne) throw fault;
          held.set(next.conversationId, fault);
        }
      }
      this.#isCutOff = false;
      this.#tellHubs(held);
      return held;
    });
  }

  /** Tells which servers of conversations are waited for. */
  #tellHubs(held: ReadonlyMap<string, unknown>): void {
    const hubs = new Map<string, string | null>();
    for (const [conversationId, fault] of held)
      if (fault instanceof HubUnreachableError) hubs.set(conversationId, fault.hub);
    const changed = new Set([...this.#hubs.keys(), ...hubs.keys()]).values();
    const former = this.#hubs;
    this.#hubs = hubs;
    for (const conversationId of changed)
      if (former.has(conversationId) !== hubs.has(conversationId))
        this.#session.tell({ kind: 'conversation', conversationId });
  }

  #first(held: ReadonlyMap<string, unknown>): Outgoing | null {
    const waiting = this.#session.store
      .all<Outgoing>(TABLES.outbox)
      .filter(({ conversationId }) => !held.has(conversationId));
    return waiting.sort((one, other) => one.order - other.order)[0] ?? null;
  }

  /** The group goes on and the message is stored in one transaction, before anything leaves the device. */
  async #put(
    conversationId: string,
    data: Uint8Array,
    payload: NewPayload,
    again?: Outgoing,
  ): Promise<void> {
    const { groups, engine, store, self } = this.#session;
    await settleDoubts(this.#session, conversationId);
    return groups.run(async () => {
      const conversation = this.#session.conversation(conversationId);
      requireOpen(store, conversation);
      const timer = timerFor(conversation, payload);
      const said = again ? data : withTimer(withGossip(data, this.#gossip(conversation)), timer);
      const made = await engine.encrypt(this.#session.group(conversationId), said, tagOf(said));
      const waiting = store.all<Outgoing>(TABLES.outbox).map(({ order }) => order);
      const outgoing: Outgoing = {
        clientMessageId: again?.clientMessageId ?? crypto.randomUUID(),
        conversationId,
        message: made.message,
        data: said,
        order: again?.order ?? Math.max(0, ...waiting) + 1,
      };
      const origin = { conversationId, sender: self.actorUri, sequence: null };
      await this.#session.write((tx) => {
        const sentSinceRenewal = conversation.sentSinceRenewal + 1;
        this.#session.putGroup(tx, conversationId, made.next, { sentSinceRenewal });
        tx.put(TABLES.outbox, outgoing.clientMessageId, outgoing);
        if (again) return [];
        const sentAt = new Date().toISOString();
        const news = applyPayload(tx, { ...origin, sentAt, timer }, decodePayload(data));
        if (timer.version > timerOf(conversation).version) putUntold(tx, conversationId);
        return news;
      });
      wipe(made.spent);
    });
  }

  /** Encrypts the same anew. */
  #again(outgoing: Outgoing): Promise<void> {
    const { conversationId, data } = outgoing;
    return this.#put(conversationId, data, decodePayload(data), outgoing);
  }

  #gossip(conversation: StoredConversation): Gossip {
    const { store, self } = this.#session;
    return gossipOf(conversation, headsFor(store, conversation, self));
  }

  async #deliver(outgoing: Outgoing): Promise<void> {
    const { server, self } = this.#session;
    // The group in which it was encrypted is not the one that counts any more.
    if (outgoing.message.length === 0) return this.#again(outgoing);
    requireNoLie(this.#session.store, this.#session.conversation(outgoing.conversationId));
    try {
      const place = await server.send(self.deviceId, outgoing);
      await this.#accepted(outgoing, place);
    } catch (fault) {
      if (isRefused(fault, 'EPOCH_TOO_OLD') || (await this.#isOfOtherGroup(outgoing, fault))) {
        await this.#inbox.catchUp();
        await this.#again(outgoing);
        return;
      }
      if (fault instanceof NetworkError || !(fault instanceof RefusedError)) throw fault;
      const seconds = fault.retryAfterSeconds;
      if (seconds !== null && seconds <= PATIENCE_SECONDS) return pause(seconds * 1000);
      if (fault.has('RATE_LIMITED')) throw fault;
      await this.#failed(outgoing, fault);
      throw fault;
    }
  }

  /** Whether the group was begun anew since the message was encrypted. */
  async #isOfOtherGroup({ conversationId, message }: Outgoing, fault: unknown): Promise<boolean> {
    if (!isRefused(fault, 'MLS_MISMATCH')) return false;
    await this.#inbox.catchUp();
    const { groupId } = this.#session.engine.header(message);
    const group = this.#session.findGroup(conversationId);
    return groupId !== null && group !== null && !isSame(groupId, group.groupId);
  }

  async #accepted(
    { clientMessageId, conversationId, data }: Outgoing,
    { sequence, sentAt }: { readonly sequence: string; readonly sentAt: string },
  ): Promise<void> {
    const { groups, self } = this.#session;
    await groups.run(async () => {
      await this.#session.write((tx) => {
        // It may have come back through the mailbox before this answer.
        if (!tx.get(TABLES.outbox, clientMessageId)) return [];
        tx.remove(TABLES.outbox, clientMessageId);
        const timer = readTimer(data);
        const origin = { conversationId, sender: self.actorUri, sequence, sentAt, timer };
        return applyPayload(tx, origin, decodePayload(data));
      });
    });
  }

  async #failed({ clientMessageId, conversationId, data }: Outgoing, fault: RefusedError) {
    const key = messageKey(conversationId, decodePayload(data).id);
    await this.#session.write((tx) => {
      tx.remove(TABLES.outbox, clientMessageId);
      const message = tx.get<StoredMessage>(TABLES.messages, key);
      if (!message) return [];
      const failure = fault.refusals[0]?.code ?? 'UNKNOWN';
      const { sentAt } = message;
      const expiresAt = endOf(tx, { conversationId, sentAt, timer: readTimer(data) });
      const changed = { ...message, failure, expiresAt };
      tx.put(TABLES.messages, key, changed);
      return [{ kind: 'changed', message: changed }];
    });
  }
}

function putUntold(tx: Transaction, id: string): void {
  const conversation = tx.get<StoredConversation>(TABLES.conversations, id)!;
  tx.put(TABLES.conversations, id, { ...conversation, isTimerUntold: true });
}
