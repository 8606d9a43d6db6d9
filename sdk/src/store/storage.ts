/** Where a device keeps what it must not lose. */

/** Something else has the store open: two would use the same keys twice. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';

  constructor() {
    super('The store is open already, in this or another process.');
  }
}

/** The key does not open this store: it is that of another one. Nothing was changed, and the storage is still open. */
export class StoreKeyError extends Error {
  override readonly name = 'StoreKeyError';

  constructor(options?: ErrorOptions) {
    super('This is not the key of the store.', options);
  }
}

/**
 * Something has changed what is stored: with its key, parts of it cannot be read. It is left as it is and not opened, as a store
 * that lacks something would use keys twice; a new device has to take its place.
 */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError';
  /** Tables in which records cannot be read; none = the file itself is broken. */
  readonly tables: readonly string[];

  constructor(tables: readonly string[] = [], options?: ErrorOptions) {
    const where = tables.length > 0 ? `: ${tables.join(', ')}` : '';
    super(`The store is damaged, parts of it cannot be read${where}.`, options);
    this.tables = tables;
  }
}

/** Changes of one transaction: a value under a name, or null = it goes. */
export type Changes = ReadonlyMap<string, Uint8Array | null>;

/** Values under names. What it gets is sealed already; names tell the kind of a value and nothing else. */
export interface Storage {
  /** All values whose names begin so. */
  read(prefix: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** All of the changes or none, and for good once it resolves. */
  write(changes: Changes): Promise<void>;
  /** Overwrites or leaves behind what went, as far as the medium lets it. */
  purge(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps everything until the process ends. */
export class MemoryStorage implements Storage {
  readonly #values = new Map<string, Uint8Array>();

  async read(prefix: string): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map([...this.#values].filter(([name]) => name.startsWith(prefix)));
  }

  async write(changes: Changes): Promise<void> {
    for (const [name, value] of changes)
      if (value) this.#values.set(name, value.slice());
      else this.#values.delete(name);
  }

  async purge(): Promise<void> {}

  async close(): Promise<void> {}
}
