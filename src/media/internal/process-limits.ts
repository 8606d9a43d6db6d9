/** The words before a program that reads what strangers sent: bounds of its run, and its end with ours. */
import { existsSync } from 'node:fs';

/** What one run may take. */
export interface ProcessLimits {
  /** Address space. */
  readonly memoryBytes: number;
  readonly cpuSeconds: number;
  /** Largest file that it may write. */
  readonly fileBytes: number;
}

/**
 * `setpriv`, `nice` and `prlimit` where the system has them, to stand before a program: each becomes the next by `exec`.
 * Elsewhere the clock is the only limit.
 */
export function limitWords({ memoryBytes, cpuSeconds, fileBytes }: ProcessLimits): string[] {
  const setpriv = findTool('setpriv');
  const nice = findTool('nice');
  const prlimit = findTool('prlimit');
  const bounds = [`--as=${memoryBytes}`, `--cpu=${cpuSeconds}`, `--fsize=${fileBytes}`];
  return [
    // The kernel ends it with this process, however that ends; started by root it is root of nothing.
    ...(setpriv
      ? [setpriv, '--pdeathsig', 'KILL', '--no-new-privs', '--bounding-set=-all', '--']
      : []),
    ...(nice ? [nice, '-n', '10'] : []),
    ...(prlimit ? [prlimit, ...bounds, '--nofile=64', '--core=0', '--'] : []),
  ];
}

/** A program of the system itself, wherever PATH leads. */
export function findTool(name: string): string | undefined {
  return [`/usr/bin/${name}`, `/bin/${name}`].find((file) => existsSync(file));
}
