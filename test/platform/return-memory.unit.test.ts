import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const SUBJECT = new URL('../../src/platform/return-memory.js', import.meta.url);

/** Leaves garbage that has grown old, rests until the heap shrinks or a deadline passes, and says by how much it did. */
const resting = (rest: string): string => `
  import { setTimeout as delay } from 'node:timers/promises';
  import { returnMemoryAtRest } from ${JSON.stringify(SUBJECT.href)};
  let kept = Array.from({ length: 400_000 }, (_, index) => ({ text: 'item ' + index }));
  gc({ type: 'minor' }); gc({ type: 'minor' });
  kept = null;
  const before = process.memoryUsage().heapTotal;
  ${rest}
  const ends = Date.now() + Number(process.argv[1]);
  const shrunk = () => process.memoryUsage().heapTotal < before / 2;
  while (!shrunk() && Date.now() < ends) await delay(50);
  console.log(shrunk());
`;

async function shrinks(rest: string, waitMs: number): Promise<boolean> {
  const flags = ['--expose-gc', '--input-type=module', '--eval', resting(rest)];
  const { stdout } = await run(process.execPath, [...flags, String(waitMs)]);
  return stdout.trim() === 'true';
}

describe('memory at rest', () => {
  it('is given back to the machine', async () => {
    await expect(shrinks('using _ = returnMemoryAtRest();', 60_000)).resolves.toBe(true);
  });

  it('would stay resident by itself', async () => {
    await expect(shrinks('', 6000)).resolves.toBe(false);
  });
});
