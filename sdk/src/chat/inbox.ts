/** Reads the mailbox: each entry once, state, place and plaintext in one transaction, and only then acknowledged. */
import { fromBase64 } from '../crypto/bytes.js';
import { wipe } from '../mls/engine.js';
import type { Transaction } from '../store/store.js';
import type { Envelope } from './chat-server.js';
import { Entries } from './entries.js';
import { forgetFormer } from './former-groups.js';
import { putNotice } from './notices.js';
import { follow } from './order.js';
import { NOTHING } from './outcomes.js';
import { ONLY, TABLES, type ChatNews, type StoredConversation } from './records.js';
import type { Session } from './session.js';
import { Turns } from './turns.js';

/** The mailbox of this device. */
export class Inbox {
  readonly #session: Session;
  readonly #entries: Entries;
  readonly #turns = new Turns();

  constructor(session: Session) {
    this.#session = session;
    this.#entries = new Entries(session);
  }

  /** Takes everything that waits. */
  catchUp(): Promise<void> {
    return this.#turns.run(async () => {
      await forgetFormer(this.#session.store, Date.now());
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
      const { write, spent = [] } = envelope ? await this.#entries.read(envelope) : NOTHING;
      await this.#session.write((tx) => {
        tx.put(TABLES.self, ONLY, { ...self, position });
        const news = write(tx);
        return envelope ? [...news, ...this.#place(tx, envelope)] : news;
      });
      wipe(spent);
    });
  }

  /** Notes the place of an entry, and what is wrong with it. */
  #place(tx: Transaction, envelope: Envelope): readonly ChatNews[] {
    const { conversationId, sequence, kind, ciphertext, sentAt } = envelope;
    const found = tx.get<StoredConversation>(TABLES.conversations, conversationId);
    // A Welcome has the place of its commit, and says where the order begins.
    if (!found?.isMember || ciphertext === null || kind === 'WELCOME') return [];
    const { order, noticed } = follow(found.order, {
      sequence: Number(sequence),
      bytes: fromBase64(ciphertext),
      begins: kind === 'COMMIT' ? this.#beginning(found, envelope) : undefined,
    });
    tx.put(TABLES.conversations, conversationId, { ...found, order });
    if (!noticed) return [];
    const isExpected = found.timerSeconds !== null;
    const known = noticed.kind === 'missing' ? { ...noticed, isExpected } : noticed;
    return putNotice(tx, conversationId, sentAt, known);
  }

  /** Null = the epoch that the commit began is over already, or was never followed. */
  #beginning({ id, isBroken }: StoredConversation, { epoch }: Envelope): Uint8Array | null {
    const group = isBroken ? null : this.#session.findGroup(id);
    return group && Number(group.epoch) === (epoch ?? 0) + 1 ? group.epochAuthenticator : null;
  }
}
