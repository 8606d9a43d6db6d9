// The log of the embedded PostgreSQL stays small and shows its end.
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openPostgresLog } from '../../src/platform/db/postgres-log.js';

const limit = 5 * 1024 * 1024;
let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'triptych-log-'));
  file = path.join(directory, 'postgres.log');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the tail holds the last 20 lines behind a position', () => {
  writeFileSync(file, 'from an earlier run\n');
  using log = openPostgresLog(file);
  const start = log.position();
  expect(log.tail(start)).toBe('');
  for (let line = 1; line <= 25; line++) writeSync(log.descriptor, `line ${line}\n`);
  const lines = log.tail(start).split('\n');
  expect([lines.length, lines[0], lines[19]]).toEqual([20, 'line 6', 'line 25']);
});

test('a log of 5 MiB is kept, a larger one moves aside and writing goes on at the start', () => {
  writeFileSync(file, Buffer.alloc(limit, 'x'));
  openPostgresLog(file)[Symbol.dispose]();
  expect(statSync(file).size).toBe(limit);
  appendFileSync(file, '\n');
  using log = openPostgresLog(file);
  writeSync(log.descriptor, 'next\n');
  expect([statSync(file).size, statSync(`${file}.1`).size]).toEqual([5, limit + 1]);
});
