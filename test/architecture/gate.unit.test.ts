// The gate tells the truth: its count comes from jest's result, and nothing run is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './repository.js';

/** The last line and the exit code of the count; `result` null = jest wrote nothing. */
function count(result: object | null, ...steps: string[]): [string, number | null] {
  const { lines, status } = countAgain(result, null, ...steps);
  return [lines.at(-1)!, status];
}

/** What the count prints when files were run `again`. */
function countAgain(
  result: object | null,
  again: object | null,
  ...steps: string[]
): { lines: string[]; status: number | null } {
  const directory = mkdtempSync(path.join(tmpdir(), 'count-'));
  const [file, second] = ['result.json', 'again.json'].map((name) => path.join(directory, name));
  try {
    if (result) writeFileSync(file!, JSON.stringify(result));
    if (again) writeFileSync(second!, JSON.stringify(again));
    const script = path.join(root, '.ci/count.js');
    const words = [script, file!, `--again=${second}`, ...steps];
    const { stdout, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    return { lines: stdout.trimEnd().split('\n'), status };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const fine = { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

test.each([
  ['all passed', fine, ['check=passed', 'tests=passed'], '3 passed, 0 failed', 0],
  ['a test failed', { ...fine, numFailedTests: 2 }, ['tests=failed'], '3 passed, 2 failed', 1],
  [
    'a file did not load',
    { ...fine, numRuntimeErrorTestSuites: 1 },
    ['tests=failed'],
    '3 passed, 1 failed',
    1,
  ],
  ['the check failed', fine, ['check=failed', 'tests=passed'], '3 passed, 1 failed', 1],
  ['jest failed although every test passed', fine, ['tests=failed'], '3 passed, 1 failed', 1],
  ['no test ran', { numPassedTests: 0 }, ['tests=passed'], '0 passed, 1 failed', 1],
  ['jest wrote no result', null, ['tests=failed'], '0 passed, 1 failed', 1],
])('when %s', (_case, result, steps, line, code) => {
  expect(count(result, ...steps)).toEqual([line, code]);
});

/** A file of tests as jest tells of it. */
function suite(name: string, ...statuses: string[]): object {
  const isFine = statuses.length > 0 && !statuses.includes('failed');
  return {
    name,
    status: isFine ? 'passed' : 'failed',
    assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
  };
}

const unsteady = {
  numPassedTests: 3,
  numFailedTests: 1,
  numRuntimeErrorTestSuites: 1,
  testResults: [
    suite('a', 'passed', 'passed'),
    suite('b', 'passed', 'failed'),
    suite('unloadable'),
  ],
};

test('what failed only the first time is named and counts as passed', () => {
  const again = { testResults: [suite('b', 'passed', 'passed'), suite('unloadable', 'passed')] };
  const { lines, status } = countAgain(unsteady, again, 'check=passed', 'tests=passed');
  expect(lines).toEqual(['unsteady: b test 1', 'unsteady: unloadable', '', '5 passed, 0 failed']);
  expect(status).toBe(0);
});

test('what failed twice has failed', () => {
  const again = { testResults: [suite('b', 'passed', 'failed'), suite('unloadable', 'passed')] };
  const { lines, status } = countAgain(unsteady, again, 'check=passed', 'tests=failed');
  expect(lines.slice(-3)).toEqual(['failed: b test 1', '', '4 passed, 1 failed']);
  expect(status).toBe(1);
});
