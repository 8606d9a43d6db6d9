// Password hashes: how they look, how many run, what is refused.
import { expect, test } from '@jest/globals';
import { inTurn } from '../../src/accounts/internal/hash-queue.js';
import { hashPassword, verifyPassword } from '../../src/accounts/passwords.js';

test('A01 a stored hash is Argon2id with 19 MiB, two passes and one lane', async () => {
  const stored = await hashPassword('orange kite over water');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, 'orange kite over water')).toBe(true);
  expect(await verifyPassword(stored, 'orange kite over wate')).toBe(false);
  expect(await verifyPassword(null, 'orange kite over water')).toBe(false);
  expect(await hashPassword('orange kite over water')).not.toBe(stored);
});

test('A01 a password of a megabyte is not even hashed', async () => {
  const stored = await hashPassword('orange kite over water');
  const megabyte = 'x'.repeat(1_000_000);
  const before = process.cpuUsage();
  for (let index = 0; index < 100; index++) {
    expect(await verifyPassword(stored, megabyte)).toBe(false);
  }
  // A hundred hashes would take two seconds of CPU and more.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});

test('A01 two hashes run at once, a hundred wait, and the rest is told to come back', async () => {
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => setImmediate(resolve));
    running -= 1;
  };
  const settled = await Promise.allSettled(Array.from({ length: 110 }, () => inTurn(work)));
  expect(most).toBe(2);
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(102);
  expect(settled.flatMap((entry) => (entry.status === 'rejected' ? [entry.reason] : []))).toEqual(
    Array.from({ length: 8 }, () => expect.objectContaining({ code: 'RATE_LIMITED' })),
  );
  expect(await inTurn(async () => 'free again')).toBe('free again');
});

test('a hash that fails gives its place on', async () => {
  const failed = Array.from({ length: 3 }, () => inTurn(() => Promise.reject(new Error('broken'))));
  expect((await Promise.allSettled(failed)).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
  ]);
  expect(await inTurn(async () => 'free again')).toBe('free again');
});
