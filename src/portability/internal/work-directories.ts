/**
 * Where archives are written before they are stored: on the disk of the data directory, as the place for temporary
 * files can be memory.
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../../platform/context.js';
import { makeDirectory } from '../../platform/make-directory.js';
import { hasCode } from '../../platform/system-error.js';

/** A directory; disposing it removes it with everything in it. */
export interface WorkDirectory extends AsyncDisposable {
  readonly path: string;
}

/** Longer than anything is written or stored. */
const ABANDONED_MS = 86_400_000;

type Place = Pick<Services, 'config'>;

const placeOf = ({ config }: Place): string => path.join(config.dataDirectory, 'exports');

/** Makes a new one. */
export async function openWorkDirectory(services: Place): Promise<WorkDirectory> {
  const place = placeOf(services);
  await makeDirectory(place);
  const directory = await mkdtemp(path.join(place, 'archive-'));
  return {
    path: directory,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Removes what writers left that were killed, on this machine. @param now in ms; the files have the machine's time */
export async function removeAbandonedWork(services: Place, now = Date.now()): Promise<void> {
  const place = placeOf(services);
  for (const name of await namesIn(place)) {
    const directory = path.join(place, name);
    const files = await namesIn(directory);
    const times = await Promise.all(
      [directory, ...files.map((file) => path.join(directory, file))].map(modifiedAt),
    );
    if (Math.max(...times) < now - ABANDONED_MS)
      await rm(directory, { recursive: true, force: true });
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

async function modifiedAt(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
