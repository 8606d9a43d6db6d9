// Runs one program to its end: low priority, bounded memory, CPU, files and time, none of our secrets.
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { hasCode } from '../../../platform/system-error.js';
import { limitWords, type ProcessLimits } from '../process-limits.js';

const MIB = 1024 * 1024;

/** Bounds of one run. */
export interface RunLimits extends ProcessLimits {
  readonly wallSeconds: number;
  /** Kills it before its time. */
  readonly signal?: AbortSignal;
}

/** How a run ended. */
export interface RunOutcome {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  /** Of what it said about errors, the last part. */
  readonly stderr: string;
}

const STDERR_TAIL = 2000;
const MOST_OUTPUT = 4 * MIB;

/**
 * Runs a program and waits for it. Whoever is too slow is killed with everything that it started, which shows as a
 * code of null.
 *
 * @throws when it cannot be started, and the reason of a signal that aborted
 */
export async function runLimited(
  program: string,
  args: readonly string[],
  limits: RunLimits,
): Promise<RunOutcome> {
  limits.signal?.throwIfAborted();
  const [command = program, ...rest] = [...limitWords(limits), program, ...args];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
  });
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(kill, limits.wallSeconds * 1000);
  limits.signal?.addEventListener('abort', kill);
  let size = 0;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (size += chunk.length) > MOST_OUTPUT && kill());
  try {
    const [code, stdout, stderr] = await Promise.all([
      new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      }),
      buffer(child.stdout),
      buffer(child.stderr),
    ]);
    limits.signal?.throwIfAborted();
    return { code, stdout: stdout.toString(), stderr: stderr.toString().slice(-STDERR_TAIL) };
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener('abort', kill);
  }
}

/** Ends a process that leads a group of its own, with what it started. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
