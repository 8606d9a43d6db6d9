// Points that are leased: many at once neither lose what nobody spent, nor spend what is not there.
import { expect, test } from '@jest/globals';
import { PointBudget } from '../../src/platform/graphql/budget.js';
import type { RateLimiter } from '../../src/platform/rate-limiter.js';

/** A shared count that answers later, as a database does. */
function slowLimiter(points: number): RateLimiter & { readonly charges: number[] } {
  let used = 0;
  const charges: number[] = [];
  return {
    charges,
    charge: async (_limit, _key, charge = 1) => {
      charges.push(charge);
      used += charge;
      const isExceeded = used > points;
      await new Promise((resolve) => setImmediate(resolve));
      return { isExceeded, remaining: Math.max(0, points - used), resetSeconds: 3600 };
    },
    reset: () => Promise.resolve(),
  };
}

function open(points: number) {
  const limiter = slowLimiter(points);
  const limit = { name: 'test', points, windowSeconds: 3600, failsClosed: false };
  return { limiter, budget: new PointBudget(limiter, limit, () => 0) };
}

test('a hundred operations at once cost what they cost, and few charges', async () => {
  const { limiter, budget } = open(50_000);
  await budget.spend('ada', 10);
  const states = await Promise.all(Array.from({ length: 100 }, () => budget.spend('ada', 10)));
  expect(states.filter(({ isExceeded }) => isExceeded)).toEqual([]);
  expect((await budget.spend('ada', 10)).used).toBe(1020);
  expect(limiter.charges.length).toBeLessThan(5);
});

test('the last points are spent to the last one, and then no more, however many come at once', async () => {
  const { budget } = open(1000);
  const states = await Promise.all(Array.from({ length: 150 }, () => budget.spend('ada', 10)));
  expect(states.filter(({ isExceeded }) => !isExceeded)).toHaveLength(100);
  expect(budget.exceeded('ada')).toMatchObject({ isExceeded: true, remaining: 0 });
  expect(budget.exceeded('ben')).toBeNull();
});

test('what one caller waits for holds up nobody else', async () => {
  const { budget } = open(1000);
  const slow = budget.spend('ada', 10);
  expect((await budget.spend('ben', 10)).isExceeded).toBe(false);
  await slow;
});
