// Command line and environment of an image worker: low priority, bounded memory and CPU, none of our secrets.
import os from 'node:os';
import { findTool } from '../process-limits.js';

const MIB = 1024 * 1024;

/** Node and libvips before the first picture: V8 counts 600 MiB of data that it reserves and never touches. */
const NODE_DATA_BYTES = 640 * MIB;
const NODE_ADDRESS_SPACE_BYTES = 2048 * MIB;

/** A worker is replaced after this many pictures, so that no leak and no CPU budget lasts for ever. */
export const JOBS_PER_WORKER = 100;

/** How to start a worker. */
export interface WorkerCommand {
  execPath: string;
  execArgv: string[];
  env: Record<string, string>;
}

/**
 * Wraps Node into `nice` and `prlimit` where the system has them (Linux); elsewhere the limits are only the
 * pixel limits and the wall clock.
 *
 * @param memoryLimitBytes  what one picture may take beyond the worker's own needs; its children have the same
 */
export function workerCommand(memoryLimitBytes: number, timeoutSeconds: number): WorkerCommand {
  const nice = findTool('nice');
  const prlimit = findTool('prlimit');
  const words = [
    ...(nice ? [nice, '-n', '10'] : []),
    ...(prlimit ? [prlimit, ...limitArguments(memoryLimitBytes, timeoutSeconds), '--'] : []),
    process.execPath,
    '--max-old-space-size=128',
    '--v8-pool-size=1',
  ];
  const [execPath = process.execPath, ...execArgv] = words;
  return { execPath, execArgv, env: workerEnvironment() };
}

function limitArguments(memoryLimitBytes: number, timeoutSeconds: number): string[] {
  return [
    `--data=${NODE_DATA_BYTES + memoryLimitBytes}`,
    `--as=${NODE_ADDRESS_SPACE_BYTES + memoryLimitBytes}`,
    // The last bound for a worker whose server is gone; a single picture is stopped by the wall clock.
    `--cpu=${Math.ceil(timeoutSeconds * JOBS_PER_WORKER)}`,
    `--fsize=${1024 * MIB}`,
    '--nofile=256',
    '--core=0',
  ];
}

function workerEnvironment(): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    TMPDIR: os.tmpdir(),
    UV_THREADPOOL_SIZE: '2',
    VIPS_CONCURRENCY: '1',
    MALLOC_ARENA_MAX: '2',
  };
}
