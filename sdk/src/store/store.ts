/**
 * Records of a device, sealed: XChaCha20-Poly1305 with a key that the application keeps. Names of records are hashed
 * with another key, so a copy of the storage tells how many records of which table there are and how long, nothing else.
 */
import sodium from 'libsodium-wrappers';
import {
  concat,
  EMPTY,
  fromBase64,
  pack,
  textOf,
  toBase64,
  toHex,
  unpack,
  utf8,
} from '../crypto/bytes.js';
import { StoreDamagedError, StoreKeyError, type Storage } from './storage.js';

/** Bytes of the key of a store. */
export const STORE_KEY_BYTES = 32;

const CONTEXT = 'tri-stor';
const NAME_BYTES = 16;
/** A record whose name only the right key makes: where it is there, what cannot be read is damaged. */
const MARK = { table: 'store', id: 'mark' } as const;

/** Writes of one transaction. */
export interface Transaction {
  /** The record as it is in this transaction; null = there is none. */
  get<Value extends object>(table: string, id: string): Value | null;
  all<Value extends object>(table: string): Value[];
  put(table: string, id: string, value: object): void;
  remove(table: string, id: string): void;
}

/** Records by their names. */
type Table = Map<string, { readonly id: string; readonly value: object }>;

/** Tables of records, all of them in memory as well. */
export class Store {
  readonly #storage: Storage;
  readonly #sealKey: Uint8Array;
  readonly #nameKey: Uint8Array;
  /** By table and name. */
  readonly #tables = new Map<string, Table>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(storage: Storage, key: Uint8Array) {
    this.#storage = storage;
    this.#sealKey = sodium.crypto_kdf_derive_from_key(32, 1, CONTEXT, key);
    this.#nameKey = sodium.crypto_kdf_derive_from_key(32, 2, CONTEXT, key);
  }

  /**
   * Opens what the storage has. When it cannot, the storage stays open: for another key, or to be closed.
   * @param key 32 bytes
   * @throws {StoreKeyError} when it is that of another store
   * @throws {StoreDamagedError} when it is the right one, and something cannot be read
   * @throws {RangeError} when it has not 32 bytes
   */
  static async open(storage: Storage, key: Uint8Array): Promise<Store> {
    await sodium.ready;
    if (key.length !== STORE_KEY_BYTES) throw new RangeError('The key of a store has 32 bytes.');
    const store = new Store(storage, key);
    store.#load(await storage.read(''));
    return store;
  }

  /** @throws {StoreKeyError} @throws {StoreDamagedError} */
  #load(values: ReadonlyMap<string, Uint8Array>): void {
    const damaged = new Set<string>();
    let cause: unknown = null;
    for (const [name, sealed] of values)
      try {
        const [table, id, text] = unpack(this.#unseal(name, sealed)).map(textOf);
        this.#tableOf(table!).set(name, { id: id!, value: parseRecord(text!) });
      } catch (fault) {
        damaged.add(name.split('/')[0]!);
        cause = fault;
      }
    if (damaged.size === 0) return;
    const isKey = this.#tables.size > 0 || values.has(this.#nameOf(MARK.table, MARK.id));
    throw isKey ? new StoreDamagedError([...damaged], { cause }) : new StoreKeyError({ cause });
  }

  /** The record; null = there is none. Do not change what comes. */
  get<Value extends object>(table: string, id: string): Value | null {
    const record = this.#tableOf(table).get(this.#nameOf(table, id));
    return (record?.value as Value | undefined) ?? null;
  }

  /** All records of a table. Do not change what comes. */
  all<Value extends object>(table: string): Value[] {
    return [...this.#tableOf(table).values()].map(({ value }) => value as Value);
  }

  /** Does all that the function writes, or nothing. Transactions come one after the other. */
  transaction<Result>(work: (transaction: Transaction) => Result): Promise<Result> {
    const done = this.#last.then(() => this.#run(work));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Leaves nothing of the records that went, as far as the storage can. */
  purge(): Promise<void> {
    const done = this.#last.then(() => this.#storage.purge());
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Waits for what is being written, and closes the storage. */
  async close(): Promise<void> {
    await this.#last;
    await this.#storage.close();
  }

  async #run<Result>(work: (transaction: Transaction) => Result): Promise<Result> {
    const changed = new Map<string, { table: string; id: string; value: object | null }>();
    const set = (table: string, id: string, value: object | null): void =>
      void changed.set(this.#nameOf(table, id), { table, id, value });
    const result = work({
      get: <Value extends object>(table: string, id: string) => {
        const change = changed.get(this.#nameOf(table, id));
        return change ? (change.value as Value | null) : this.get<Value>(table, id);
      },
      all: <Value extends object>(table: string) => {
        const own = [...this.#tableOf(table)]
          .filter(([name]) => !changed.has(name))
          .map(([, { value }]) => value);
        const fresh = [...changed.values()].filter((it) => it.table === table && it.value !== null);
        return [...own, ...fresh.map(({ value }) => value!)] as Value[];
      },
      put: set,
      remove: (table, id) => set(table, id, null),
    });
    if (changed.size > 0) await this.#write(changed);
    return result;
  }

  async #write(
    changed: Map<string, { table: string; id: string; value: object | null }>,
  ): Promise<void> {
    const mark = this.#nameOf(MARK.table, MARK.id);
    if (!this.#tableOf(MARK.table).has(mark)) changed.set(mark, { ...MARK, value: {} });
    const sealed = [...changed].map(([name, { table, id, value }]) => {
      const bytes = value && pack(utf8(table), utf8(id), utf8(printRecord(value)));
      return [name, bytes && this.#seal(name, bytes)] as const;
    });
    await this.#storage.write(new Map(sealed));
    for (const [name, { table, id, value }] of changed)
      if (value) this.#tableOf(table).set(name, { id, value: parseRecord(printRecord(value)) });
      else this.#tableOf(table).delete(name);
  }

  #tableOf(table: string): Table {
    const known: Table = this.#tables.get(table) ?? new Map();
    this.#tables.set(table, known);
    return known;
  }

  #nameOf(table: string, id: string): string {
    const name = sodium.crypto_generichash(NAME_BYTES, pack(utf8(table), utf8(id)), this.#nameKey);
    return `${table}/${toHex(name)}`;
  }

  /** The name is bound in, so that no record can stand in the place of another. */
  #seal(name: string, bytes: Uint8Array): Uint8Array {
    const nonce = sodium.randombytes_buf(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    return concat(
      nonce,
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        bytes,
        utf8(name),
        null,
        nonce,
        this.#sealKey,
      ),
    );
  }

  #unseal(name: string, sealed: Uint8Array): Uint8Array {
    const length = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      sealed.subarray(length),
      utf8(name),
      sealed.subarray(0, length),
      this.#sealKey,
    );
  }
}

const BYTES = '$bytes';

/** JSON in which bytes are objects of one field. */
export const printRecord = (value: object): string =>
  // Asked of the object itself: a Buffer would already have been made a list of numbers.
  JSON.stringify(
    value,
    function (this: Readonly<Record<string, unknown>>, key: string, part: unknown) {
      const original = this[key];
      return original instanceof Uint8Array ? { [BYTES]: toBase64(original) } : part;
    },
  );

/** What was printed so. */
export const parseRecord = (text: string): object =>
  JSON.parse(text, (_key, part: unknown) => {
    const bytes = part && typeof part === 'object' ? (part as { [BYTES]?: unknown })[BYTES] : null;
    if (typeof bytes !== 'string') return part;
    return bytes === '' ? EMPTY : fromBase64(bytes);
  }) as object;
