// What fpcalc prints, peaks, and programs that do not end.
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../src/media/internal/sounds/fpcalc.js';
import { runLimited } from '../../src/media/internal/sounds/run-limited.js';
import { waveform } from '../../src/media/internal/sounds/waveform.js';

const LIMITS = { memoryBytes: 2 ** 30, cpuSeconds: 10, wallSeconds: 60, fileBytes: 1000 };

describe('answers of fpcalc', () => {
  test('are read whatever stands around them', () => {
    expect(readAnswer('DURATION=30\nFINGERPRINT=1,4294967295\n')).toEqual(
      Uint32Array.of(1, 4_294_967_295),
    );
  });
  test.each(['', 'FINGERPRINT=\n', 'FINGERPRINT=1,x\n', 'FINGERPRINT=4294967296\n'])(
    'are refused when they are none: %j',
    (printed) => expect(readAnswer(printed)).toBeNull(),
  );
});

/** Asks until there is an answer. */
async function poll<Answer>(ask: () => Promise<Answer | null>): Promise<Answer> {
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    await delay(20);
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('peaks', () => {
  test('are those of each 64th', () => {
    const samples = Int16Array.from({ length: 128 }, (_, place) => (place < 64 ? -32_768 : 16_384));
    const [first, last] = [waveform(samples)[0], waveform(samples)[63]];
    expect([first, last]).toEqual([100, 50]);
  });
  test('of next to nothing are none', () => expect(waveform(new Int16Array(63))).toEqual([]));
});

describe('a program', () => {
  test('ends when nobody waits for it any more', async () => {
    const reason = new Error('unwanted');
    const stop = new AbortController();
    const run = runLimited('/bin/sh', ['-c', 'sleep 600'], { ...LIMITS, signal: stop.signal });
    stop.abort(reason);
    await expect(run).rejects.toBe(reason);
  });
  test('is heard to its end', async () => {
    const outcome = await runLimited(
      '/bin/sh',
      ['-c', 'echo said; echo wrong >&2; exit 3'],
      LIMITS,
    );
    expect(outcome).toEqual({ code: 3, stdout: 'said\n', stderr: 'wrong\n' });
  });
  test('that takes too long is killed with what it started', async () => {
    const limits = { ...LIMITS, wallSeconds: 0.2 };
    const { code } = await runLimited('/bin/sh', ['-c', 'sleep 600 & sleep 600'], limits);
    expect(code).toBeNull();
  });
  test('ends with the process that runs it, however that ends', async () => {
    const module = new URL('../../src/media/internal/sounds/run-limited.js', import.meta.url).href;
    const script = `import(${JSON.stringify(module)}).then(({ runLimited }) => runLimited('/bin/sh',
      ['-c', 'echo $$ > "$0"; sleep 600', process.argv[1]], { memoryBytes: 2 ** 30, cpuSeconds: 10, wallSeconds: 600, fileBytes: 1000 }))`;
    const file = path.join(tmpdir(), `triptych-pid-${process.pid}`);
    const parent = spawn(process.execPath, ['-e', script, file], { stdio: 'ignore' });
    const pid = await poll(
      async () => Number(await readFile(file, 'utf8').catch(() => '')) || null,
    );
    parent.kill('SIGKILL');
    await poll(() => Promise.resolve(lives(pid) ? null : true));
    await rm(file);
  });
  test('writes no more than it may', async () => {
    const command = 'head -c 5000 /dev/zero > "$0"';
    const outcome = await runLimited(
      '/bin/sh',
      ['-c', command, '/tmp/triptych-limit-test'],
      LIMITS,
    );
    expect(outcome.code).not.toBe(0);
  });
  test('sees none of the environment', async () => {
    const { stdout } = await runLimited('/usr/bin/env', [], LIMITS);
    expect(stdout.split('\n').filter((line) => !/^(PATH|LANG)=/.test(line))).toEqual(['']);
  });
  test('that is not there is a failure', async () => {
    const { code } = await runLimited('/nowhere/program', [], LIMITS);
    expect(code).not.toBe(0);
  });
});
