// Questions of the same time are asked together, those of one at a time.
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from '@jest/globals';
import { gathered, gatheredFor } from '../../src/platform/gathered.js';

test('what comes while others are being answered is asked at once after them', async () => {
  const asked: (readonly number[])[] = [];
  const first = Promise.withResolvers<void>();
  const twice = gathered<number, number>(async (numbers) => {
    asked.push(numbers);
    if (asked.length === 1) await first.promise;
    return numbers.map((number) => number * 2);
  }, 3);
  const one = twice(1);
  while (asked.length === 0) await new Promise((done) => setImmediate(done));
  const others = [2, 3, 4, 5].map((number) => twice(number));
  first.resolve();
  expect(await Promise.all([one, ...others])).toEqual([2, 4, 6, 8, 10]);
  expect(asked).toEqual([[1], [2, 3, 4], [5]]);
});

test('a failure is that of all who asked together, and of nobody else', async () => {
  const ask = gathered<string, string>((questions) => {
    if (questions.includes('bad')) return Promise.reject(new Error('broken'));
    return Promise.resolve(questions);
  });
  const ends = await Promise.allSettled([ask('good'), ask('bad')]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await ask('good')).toBe('good');
});

test('each place asks for itself, and nothing of whoever asks first is carried along', async () => {
  const storage = new AsyncLocalStorage<string>();
  const ask = gatheredFor((place: { name: string }, questions: readonly string[]) =>
    Promise.resolve(questions.map((one) => `${place.name} ${one} ${storage.getStore()}`)),
  );
  const [here, there] = [{ name: 'here' }, { name: 'there' }];
  const answers = await storage.run('mine', () => Promise.all([ask(here, 'a'), ask(there, 'b')]));
  expect(answers).toEqual(['here a undefined', 'there b undefined']);
});
