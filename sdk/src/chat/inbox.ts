/** Reads the mailbox: each entry once, state, place and plaintext in one transaction, and only then acknowledged. */
import { fromBase64, isSame, toBase64, toHex } from '../crypto/bytes.js';
import { MlsRefusal, wipe, type MlsGroup, type Received } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import { decodePayload } from './activity.js';
import type { Envelope } from './chat-server.js';
import { applyPayload, type Origin } from './conversation-state.js';
import {
  ONLY,
  TABLES,
  type ChatNews,
  type Doubt,
  type Outgoing,
  type Pending,
  type StoredConversation,
  type StoredPackage,
} from './records.js';
import { membersOf, putGroup, type Session } from './session.js';
import { Turns } from './turns.js';

/** Messages of this device after which it renews its keys. */
export const RENEW_AFTER = 500;

/** What an entry makes of the store. */
interface Outcome {
  readonly write: (tx: Transaction) => readonly ChatNews[];
  readonly spent?: readonly Uint8Array[];
}

const NOTHING: Outcome = { write: () => [] };

/** The mailbox of this device. */
export class Inbox {
  readonly #session: Session;
  readonly #turns = new Turns();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Takes everything that waits. */
  catchUp(): Promise<void> {
    return this.#turns.run(async () => {
      for (let hasMore = true; hasMore;) {
        const { deviceId, position } = this.#session.self;
        const page = await this.#session.server.mailbox(deviceId, position);
        for (const entry of page.entries) await this.#take(entry.position, entry.message);
        if (page.entries.length > 0) await this.#acknowledge();
        hasMore = page.hasMore;
      }
    });
  }

  /** Takes an entry that came live, if it is the next one; otherwise everything that waits. */
  async takeLive(position: string, envelope: Envelope | null): Promise<void> {
    const isNext = BigInt(position) === BigInt(this.#session.self.position) + 1n;
    if (!isNext || !envelope) return this.catchUp();
    await this.#turns.run(async () => {
      await this.#take(position, envelope);
      await this.#acknowledge();
    });
  }

  async #acknowledge(): Promise<void> {
    const { deviceId, position } = this.#session.self;
    await this.#session.server.acknowledge(deviceId, position);
  }

  #take(position: string, envelope: Envelope | null): Promise<void> {
    return this.#session.groups.run(async () => {
      const { self } = this.#session;
      if (BigInt(position) <= BigInt(self.position)) return;
      const { write, spent = [] } = envelope ? await this.#read(envelope) : NOTHING;
      await this.#session.write((tx) => {
        tx.put(TABLES.self, ONLY, { ...self, position });
        return write(tx);
      });
      wipe(spent);
    });
  }

  async #read(envelope: Envelope): Promise<Outcome> {
    if (envelope.ciphertext === null) return NOTHING;
    const bytes = fromBase64(envelope.ciphertext);
    if (envelope.kind === 'WELCOME') return this.#join(envelope, bytes);
    const conversation = this.#session.store.get<StoredConversation>(
      TABLES.conversations,
      envelope.conversationId,
    );
    if (!conversation?.group || conversation.isBroken) return NOTHING;
    const group = this.#session.engine.importGroup(conversation.group);
    switch (envelope.kind) {
      case 'COMMIT':
        return this.#follow(envelope, bytes, group);
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
  async #join({ conversationId, sentAt }: Envelope, bytes: Uint8Array): Promise<Outcome> {
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
    const former = known?.group && !known.isBroken ? engine.importGroup(known.group) : null;
    // Somebody who is in the group already needs no Welcome; one into another group is that of a new beginning.
    if (former && isSame(former.groupId, group.groupId)) return NOTHING;
    const doubts = await people.doubtsOf(group.members);
    const conversation: StoredConversation = {
      id: conversationId,
      isGroup: shown.isGroup,
      title: known?.title ?? null,
      group: engine.exportGroup(group),
      members: membersOf(group),
      doubts,
      timerSeconds: shown.disappearingSeconds,
      sentSinceRenewal: used.isLastResort ? RENEW_AFTER : 0,
      renewedAt: sentAt,
      joinedEpoch: Number(group.epoch),
      isBroken: false,
    };
    return {
      write: (tx) => {
        tx.put(TABLES.conversations, conversationId, conversation);
        if (!used.isLastResort) tx.remove(TABLES.packages, used.ref);
        return [{ kind: 'conversation', conversationId }, ...toldOf(conversationId, doubts)];
      },
    };
  }

  /** A commit: the own one that waits for it, or that of another device. */
  async #follow(
    { conversationId, epoch }: Envelope,
    bytes: Uint8Array,
    group: MlsGroup,
  ): Promise<Outcome> {
    const { engine, store, people } = this.#session;
    if (BigInt(epoch ?? 0) < group.epoch) return NOTHING;
    const pending = store.get<Pending>(TABLES.pending, conversationId);
    if (pending && isSame(pending.commit, bytes)) return applied(this.#session, pending);
    const received = await unlessRefused(() => engine.receive(group, bytes));
    if (received?.kind !== 'commit') return broken(conversationId);
    const doubts = await people.doubtsOf(received.added);
    const former = store.get<StoredConversation>(TABLES.conversations, conversationId)!.doubts;
    const still = former.filter(({ signatureKey }) =>
      received.next.members.some((member) => isSame(member.signatureKey, signatureKey)),
    );
    return {
      spent: received.spent,
      write: (tx) => {
        putGroup(tx, engine, conversationId, received.next, { doubts: [...still, ...doubts] });
        tx.remove(TABLES.pending, conversationId);
        return [{ kind: 'conversation', conversationId }, ...toldOf(conversationId, doubts)];
      },
    };
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
        putGroup(tx, engine, conversationId, received.next);
        return [];
      },
    };
  }

  async #decrypt(
    envelope: Envelope,
    bytes: Uint8Array,
    group: MlsGroup,
    { joinedEpoch }: StoredConversation,
  ): Promise<Outcome> {
    if ((envelope.epoch ?? 0) < joinedEpoch) return NOTHING;
    const { engine } = this.#session;
    const received = await unlessRefused(() => engine.receive(group, bytes));
    if (received?.kind !== 'application') return unreadable(envelope);
    return {
      spent: received.spent,
      write: (tx) => {
        putGroup(tx, engine, envelope.conversationId, received.next);
        return applyPayload(tx, originOf(envelope, received), decodePayload(received.data));
      },
    };
  }

  /** An own message comes back: now it has its place. */
  #recognise(envelope: Envelope, bytes: Uint8Array): Outcome {
    const { store, self } = this.#session;
    const outgoing = store
      .all<Outgoing>(TABLES.outbox)
      .find(({ message }) => isSame(message, bytes));
    if (!outgoing) return NOTHING;
    const origin = { ...placeOf(envelope), sender: self.actorUri };
    return {
      write: (tx) => {
        tx.remove(TABLES.outbox, outgoing.clientMessageId);
        return applyPayload(tx, origin, decodePayload(outgoing.data));
      },
    };
  }
}

/** The own commit was accepted. */
export function applied({ engine }: Session, pending: Pending): Outcome {
  const { conversationId } = pending;
  const next = engine.importGroup(pending.next);
  return {
    write: (tx) => {
      const former = tx.get<StoredConversation>(TABLES.conversations, conversationId)?.doubts ?? [];
      const doubts = [
        ...pending.doubts,
        ...former.filter((doubt) => isNew(doubt, pending.doubts)),
      ].filter(({ signatureKey }) =>
        next.members.some((member) => isSame(member.signatureKey, signatureKey)),
      );
      const renewedAt = new Date().toISOString();
      putGroup(tx, engine, conversationId, next, {
        doubts,
        sentSinceRenewal: 0,
        renewedAt,
        isBroken: false,
      });
      tx.remove(TABLES.pending, conversationId);
      const told = toldOf(conversationId, pending.doubts);
      return [{ kind: 'conversation', conversationId }, ...told];
    },
  };
}

const isNew = ({ signatureKey }: Doubt, among: readonly Doubt[]): boolean =>
  !among.some((doubt) => isSame(doubt.signatureKey, signatureKey));

/** A commit that cannot be followed: nothing of the conversation can be read until this device comes back. */
const broken = (conversationId: string): Outcome => ({
  write: (tx) => {
    const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
    if (conversation)
      tx.put(TABLES.conversations, conversationId, { ...conversation, isBroken: true });
    return [{ kind: 'conversation', conversationId }];
  },
});

/** A message that should be readable and is not: people see that there was something. */
const unreadable = (envelope: Envelope): Outcome => ({
  write: (tx) =>
    applyPayload(
      tx,
      { ...placeOf(envelope), sender: '' },
      { id: `unreadable:${envelope.id}`, kind: 'unknown', type: 'unreadable' },
    ),
});

const placeOf = ({ conversationId, sequence, sentAt }: Envelope): Omit<Origin, 'sender'> => ({
  conversationId,
  sequence,
  sentAt,
});

const originOf = (envelope: Envelope, { sender }: Received): Origin => ({
  ...placeOf(envelope),
  sender: sender.identity,
});

const toldOf = (conversationId: string, doubts: readonly Doubt[]): ChatNews[] =>
  doubts.map((doubt) => ({ kind: 'doubt', conversationId, doubt }));

const refsOf = (refs: readonly Uint8Array[]): string[] => refs.map(toHex);

/** Null where MLS refuses; everything else is a fault. */
async function unlessRefused<Value>(ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (fault) {
    if (fault instanceof MlsRefusal) return null;
    throw fault;
  }
}
