import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { limitWords } from '../../src/media/internal/process-limits.js';

const run = promisify(execFile);
const LIMITS = { memoryBytes: 512 * 1024 * 1024, cpuSeconds: 5, fileBytes: 1024 };

async function statusUnder(words: readonly string[]): Promise<Map<string, string>> {
  const [command = 'cat', ...rest] = [...words, 'cat', '/proc/self/status'];
  const { stdout } = await run(command, rest);
  return new Map(stdout.split('\n').map((line) => line.split(/:\s+/, 2) as [string, string]));
}

// What reads strangers' files must not reach the server's environment and keys by being root.
it('B8 gives a program no privileges, and no way to get any', async () => {
  const status = await statusUnder(limitWords(LIMITS));
  expect(BigInt(`0x${status.get('CapEff')}`)).toBe(0n);
  expect(BigInt(`0x${status.get('CapPrm')}`)).toBe(0n);
  expect(status.get('NoNewPrivs')).toBe('1');
});
