/** What the parts of the chat share. */
import type { MlsEngine, MlsGroup } from '../mls/engine.js';
import type { Store, Transaction } from '../store/store.js';
import type { ChatServer } from './chat-server.js';
import { KeptGroups } from './kept-groups.js';
import type { People } from './people.js';
import { ONLY, TABLES, type ChatNews, type Self, type StoredConversation } from './records.js';
import { Turns } from './turns.js';

/** A device that is registered, with its store. */
export class Session {
  readonly store: Store;
  readonly engine: MlsEngine;
  readonly server: ChatServer;
  readonly people: People;
  /** Whoever reads a group and writes the next one does it in a turn of these. */
  readonly groups = new Turns();
  readonly #kept: KeptGroups;
  readonly #listeners = new Set<(news: ChatNews) => void>();

  constructor(store: Store, engine: MlsEngine, server: ChatServer, people: People) {
    this.store = store;
    this.engine = engine;
    this.server = server;
    this.people = people;
    this.#kept = new KeptGroups(store, engine);
  }

  get self(): Self {
    return this.store.get<Self>(TABLES.self, ONLY)!;
  }

  /** @throws {RangeError} when there is no such conversation here */
  conversation(id: string): StoredConversation {
    const found = this.store.get<StoredConversation>(TABLES.conversations, id);
    if (!found) throw new RangeError('This device has no such conversation.');
    return found;
  }

  /** The group of a conversation. @throws {RangeError} when this device is not in it any more */
  group(id: string): MlsGroup {
    this.conversation(id);
    const group = this.findGroup(id);
    if (!group) throw new RangeError('This device is not in the conversation any more.');
    return group;
  }

  /** The group of a conversation, in a transaction as that leaves it; null = this device is not in it. */
  findGroup(id: string): MlsGroup | null {
    return this.#kept.find(id);
  }

  /** Writes the next group of a conversation, which `write` does. */
  putGroup(
    tx: Transaction,
    id: string,
    next: MlsGroup,
    changes: Partial<StoredConversation> = {},
  ): void {
    const conversation = tx.get<StoredConversation>(TABLES.conversations, id);
    if (!conversation) return;
    if (!next.isActive) return this.dropGroup(tx, id, changes);
    this.#kept.put(tx, id, next);
    const members = membersOf(next);
    const reached = { groupId: next.groupId, epoch: Number(next.epoch) };
    tx.put(TABLES.conversations, id, {
      ...conversation,
      isMember: true,
      members,
      reached,
      ...changes,
    });
  }

  /** This device is not in the group of a conversation any more; what was said stays. */
  dropGroup(tx: Transaction, id: string, changes: Partial<StoredConversation> = {}): void {
    const conversation = tx.get<StoredConversation>(TABLES.conversations, id);
    if (!conversation) return;
    this.#kept.put(tx, id, null);
    const gone = { isMember: false, members: [] };
    tx.put(TABLES.conversations, id, { ...conversation, ...gone, ...changes });
  }

  listen(listener: (news: ChatNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Writes, and tells listeners what there is to tell once it is written. */
  async write(work: (tx: Transaction) => readonly ChatNews[]): Promise<readonly ChatNews[]> {
    const { result: news, staged } = await this.store.transaction((tx) =>
      this.#kept.during(() => work(tx)),
    );
    this.#kept.settle(staged);
    for (const item of news) this.tell(item);
    return news;
  }

  tell(news: ChatNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** A conversation that this device had nothing of. @param changes all that is known already */
export function freshConversation(
  changes: Partial<StoredConversation> & Pick<StoredConversation, 'id' | 'isGroup'>,
): StoredConversation {
  return {
    isBestEffort: false,
    title: null,
    picture: null,
    isMember: false,
    members: [],
    doubts: [],
    order: null,
    toReturn: [],
    timerSeconds: null,
    sentSinceRenewal: 0,
    renewedAt: new Date().toISOString(),
    joinedEpoch: 0,
    isBroken: false,
    ...changes,
  };
}

/** Actors of a group, each once. */
export const membersOf = (group: MlsGroup): readonly string[] => [
  ...new Set(group.members.map(({ identity }) => identity)),
];
