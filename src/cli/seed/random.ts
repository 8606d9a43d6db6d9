// Chance that can be repeated: the same seed number makes the same world.

/** Draws numbers, always the same ones for one seed. */
export class Random {
  private state: number;

  constructor(seed: number | string) {
    this.state = typeof seed === 'number' ? seed >>> 0 : hashText(seed);
  }

  /** From 0 (included) to 1 (excluded). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** From `low` (included) to `high` (excluded). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }

  /** One of the items, each as likely as its weight says. */
  pickWeighted<Item>(items: readonly Item[], weightOf: (item: Item) => number): Item {
    let rest = this.next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    return items.find((item) => (rest -= weightOf(item)) < 0) ?? this.pick(items);
  }

  /** Up to `count` different items, in an order of their own. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    const left = [...items];
    const chosen: Item[] = [];
    while (chosen.length < count && left.length > 0)
      chosen.push(...left.splice(Math.floor(this.next() * left.length), 1));
    return chosen;
  }

  /** Around 0, mostly within ±1: the sum of three draws. */
  bell(): number {
    return (this.next() + this.next() + this.next() - 1.5) / 0.75;
  }

  /** Another source, independent of what is drawn here later. */
  branch(name: string): Random {
    return new Random(`${this.state} ${name}`);
  }
}

/** @source FNV-1a, 32 bits */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const symbol of text) hash = Math.imul(hash ^ symbol.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}
