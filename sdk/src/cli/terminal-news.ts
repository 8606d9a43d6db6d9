/** What is new, as it comes in. */
import type { ChatNews, StoredMessage } from '../chat/records.js';
import { complain, say } from './lines.js';
import { titleOf, type Talk } from './terminal-chats.js';
import { adviceOn } from './terminal-doubts.js';
import { findingOf } from './terminal-keys.js';
import { changeOf, isOutside, lineOf } from './terminal-messages.js';
import { noticeOf } from './terminal-notices.js';

/** Shows what is new, one after another, as names are asked for. */
export class NewsDesk {
  readonly #talk: Talk;
  readonly #seen = new Map<string, StoredMessage>();
  /** Conversations that this device is not let into yet. */
  readonly #outside: Set<string>;
  #shown: Promise<void> = Promise.resolve();

  constructor(talk: Talk) {
    this.#talk = talk;
    const { chat } = talk;
    this.#outside = new Set(
      chat
        .conversations()
        .filter(isOutside)
        .map(({ id }) => id),
    );
    for (const { id } of chat.conversations())
      for (const message of chat.messages(id)) this.#seen.set(keyOf(message), message);
  }

  /** Takes what is new. */
  take(news: ChatNews): void {
    this.#shown = this.#shown
      .then(() => this.#show(news))
      .catch((fault: unknown) => complain(String(fault)));
  }

  /** Once all is shown that came. */
  get shown(): Promise<void> {
    return this.#shown;
  }

  async #show(news: ChatNews): Promise<void> {
    const { chat, shown } = this.#talk;
    switch (news.kind) {
      case 'message':
        return this.#showMessage(news.message);
      case 'changed':
        return this.#showChange(news.message);
      case 'conversation':
        return this.#showEntry(news.conversationId);
      case 'gone':
        return void this.#seen.delete(keyOf(news));
      case 'notice':
        return this.#in(
          news.notice.conversationId,
          `! ${await noticeOf(chat, news.notice.noticed)}`,
        );
      case 'doubt':
        for (const line of await adviceOn(chat, [news.doubt]))
          await this.#in(news.conversationId, `! ${line}`);
        return shown.add([news.doubt]);
      case 'keyLog':
        say(`! ${await findingOf(chat, news.finding)}`);
        return shown.add([], [news.finding]);
      default:
        return undefined;
    }
  }

  async #showMessage(message: StoredMessage): Promise<void> {
    const { chat } = this.#talk;
    this.#seen.set(keyOf(message), message);
    // What is typed here stands here already; what comes with a place was said on another device.
    if (message.sender === chat.self.actorUri && message.sequence === null) return;
    if (this.#talk.current === null) {
      this.#talk.current = message.conversationId;
      say(`What you type goes to ${await titleOf(chat, message.conversationId)} now.`);
    }
    await this.#in(message.conversationId, await lineOf(chat, message));
  }

  /** Whoever linked this device waits for that. */
  async #showEntry(conversationId: string): Promise<void> {
    const { chat } = this.#talk;
    const found = chat.conversations().find(({ id }) => id === conversationId);
    if (!found?.isMember || !this.#outside.delete(conversationId)) return;
    say(`This device is in ${await titleOf(chat, conversationId)} now.`);
  }

  async #showChange(message: StoredMessage): Promise<void> {
    const before = this.#seen.get(keyOf(message));
    this.#seen.set(keyOf(message), message);
    const change = before && (await changeOf(this.#talk.chat, before, message));
    if (change) await this.#in(message.conversationId, change);
  }

  /** What is of another conversation says so. */
  async #in(conversationId: string, line: string): Promise<void> {
    const { chat, current } = this.#talk;
    const isHere = conversationId === current;
    say(isHere ? line : `[${await titleOf(chat, conversationId)}] ${line}`);
  }
}

const keyOf = ({ conversationId, id }: Pick<StoredMessage, 'conversationId' | 'id'>): string =>
  `${conversationId} ${id}`;
