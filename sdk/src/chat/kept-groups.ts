/**
 * Groups of this device: in memory as they are stored, and in the store in pieces, of which a message changes few. What a
 * transaction writes counts here once it is written.
 */
import type { MlsEngine, MlsGroup } from '../mls/engine.js';
import type { Store, Transaction } from '../store/store.js';
import { TABLES, type GroupPiece } from './records.js';

/** Groups that are held in memory; others are put together when they are asked for. */
const HELD = 32;

/** What a transaction makes of groups; null = the device is in it no more. */
export type Staged = ReadonlyMap<string, MlsGroup | null>;

/** The groups of one store. */
export class KeptGroups {
  readonly #store: Store;
  readonly #engine: MlsEngine;
  readonly #held = new Map<string, MlsGroup>();
  /** Groups of an epoch that has just begun: what is spent with the one before, and wiped, is in part in these as well. */
  readonly #fresh = new WeakSet<MlsGroup>();
  #staged: Map<string, MlsGroup | null> | null = null;

  constructor(store: Store, engine: MlsEngine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** The group as it is stored, or about to be; null = there is none. */
  find(conversationId: string): MlsGroup | null {
    const staged = this.#staged?.get(conversationId);
    if (staged !== undefined) return staged;
    const group = this.#held.get(conversationId) ?? this.#read(conversationId);
    if (group) this.#hold(conversationId, group);
    return group;
  }

  /** Does the work of a transaction, the only place in which `put` is allowed. @returns what counts once it is written */
  during<Result>(work: () => Result): { readonly result: Result; readonly staged: Staged } {
    const staged = new Map<string, MlsGroup | null>();
    this.#staged = staged;
    try {
      return { result: work(), staged };
    } finally {
      this.#staged = null;
    }
  }

  /** It is written. */
  settle(staged: Staged): void {
    for (const [id, group] of staged)
      if (group && !this.#fresh.has(group)) this.#hold(id, group);
      else this.#held.delete(id);
  }

  /** Writes the group as it is from now on; null = there is none any more. */
  put(tx: Transaction, conversationId: string, next: MlsGroup | null): void {
    const staged = this.#staged!;
    const former = this.find(conversationId);
    staged.set(conversationId, next);
    if (next && next.epoch !== former?.epoch) this.#fresh.add(next);
    const pieces = next ? this.#engine.exportPieces(next, former) : new Map<string, null>();
    if (!next || !former)
      for (const { name } of piecesIn(tx.all(TABLES.groups), conversationId))
        if (!pieces.has(name)) tx.remove(TABLES.groups, keyOf(conversationId, name));
    for (const [name, bytes] of pieces)
      if (bytes)
        tx.put(TABLES.groups, keyOf(conversationId, name), { conversationId, name, bytes });
      else tx.remove(TABLES.groups, keyOf(conversationId, name));
  }

  #read(conversationId: string): MlsGroup | null {
    const pieces = piecesIn(this.#store.all(TABLES.groups), conversationId);
    if (pieces.length === 0) return null;
    return this.#engine.importPieces(new Map(pieces.map(({ name, bytes }) => [name, bytes])));
  }

  /** The one that was asked for longest ago makes room. */
  #hold(conversationId: string, group: MlsGroup): void {
    this.#held.delete(conversationId);
    this.#held.set(conversationId, group);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD) this.#held.delete(oldest!);
  }
}

const keyOf = (conversationId: string, name: string): string => `${conversationId} ${name}`;

const piecesIn = (all: readonly GroupPiece[], conversationId: string): GroupPiece[] =>
  all.filter((piece) => piece.conversationId === conversationId);
