// The gate tells the truth: its count comes from jest's result, and nothing run is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './repository.js';

/** The last line and the exit code of the count; `result` null = jest wrote nothing. */
function count(result: object | null, ...steps: string[]): [string, number | null] {
  const directory = mkdtempSync(path.join(tmpdir(), 'count-'));
  const file = path.join(directory, 'result.json');
  try {
    if (result) writeFileSync(file, JSON.stringify(result));
    const script = path.join(root, '.ci/count.js');
    const { stdout, status } = spawnSync(process.execPath, [script, file, ...steps], {
      encoding: 'utf8',
    });
    return [stdout.trimEnd().split('\n').at(-1)!, status];
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
