// Work side by side: so much at once, and what takes long keeps nobody waiting.
import { expect, test } from '@jest/globals';
import { Slots } from '../../src/platform/slots.js';

const NEVER_MS = 2 ** 30;

test('so much runs at once, and each end lets the next one begin', async () => {
  const slots = new Slots(2, NEVER_MS);
  let [running, most] = [0, 0];
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setImmediate(done));
    running -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => slots.take(work)));
  expect([running, most]).toEqual([0, 2]);
});

test('what fails gives its slot back, and says so', async () => {
  const slots = new Slots(1, NEVER_MS);
  await expect(slots.take(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await slots.take(() => Promise.resolve('next'))).toBe('next');
});

test('what takes long goes on beside the others, and gives its slot only once', async () => {
  const slots = new Slots(1, 1);
  const long = Promise.withResolvers<string>();
  const first = slots.take(() => long.promise);
  expect(await slots.take(() => Promise.resolve('second'))).toBe('second');
  long.resolve('first');
  expect(await first).toBe('first');
  const order: string[] = [];
  const held = new Slots(1, NEVER_MS);
  await Promise.all(
    ['a', 'b', 'c'].map((name) => held.take(() => Promise.resolve(void order.push(name)))),
  );
  expect(order).toEqual(['a', 'b', 'c']);
});
