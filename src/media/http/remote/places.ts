/** How much one process passes on at a time: a viewer takes no place of others, and no host is asked by all at once. */

/** Requests at a time; a player with sound apart asks for two or three. */
const MOST_OF_VIEWER = 12;
const MOST_OF_HOST = 48;
const MOST = 400;

/** The places of one process. */
export class RemotePlaces {
  private readonly taken = new Map<string, number>();
  private count = 0;

  /** Takes a place; null when there is none. What it gives is called once, when the answer has ended. */
  take(viewer: string, host: string): (() => void) | null {
    const keys: readonly (readonly [key: string, most: number])[] = [
      [`viewer ${viewer}`, MOST_OF_VIEWER],
      [`host ${host}`, MOST_OF_HOST],
    ];
    const isFull = keys.some(([key, most]) => (this.taken.get(key) ?? 0) >= most);
    if (isFull || this.count >= MOST) return null;
    this.add(1, keys);
    return () => this.add(-1, keys);
  }

  private add(step: 1 | -1, keys: readonly (readonly [key: string, most: number])[]): void {
    this.count += step;
    for (const [key] of keys) {
      const now = (this.taken.get(key) ?? 0) + step;
      if (now === 0) this.taken.delete(key);
      else this.taken.set(key, now);
    }
  }
}
