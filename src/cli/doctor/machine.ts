// Checks of the machine: Node, address, data directory, programs.
import { randomBytes } from 'node:crypto';
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';

import { findFpcalc } from '../../media/listening.js';
import { findVideoTools, networkWallText } from '../../media/video-tools.js';
import type { Config } from '../../platform/config.js';
import { findProgram, isExecutable } from '../../platform/find-program.js';
import { hasCode } from '../../platform/system-error.js';
import { gibibytes, messageOf } from './finding.js';
import type { Finding } from './finding.js';

const NODE_FLOOR = [24, 22, 1] as const;
const LOW_SPACE_BYTES = 2 * 2 ** 30;
const NO_SPACE_BYTES = 200 * 2 ** 20;

/** What whoever runs an older one can do: npm has no Node that is new enough for every machine. */
const NODE_CURE =
  'install it or a later one, and start with that by `node --env-file-if-exists=.env --enable-source-maps dist/src/main.js` instead of `npm start`, which takes the Node from npm; or run the container image, which has it';

/** Warns below the first release of Node with all security fixes that matter here. */
export function checkNode(version: string): Finding {
  const parts = version.split('.').map(Number);
  const difference =
    NODE_FLOOR.map((floor, index) => (parts[index] ?? 0) - floor).find((value) => value !== 0) ?? 0;
  return difference >= 0
    ? { check: 'node', state: 'ok', detail: version }
    : {
        check: 'node',
        state: 'warning',
        detail: `${version} lacks security fixes of ${NODE_FLOOR.join('.')}: ${NODE_CURE}`,
      };
}

/** Warns about an address that other people or servers can't use. */
export function checkPublicUrl(publicUrl: URL): Finding {
  const { hostname, protocol } = publicUrl;
  const complaint =
    hostname === 'localhost' || hostname.endsWith('.localhost')
      ? 'only this machine reaches it; accounts are bound to this name for ever'
      : isIP(hostname.replaceAll(/[[\]]/g, '')) > 0
        ? 'it is an IP address, which other servers refuse'
        : !hostname.includes('.')
          ? 'it has no domain, so that other servers cannot find it'
          : protocol === 'http:'
            ? 'it is not encrypted: people and other servers need https'
            : null;
  return {
    check: 'public-url',
    state: complaint === null ? 'ok' : 'warning',
    detail: complaint === null ? publicUrl.origin : `${publicUrl.origin}: ${complaint}`,
  };
}

/** Whether files can be made in the data directory, and how much room there is. */
export async function checkDataDirectory(directory: string): Promise<Finding> {
  const check = 'data-directory';
  const probe = path.join(directory, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    await stat(directory);
    await writeFile(probe, 'probe', { flag: 'wx' });
    await rm(probe);
    const { bavail, bsize } = await statfs(directory);
    const free = bavail * bsize;
    const state = free < NO_SPACE_BYTES ? 'failed' : free < LOW_SPACE_BYTES ? 'warning' : 'ok';
    return { check, state, detail: `${directory} is writable, ${gibibytes(free)} free` };
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      return {
        check,
        state: 'warning',
        detail: `${directory} does not exist; the first start makes it`,
      };
    return { check, state: 'failed', detail: messageOf(error) };
  }
}

/**
 * Whether the programs are there that only video (ffmpeg, ffprobe), only recognising sounds (fpcalc) and only HEIC
 * photographs (heif-convert) need.
 */
export async function checkTools(
  config: Config,
  environment: Record<string, string | undefined>,
): Promise<Finding[]> {
  const video = await findVideoTools({ ...config.ffmpeg, environment });
  const fpcalc = await findFpcalc(config.fpcalcPath, environment);
  const heifConvert = config.heifConvertPath ?? (await findProgram('heif-convert', environment));
  const hasHeif = heifConvert !== null && (await isExecutable(heifConvert));
  return [
    hasHeif
      ? { check: 'heif-convert', state: 'ok', detail: heifConvert }
      : {
          check: 'heif-convert',
          state: 'warning',
          detail: `HEIC photographs are refused: ${heifConvert ?? 'heif-convert'} is not there`,
        },
    fpcalc !== null
      ? { check: 'fpcalc', state: 'ok', detail: fpcalc }
      : {
          check: 'fpcalc',
          state: 'warning',
          detail: `sounds of videos are not recognised: ${config.fpcalcPath ?? 'fpcalc'} is not there`,
        },
    video.found
      ? {
          check: 'ffmpeg',
          state: 'ok',
          detail: `${video.binaries.ffmpegPath} ${video.binaries.version}, ${await networkWallText()}`,
        }
      : { check: 'ffmpeg', state: 'warning', detail: `video is switched off: ${video.reason}` },
  ];
}
