/** What each kind of entry of the mailbox says, and what follows from it. */
import { fromBase64, isSame, toBase64, toHex } from '../crypto/bytes.js';
import type { MlsGroup } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import { decodePayload } from './activity.js';
import type { Envelope } from './chat-server.js';
import { applyPayload } from './conversation-state.js';
import { askedOf } from './doubts.js';
import { follow, unlessRefused } from './following.js';
import { isFranked, saltOf, type Proof } from './franking.js';
import { hear, readGossip } from './gossip.js';
import { changeOf, putNotice } from './notices.js';
import { begun } from './order.js';
import {
  NOTHING,
  originOf,
  parted,
  placeOf,
  RENEW_AFTER,
  toldOf,
  unreadable,
  type Outcome,
} from './outcomes.js';
import {
  TABLES,
  type ChatNews,
  type Outgoing,
  type StoredConversation,
  type StoredPackage,
} from './records.js';
import { freshConversation, membersOf, type Session } from './session.js';
import { readTimer } from './timers.js';

/** Reads entries with the groups of this device. */
export class Entries {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What an envelope makes of the store. */
  async read(envelope: Envelope): Promise<Outcome> {
    if (envelope.ciphertext === null) return NOTHING;
    const bytes = fromBase64(envelope.ciphertext);
    if (envelope.kind === 'WELCOME') return this.#join(envelope, bytes);
    const conversation = this.#session.store.get<StoredConversation>(
      TABLES.conversations,
      envelope.conversationId,
    );
    const group = this.#session.findGroup(envelope.conversationId);
    if (!conversation || !group || conversation.isBroken) return NOTHING;
    switch (envelope.kind) {
      case 'COMMIT':
        return follow(this.#session, { envelope, bytes, group });
      case 'PROPOSAL':
        return this.#isOwn(envelope) ? NOTHING : this.#hearProposal(envelope, bytes, group);
      case 'APPLICATION':
        return this.#isOwn(envelope)
          ? this.#recognise(envelope, bytes)
          : this.#decrypt(envelope, bytes, group, conversation);
      default:
        return NOTHING;
    }
  }

  #isOwn({ senderDeviceId }: Envelope): boolean {
    return senderDeviceId === this.#session.self.deviceId;
  }

  /** A Welcome into a conversation. */
  async #join({ conversationId, sequence, sentAt }: Envelope, bytes: Uint8Array): Promise<Outcome> {
    const { engine, store, server, people } = this.#session;
    const refs = await unlessRefused(async () => engine.welcomeRefs(bytes));
    const used = refsOf(refs ?? [])
      .map((ref) => store.get<StoredPackage>(TABLES.packages, ref))
      .find((found) => found !== null);
    if (!used) return NOTHING;
    const shown = await server.conversation(conversationId);
    const group = await unlessRefused(() => engine.join(bytes, used.secrets));
    // A server that shows one group and lets in to another is found out here.
    if (!group || !shown || shown.mlsGroupId !== toBase64(group.groupId)) return NOTHING;
    const known = store.get<StoredConversation>(TABLES.conversations, conversationId);
    const former = known?.isBroken ? null : this.#session.findGroup(conversationId);
    // Somebody who is in the group already needs no Welcome; one into another group is that of a new beginning.
    if (former && isSame(former.groupId, group.groupId)) return NOTHING;
    if (this.#isElsewhere(conversationId, group)) return NOTHING;
    const doubts = await people.doubtsOf(group.members, conversationId, askedOf(group, shown));
    const conversation = freshConversation({
      id: conversationId,
      isGroup: shown.isGroup,
      isBestEffort: shown.isBestEffort,
      title: known?.title ?? null,
      picture: known?.picture ?? null,
      doubts,
      order: begun(Number(sequence), group.epochAuthenticator),
      // What the server says of it is not believed: somebody inside will say it.
      timerSeconds: known?.timerSeconds ?? null,
      timerVersion: known?.timerVersion ?? 0,
      sentSinceRenewal: used.isLastResort ? RENEW_AFTER : 0,
      renewedAt: sentAt,
      joinedEpoch: Number(group.epoch),
      isFresh: true,
    });
    return {
      write: (tx) => {
        tx.put(TABLES.conversations, conversationId, conversation);
        this.#session.putGroup(tx, conversationId, group);
        // A commit to the group before has nowhere to go any more, and nothing leads back to it.
        tx.remove(TABLES.pending, conversationId);
        tx.remove(TABLES.former, conversationId);
        use(tx, used);
        return [
          { kind: 'conversation', conversationId },
          ...toldOf(conversationId, doubts),
          ...(known?.isMember ? noticeOfReset(tx, known, membersOf(group), sentAt) : []),
        ];
      },
    };
  }

  /** One group cannot be two conversations: what is said in the one would be believed in the other. */
  #isElsewhere(conversationId: string, { groupId }: MlsGroup): boolean {
    return this.#session.store
      .all<StoredConversation>(TABLES.conversations)
      .filter(({ id }) => id !== conversationId)
      .some(({ id }) => {
        const group = this.#session.findGroup(id);
        return group !== null && isSame(group.groupId, groupId);
      });
  }

  async #hearProposal(
    { conversationId }: Envelope,
    bytes: Uint8Array,
    group: MlsGroup,
  ): Promise<Outcome> {
    const { engine } = this.#session;
    const received = await unlessRefused(() => engine.receive(group, bytes));
    if (received?.kind !== 'proposal') return NOTHING;
    return {
      spent: received.spent,
      write: (tx) => {
        this.#session.putGroup(tx, conversationId, received.next);
        return [];
      },
    };
  }

  async #decrypt(
    envelope: Envelope,
    bytes: Uint8Array,
    group: MlsGroup,
    conversation: StoredConversation,
  ): Promise<Outcome> {
    if ((envelope.epoch ?? 0) < conversation.joinedEpoch) return NOTHING;
    const { engine } = this.#session;
    const received = await unlessRefused(() => engine.receive(group, bytes));
    if (received?.kind !== 'application') return this.#unread(envelope, group, conversation);
    const { cameIn } = conversation;
    const { identity } = received.sender;
    const unheard = cameIn?.unheard.filter((uri) => uri !== identity);
    const heard = cameIn && unheard ? { cameIn: { ...cameIn, unheard } } : {};
    const isShown = isFranked(received.data, received.authenticatedData);
    return {
      spent: received.spent,
      write: (tx) => {
        this.#session.putGroup(tx, envelope.conversationId, received.next, heard);
        if (!isShown) return unreadable(envelope).write(tx);
        const { data } = received;
        const proof = proofOf(envelope, data);
        const origin = { ...originOf(envelope, received), proof, timer: readTimer(data) };
        const payload = decodePayload(data);
        const news = applyPayload(tx, origin, payload);
        // The person has left with another device, so this one is out as well.
        const isOut = payload.kind === 'leave' && origin.sender === this.#session.self.actorUri;
        if (isOut) this.#session.dropGroup(tx, envelope.conversationId);
        return [...news, ...hear(tx, origin, readGossip(data))];
      },
    };
  }

  /**
   * What this device cannot read. Where it came in by itself and has yet to hear somebody, or where it is of an epoch of which this
   * device was never shown the beginning, the server may have led it elsewhere than the others; otherwise its sender spoilt it.
   */
  #unread(envelope: Envelope, group: MlsGroup, conversation: StoredConversation): Outcome {
    const { cameIn, isBestEffort } = conversation;
    const epoch = envelope.epoch ?? 0;
    const isAhead = BigInt(epoch) > group.epoch;
    const isAlone = cameIn !== undefined && cameIn.unheard.length > 0 && epoch >= cameIn.epoch;
    if (isBestEffort || !(isAhead || isAlone)) return unreadable(envelope);
    return parted(envelope);
  }

  /** An own message comes back: now it has its place. */
  #recognise(envelope: Envelope, bytes: Uint8Array): Outcome {
    const { store, self } = this.#session;
    const outgoing = store
      .all<Outgoing>(TABLES.outbox)
      .find(({ message }) => isSame(message, bytes));
    if (!outgoing) return NOTHING;
    const timer = readTimer(outgoing.data);
    const origin = { ...placeOf(envelope), sender: self.actorUri, timer };
    return {
      write: (tx) => {
        tx.remove(TABLES.outbox, outgoing.clientMessageId);
        return applyPayload(tx, origin, decodePayload(outgoing.data));
      },
    };
  }
}

/** A package that was used once lets nobody in again; a last resort may, until another has taken its place. */
function use(tx: Transaction, used: StoredPackage): void {
  if (used.isLastResort) tx.put(TABLES.packages, used.ref, { ...used, isUsed: true });
  else tx.remove(TABLES.packages, used.ref);
}

function noticeOfReset(
  tx: Transaction,
  { id, members }: StoredConversation,
  now: readonly string[],
  at: string,
): ChatNews[] {
  return putNotice(tx, id, at, { kind: 'reset', ...changeOf(members, now) });
}

const refsOf = (refs: readonly Uint8Array[]): string[] => refs.map(toHex);

/** Null = the server has said nothing of it. */
const proofOf = ({ frank, sentAt }: Envelope, data: Uint8Array): Proof | null =>
  frank === null || saltOf(data) === null
    ? null
    : { data, frank: fromBase64(frank), acceptedAt: sentAt };
