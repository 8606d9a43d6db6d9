/**
 * How ffmpeg and ffprobe are started: at low priority, with bounded memory, CPU and files, without the network where the
 * system lets us take it away, without our environment, and killed by the kernel when this process ends. All of it is
 * one chain of `exec`, so that the process we hold is ffmpeg itself.
 */
import { execFile } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FfmpegBinaries } from '../ffmpeg-binaries.js';
import { findTool, limitWords, type ProcessLimits } from '../process-limits.js';

const run = promisify(execFile);

/** How the network is kept away; null = only by the list of protocols, which has no other than `file`. */
export type NetworkWall = 'unshare -n' | 'unshare -rn' | null;

/** Executables that start the real ones within limits. */
export interface Launchers {
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly network: NetworkWall;
}

/** Which of the ways to take the network away works here. */
export async function findNetworkWall(): Promise<NetworkWall> {
  const unshare = findTool('unshare');
  if (!unshare) return null;
  for (const flags of ['-n', '-rn'] as const) {
    const works = await run(unshare, [flags, 'true'], { timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (works) return `unshare ${flags}`;
  }
  return null;
}

/** Writes the launchers into a directory of our own. */
export async function writeLaunchers(
  directory: string,
  binaries: FfmpegBinaries,
  limits: ProcessLimits,
): Promise<Launchers> {
  const network = await findNetworkWall();
  const write = async (name: string, program: string): Promise<string> => {
    const file = path.join(directory, name);
    await writeFile(file, scriptOf(program, limits, network));
    await chmod(file, 0o700);
    return file;
  };
  return {
    ffmpeg: await write('ffmpeg', binaries.ffmpegPath),
    ffprobe: await write('ffprobe', binaries.ffprobePath),
    network,
  };
}

function scriptOf(program: string, limits: ProcessLimits, network: NetworkWall): string {
  const words = [
    '/usr/bin/env',
    '-i',
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'LANG=C.UTF-8',
    'MALLOC_ARENA_MAX=2',
    ...(network?.split(' ') ?? []),
    // After `unshare`: the kernel forgets the wish to end with us when privileges change.
    ...limitWords(limits),
    program,
  ];
  return `#!/bin/sh\nexec ${words.map(quoted).join(' ')} "$@"\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
