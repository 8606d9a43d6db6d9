/** What a process remembers of the keys of this server, until it hears that one was replaced. */
import { LRUCache } from 'lru-cache';
import { statement, type Database } from '../../platform/db/database.js';
import type { KeyServices } from '../signing-keys.js';

const ROTATION = statement(
  'signing_keys.rotation',
  'select max(rotation)::text as rotation from signing_keys',
);
/** How long a key that another process replaced may be used here, in ms. */
const LOOK_MS = 1_000;
const MOST = 2_000;

/** What was seen, or is being looked at: whoever comes meanwhile waits for the same. */
interface Look {
  readonly at: number;
  readonly rotation: Promise<string | null>;
}

/** Of each database that this process reads. */
const LOOKS = new WeakMap<Database, Look>();

/** Keys of one kind, by owner. */
export class OwnKeysMemory<Key extends object> {
  private readonly keys = new LRUCache<
    string,
    { readonly key: Key; readonly rotation: string | null }
  >({
    max: MOST,
  });

  /** The remembered key of an owner, or what `read` finds. */
  async get(services: KeyServices, ownerUri: string, read: () => Promise<Key>): Promise<Key> {
    const name = `${services.sealer.keyFingerprint}:${ownerUri}`;
    // Before the key is read: one that is replaced meanwhile is remembered for no longer than that is unseen.
    const rotation = await rotationOf(services);
    const known = this.keys.get(name);
    if (known?.rotation === rotation) return known.key;
    const key = await read();
    this.keys.set(name, { key, rotation });
    return key;
  }
}

/** Lets this process see what was replaced up to now. */
export function lookAtKeysAnew({ database }: Pick<KeyServices, 'database'>): void {
  LOOKS.delete(database);
}

function rotationOf({ database }: KeyServices): Promise<string | null> {
  const last = LOOKS.get(database);
  const now = performance.now();
  if (last && now - last.at < LOOK_MS) return last.rotation;
  const rotation = findRotation(database);
  LOOKS.set(database, { at: now, rotation });
  rotation.catch(() => LOOKS.delete(database));
  return rotation;
}

async function findRotation(database: Database): Promise<string | null> {
  const row = await database.row<{ rotation: string | null }>(ROTATION, []);
  return row?.rotation ?? null;
}
