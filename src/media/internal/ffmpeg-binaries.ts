// Finds ffmpeg and ffprobe, asks them for their version, and on Debian as root installs them.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { findProgram, isExecutable } from '../../platform/find-program.js';
import type { Environment } from '../../platform/find-program.js';

/** Both executables, found and new enough. */
export interface FfmpegBinaries {
  /** Absolute. */
  readonly ffmpegPath: string;
  /** Absolute. */
  readonly ffprobePath: string;
  /** As ffmpeg names it, such as `5.1.9-0+deb12u1`. */
  readonly version: string;
}

/** What looking for ffmpeg came to. */
export type FfmpegSearch =
  | { readonly found: true; readonly binaries: FfmpegBinaries }
  /** `isAbsent`: nothing is there, rather than something unusable. `reason` is a sentence for the administrator. */
  | { readonly found: false; readonly isAbsent: boolean; readonly reason: string };

/** Configured paths (null: look on PATH) and the environment in which to look and to run. */
export interface FfmpegPlace {
  readonly ffmpegPath: string | null;
  readonly ffprobePath: string | null;
  readonly environment: Environment;
}

const run = promisify(execFile);
const PROBE_TIMEOUT_MS = 10_000;

/** Builds from a snapshot have no version number; libavcodec 59.37 is the one of ffmpeg 5.1. */
function isNewEnough(version: string, banner: string): boolean {
  const release = /^n?(\d+)\.(\d+)/.exec(version);
  const [numbers, floor] = release
    ? ([release, [5, 1]] as const)
    : ([/libavcodec\s+(\d+)\.\s*(\d+)/.exec(banner), [59, 37]] as const);
  const [major, minor] = [Number(numbers?.[1] ?? 0), Number(numbers?.[2] ?? 0)];
  return major > floor[0] || (major === floor[0] && minor >= floor[1]);
}

async function probe(
  file: string,
  environment: Environment,
): Promise<{ version: string; isNewEnough: boolean } | null> {
  try {
    const { stdout } = await run(file, ['-version'], {
      timeout: PROBE_TIMEOUT_MS,
      env: environment,
    });
    const version = /^ff(?:mpeg|probe) version (\S+)/.exec(stdout)?.[1];
    return version === undefined ? null : { version, isNewEnough: isNewEnough(version, stdout) };
  } catch {
    return null;
  }
}

async function locate(
  name: 'ffmpeg' | 'ffprobe',
  place: FfmpegPlace,
): Promise<{ file: string; version: string } | (FfmpegSearch & { found: false })> {
  const configured = name === 'ffmpeg' ? place.ffmpegPath : place.ffprobePath;
  if (configured !== null && !(await isExecutable(configured))) {
    return {
      found: false,
      isAbsent: false,
      reason: `${name.toUpperCase()}_PATH=${configured} is not an executable file.`,
    };
  }
  const file = configured ?? (await findProgram(name, place.environment));
  if (file === null) return { found: false, isAbsent: true, reason: `${name} is not installed.` };
  const answer = await probe(file, place.environment);
  if (answer === null)
    return {
      found: false,
      isAbsent: false,
      reason: `${file} -version does not answer like ${name}.`,
    };
  if (!answer.isNewEnough)
    return {
      found: false,
      isAbsent: false,
      reason: `${file} is version ${answer.version}; 5.1 or later is needed.`,
    };
  return { file, version: answer.version };
}

/** Looks for both executables; configured paths win over PATH. Takes some milliseconds. */
export async function findFfmpeg(place: FfmpegPlace): Promise<FfmpegSearch> {
  const [ffmpeg, ffprobe] = await Promise.all([locate('ffmpeg', place), locate('ffprobe', place)]);
  if ('found' in ffmpeg) return ffmpeg;
  if ('found' in ffprobe) return ffprobe;
  return {
    found: true,
    binaries: { ffmpegPath: ffmpeg.file, ffprobePath: ffprobe.file, version: ffmpeg.version },
  };
}

/** What Debian, Ubuntu and their kin run to install ffmpeg. */
export const DEBIAN_INSTALL = [
  'apt-get',
  'install',
  '-y',
  '--no-install-recommends',
  'ffmpeg',
] as const;

const PACKAGE_MANAGERS: readonly (readonly [program: string, command: string])[] = [
  ['apt-get', `sudo ${DEBIAN_INSTALL.join(' ')}`],
  ['brew', 'brew install ffmpeg'],
  ['apk', 'sudo apk add ffmpeg'],
  ['dnf', 'sudo dnf install -y ffmpeg-free'],
  ['pacman', 'sudo pacman -S ffmpeg'],
  ['zypper', 'sudo zypper install ffmpeg'],
];

/** The one command that installs ffmpeg on this system, or null if no package manager is known here. */
export async function installCommand(environment: Environment): Promise<string | null> {
  for (const [program, command] of PACKAGE_MANAGERS) {
    if ((await findProgram(program, environment)) !== null) return command;
  }
  return null;
}

/**
 * Runs apt-get on its own: neither ^C nor the end of this process cuts it off half-way, as that would leave dpkg in
 * need of repair, and it does not keep this process alive. Its output goes to a file, as a broken pipe would stop it.
 */
async function aptGet(environment: Environment, ...args: readonly string[]): Promise<void> {
  const program = (await findProgram('apt-get', environment)) ?? 'apt-get';
  const directory = await mkdtemp(path.join(tmpdir(), 'triptych-apt-'));
  const output = path.join(directory, 'output');
  try {
    await using file = await open(output, 'w');
    const child = spawn(program, args, {
      env: { ...environment, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', file.fd, file.fd],
      detached: true,
    });
    child.unref();
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0)
      throw new Error(
        `apt-get ${args[0]} ended with ${code}: ${(await readFile(output, 'utf8')).slice(-2000)}`,
      );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Installs Debian's ffmpeg; needs root. Refreshes the package lists only if the package can't be had without.
 * Takes up to some minutes.
 *
 * @throws if apt-get fails
 */
export async function installDebianFfmpeg(environment: Environment): Promise<void> {
  const [, ...install] = DEBIAN_INSTALL;
  try {
    await aptGet(environment, ...install);
  } catch {
    await aptGet(environment, 'update');
    await aptGet(environment, ...install);
  }
}
