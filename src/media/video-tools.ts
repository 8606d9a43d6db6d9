// Whether this machine can process video. Photos never need this, so the start of the server never waits for it.
import { findProgram } from '../platform/find-program.js';
import type { Logger } from '../platform/logger.js';
import {
  DEBIAN_INSTALL,
  findFfmpeg,
  installCommand,
  installDebianFfmpeg,
} from './internal/ffmpeg-binaries.js';
import { findNetworkWall } from './internal/video/launcher.js';
import type { FfmpegBinaries, FfmpegPlace, FfmpegSearch } from './internal/ffmpeg-binaries.js';

/** How the network is kept away from ffmpeg here, in words for the administrator. */
export async function networkWallText(): Promise<string> {
  const wall = await findNetworkWall();
  return wall === null
    ? 'without network by its list of protocols alone, as unshare does not work here'
    : `without network (${wall})`;
}

/** The state of video on this machine, which may turn from off to on while ffmpeg is being installed. */
export interface VideoTools {
  /** The executables, or null while video is switched off. */
  current(): FfmpegBinaries | null;
  /** Resolves (never rejects) when nothing more will change. */
  readonly settled: Promise<FfmpegBinaries | null>;
}

/** Where to look, whether installing is possible, and where to say what happens. */
export interface VideoToolsOptions extends FfmpegPlace {
  readonly isRoot: boolean;
  readonly log: Logger;
}

/** Looks for ffmpeg without installing anything. */
export function findVideoTools(place: FfmpegPlace): Promise<FfmpegSearch> {
  return findFfmpeg(place);
}

async function sayOff(reason: string, { environment, log }: VideoToolsOptions): Promise<null> {
  const command =
    (await installCommand(environment)) ??
    'the package manager of this system (ffmpeg 5.1 or later)';
  log.warn(`Video is switched off: ${reason} To switch it on, install ffmpeg with: ${command}`);
  return null;
}

/**
 * Finds ffmpeg and ffprobe. If they are missing, installs Debian's package where that is possible (root and apt-get)
 * and says so; otherwise says that video is off and names the command that helps.
 *
 * @returns the executables, or null: video stays off
 */
export async function ensureFfmpeg(options: VideoToolsOptions): Promise<FfmpegBinaries | null> {
  const { environment, isRoot, log } = options;
  const first = await findFfmpeg(options);
  if (first.found) return first.binaries;
  const canInstall =
    first.isAbsent && isRoot && (await findProgram('apt-get', environment)) !== null;
  if (!canInstall) return sayOff(first.reason, options);

  log.info(
    `${first.reason} Installing it now as root (${DEBIAN_INSTALL.join(' ')}); video is switched off until it is there.`,
  );
  try {
    await installDebianFfmpeg(environment);
  } catch (error) {
    log.error({ err: error }, 'apt-get could not install ffmpeg.');
    return sayOff(first.reason, options);
  }
  const second = await findFfmpeg(options);
  if (!second.found) return sayOff(second.reason, options);
  log.info({ version: second.binaries.version }, 'ffmpeg is installed; video is switched on.');
  return second.binaries;
}

/** Starts `ensureFfmpeg` beside everything else; video is off until it is done. */
export function openVideoTools(options: VideoToolsOptions): VideoTools {
  let binaries: FfmpegBinaries | null = null;
  const settled = ensureFfmpeg(options).then(
    (found) => (binaries = found),
    (error: unknown) => {
      options.log.error({ err: error }, 'Looking for ffmpeg failed; video is switched off.');
      return null;
    },
  );
  return { current: () => binaries, settled };
}
