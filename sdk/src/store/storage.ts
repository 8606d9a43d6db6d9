/** Where a device keeps what it must not lose. */

/** Something else has the store open: two would use the same keys twice. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError';

  constructor() {
    super('The store is open already, in this or another process.');
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
