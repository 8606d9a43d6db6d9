// Runs the `triptych` command as an administrator would: as a process of its own, with only the given variables.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** What the command answered. */
export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `triptych` with these arguments; `input` goes to its standard input. */
export async function triptych(
  args: readonly string[],
  env: Record<string, string> = {},
  input = '',
): Promise<Answer> {
  const child = spawn(process.execPath, [path.resolve('bin/triptych.js'), ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'test', ...env },
    stdio: 'pipe',
  });
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}
