/** Chance that depends on a seed alone. */

/** Draws whole numbers from 0 to below `bound`. */
export type Draw = (bound: number) => number;

const FRACTIONS = 2 ** 32;
const WARM_UP = 20;

/** A lottery for a seed; two of the same seed draw the same numbers. @source PractRand's sfc32, FNV-1a for its state */
export function openLottery(seed: string): Draw {
  let [a, b, c] = [hash(`${seed}|a`), hash(`${seed}|b`), hash(`${seed}|c`)];
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let turn = 0; turn < WARM_UP; turn++) next();
  return (bound) => Math.floor((next() / FRACTIONS) * bound);
}

/** The items in an order of chance. */
export function shuffled<Item>(items: readonly Item[], draw: Draw): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 0) order.push(...left.splice(draw(left.length), 1));
  return order;
}

function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return state | 0;
}
