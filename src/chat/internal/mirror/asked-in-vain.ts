/** Of whom this process has asked in vain, so that they are neither asked for again and again, nor waited for for ever. */
import { LRUCache } from 'lru-cache';

/** So long nobody asks again; then for as long as it has been asked for in vain. */
const AGAIN_MS = 60_000;
/** Who is not to be had for so long is not waited for any more. */
const PATIENCE_MS = 10 * 60_000;
const REMEMBERED = 20_000;

interface InVain {
  /** When it was asked in vain first, and last; in ms. */
  readonly since: number;
  readonly last: number;
}

const MEMORIES = new WeakMap<object, AskedInVain>();

/** Forgets by itself whatever was asked for longest ago. */
export class AskedInVain {
  private readonly asked = new LRUCache<string, InVain>({ max: REMEMBERED });

  /** What is remembered beside a database, by all who use it in this process. */
  static of({ database }: { readonly database: object }): AskedInVain {
    let memory = MEMORIES.get(database);
    if (!memory) {
      memory = new AskedInVain();
      MEMORIES.set(database, memory);
    }
    return memory;
  }

  /** Whether it may be asked for now. */
  mayAsk(name: string, now: Date): boolean {
    const asked = this.asked.get(name);
    if (!asked) return true;
    const { since, last } = asked;
    return now.getTime() - last >= Math.max(AGAIN_MS, last - since);
  }

  /** Keeps what became of a question. */
  keep(name: string, isFound: boolean, now: Date): void {
    const last = now.getTime();
    if (isFound) this.asked.delete(name);
    else this.asked.set(name, { since: this.asked.get(name)?.since ?? last, last });
  }

  /** Whether nobody waits for it any more. */
  isLost(name: string, now: Date): boolean {
    const { since } = this.asked.get(name) ?? {};
    return since !== undefined && now.getTime() - since >= PATIENCE_MS;
  }
}
