/** Telling the others what has come and what was read. It is a message like any other: the server learns that there was one. */
import type { Payload } from './payload.js';
import { TABLES, type Choices, type StoredMessage } from './records.js';
import type { Outbox } from './outbox.js';
import type { Session } from './session.js';

type State = Extract<Payload, { kind: 'receipt' }>['state'];

/** Messages of which one receipt tells: as long as a short text. */
const TARGETS = 5;

/** Messages of which the others are told at once; what came before these is old. */
const MOST = 50;

/** Receipts, for conversations in which the person wants them. */
export class Receipts {
  readonly #session: Session;
  readonly #outbox: Outbox;

  constructor(session: Session, outbox: Outbox) {
    this.#session = session;
    this.#outbox = outbox;
  }

  /** Whether the person sends receipts in a conversation; they do unless they chose otherwise. */
  isOn(conversationId: string): boolean {
    return this.#session.store.get<Choices>(TABLES.choices, conversationId)?.receipts ?? true;
  }

  /** Chooses whether to send receipts in a conversation, from now on. */
  async choose(conversationId: string, receipts: boolean): Promise<void> {
    this.#session.conversation(conversationId);
    await this.#session.write((tx) => {
      tx.put(TABLES.choices, conversationId, { receipts } satisfies Choices);
      return [{ kind: 'conversation', conversationId }];
    });
  }

  /**
   * Tells the others that their messages came, or were read; those of which any device of the person has told are left out.
   * Whoever has not accepted a request tells nothing: to tell would be to accept. @returns how many messages it tells of
   */
  async tell(conversationId: string, state: State): Promise<number> {
    if (!this.isOn(conversationId)) return 0;
    const untold = this.#untold(conversationId, state);
    if (untold.length === 0 || (await this.#isRequest(conversationId))) return 0;
    for (let at = 0; at < untold.length; at += TARGETS) {
      const targets = untold.slice(at, at + TARGETS);
      await this.#outbox.send(conversationId, { kind: 'receipt', state, targets });
    }
    return untold.length;
  }

  /** The newest messages of others of which nobody of this person has told. */
  #untold(conversationId: string, state: State): string[] {
    const { actorUri } = this.#session.self;
    const messages = this.#session.store
      .all<StoredMessage>(TABLES.messages)
      .filter((message) => message.conversationId === conversationId)
      .filter(({ sender, content }) => isOfAnother(sender, actorUri) && isShown(content))
      .sort((one, other) => Number(one.sequence) - Number(other.sequence));
    return messages
      .slice(-MOST)
      .filter(({ deliveredTo, readBy }) => {
        const told = state === 'read' ? readBy : [...deliveredTo, ...readBy];
        return !told.includes(actorUri);
      })
      .map(({ id }) => id);
  }

  async #isRequest(conversationId: string): Promise<boolean> {
    const shown = await this.#session.server.conversation(conversationId);
    return shown?.isRequest ?? true;
  }
}

const isOfAnother = (sender: string, self: string): boolean => sender !== '' && sender !== self;

const isShown = (content: Payload | null): boolean =>
  content !== null && content.kind !== 'unknown';
