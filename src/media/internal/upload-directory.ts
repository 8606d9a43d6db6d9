/** Where resumable uploads grow. */
import path from 'node:path';
import type { Config } from '../../platform/config.js';

type Place = Pick<Config, 'dataDirectory'>;

/** One file each. Absolute. */
export function resumableDirectory(config: Place): string {
  return path.join(config.dataDirectory, 'uploads', 'tus');
}

/** The growing file of a resumable upload. It is named by the ticket's digest, so that the disk knows no ticket. */
export function resumableFile(config: Place, digest: Buffer): string {
  return path.join(resumableDirectory(config), digest.toString('hex'));
}
