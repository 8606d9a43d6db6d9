// The benchmarks start and judge as they say. What they measure is never asserted here.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { compared, isReached, limited, median, quantile } from '../../bench/figure.js';
import { MEASUREMENTS } from '../../bench/measurements.js';

test('the median judges a figure, not its best or worst round', () => {
  const figure = compared(
    'a / b',
    [
      [1, 9, 4],
      [2, 3, 4],
    ],
    'ms',
    { atMost: 1 },
  );
  expect(figure.ratios).toEqual([0.5, 3, 1]);
  expect(isReached(figure)).toBe(true);
  expect(isReached({ ...figure, goal: { atLeast: 1.01 } })).toBe(false);
  expect(isReached({ ...figure, goal: null })).toBe(true);
  expect(isReached({ ...figure, ratios: [] })).toBe(false);
});

test('a fixed limit is reached up to itself', () => {
  expect(isReached(limited('memory / 200 MB', [200], 200, 'MB'))).toBe(true);
  expect(isReached(limited('memory / 200 MB', [201], 200, 'MB'))).toBe(false);
});

test('quantiles lie between their neighbours in proportion', () => {
  expect(median([4, 1])).toBe(2.5);
  expect(quantile([4, 1, 2, 3], 0.25)).toBe(1.75);
  expect(quantile([7], 0.75)).toBe(7);
});

test.each(Object.entries(MEASUREMENTS))('%s can be loaded', async (_name, module) => {
  const loaded = (await import(new URL(module, new URL('../../bench/', import.meta.url)).href)) as {
    run: unknown;
  };
  expect(loaded.run).toBeInstanceOf(Function);
});

test('a measurement that does not exist ends the run before it begins', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.resolve('dist/bench/main.js'), 'hom'],
    { encoding: 'utf8' },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('No measurement is called hom: choose from home, ');
});
