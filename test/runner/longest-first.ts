/**
 * The order of suites: first those that ask for more time than others, then as jest has it, by how long each took the last
 * time or by its size. What takes minutes and begins last lets the other processes wait.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Test } from '@jest/test-result';
import type sequencer from '@jest/test-sequencer';

// What it exports to an import is not what its types say.
const { default: TestSequencer } = createRequire(import.meta.url)(
  '@jest/test-sequencer',
) as typeof sequencer;

/** `jest.setTimeout(300_000)`, or the last argument of a test. */
const LIMIT = /(?:jest\.setTimeout\(|\}, )(\d+(?:_\d{3})+)\)/g;

/** Jest's `testSequencer`. */
export default class LongestFirst extends TestSequencer {
  override async sort(tests: Test[]): Promise<Test[]> {
    const limits = new Map(tests.map((test) => [test, longestLimit(test.path)]));
    const asking = tests.filter((test) => limits.get(test)! > 0);
    const others = tests.filter((test) => limits.get(test) === 0);
    asking.sort((one, other) => limits.get(other)! - limits.get(one)!);
    return [...asking, ...(await super.sort(others))];
  }
}

/** In milliseconds; 0 for one that is content with what all have. */
function longestLimit(file: string): number {
  const limits = [...readFileSync(file, 'utf8').matchAll(LIMIT)];
  return Math.max(0, ...limits.map(([, limit]) => Number(limit!.replaceAll('_', ''))));
}
