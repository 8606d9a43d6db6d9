// The files of the embedded PostgreSQL: made once and whole, with settings for a small server.
import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { StartError } from '../start-error.js';

/** Name of the only database account; whoever can open the socket may be it. */
export const superuser = 'triptych';

const unfinished = 'initdb-';
const abandonedAfterMs = 10 * 60_000;

/** What `initdb` needs to be called. */
export interface InitdbCall {
  /** Command and leading arguments, the program itself included. */
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Makes the cluster below `directory` unless it exists, and returns its path.
 *
 * It appears whole or not at all: an interrupted attempt leaves a folder that nobody uses and a later start removes.
 *
 * @throws {Error} with the output of `initdb` when that fails, or when the files belong to another account
 */
export async function ensureCluster(directory: string, initdb: InitdbCall): Promise<string> {
  const cluster = path.join(directory, 'cluster');
  await removeAbandoned(directory);
  if (!existsSync(cluster)) await initialise(directory, cluster, initdb);
  await refuseForeignFiles(cluster);
  // PostgreSQL insists on it; files that came back from a copy often have other modes.
  await chmod(cluster, 0o700);
  return cluster;
}

/** Writes the settings that `ALTER SYSTEM` may override. */
export async function writeSettings(
  cluster: string,
  settings: Record<string, string>,
): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  const notice =
    '# Written at every start of Triptych. To tune PostgreSQL use ALTER SYSTEM, which wins over this file.\n';
  await writeFile(path.join(cluster, 'postgresql.conf'), notice + lines.join(''), { mode: 0o600 });
}

/**
 * Removes the lock file of a crashed PostgreSQL whose process id belongs to somebody else by now, as happens in
 * containers: PostgreSQL itself only asks whether such a process lives. Its working folder tells who it is (Linux).
 *
 * Only for callers who know that no other Triptych holds the cluster.
 */
export async function removeRecycledLock(cluster: string): Promise<void> {
  const { processId } = readLock(cluster);
  if (!(await worksIn(`/proc/${processId}/cwd`, cluster)))
    await rm(path.join(cluster, 'postmaster.pid'), { force: true });
}

/** True also where the folder may not be seen; a process that ended and only waits for its parent has none. */
async function worksIn(link: string, cluster: string): Promise<boolean> {
  const own = await stat(cluster);
  try {
    const folder = await stat(link);
    return folder.ino === own.ino && folder.dev === own.dev;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** Who PostgreSQL's own lock file names, and in which state (`ready`, `stopping` …); empty strings without the file. */
export function readLock(cluster: string): { processId: string; state: string } {
  let lines: string[] = [];
  try {
    lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    // No server runs, or it went between two looks.
  }
  return { processId: lines[0] ?? '', state: lines[7]?.trim() ?? '' };
}

async function initialise(directory: string, cluster: string, initdb: InitdbCall): Promise<void> {
  const fresh = await mkdtemp(path.join(directory, unfinished));
  try {
    await runInitdb(initdb, fresh);
    await synchronise(directory);
    await rename(fresh, cluster);
    await synchronise(directory);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process that started at the same moment may have been first; its cluster is as good as ours.
    if (!existsSync(cluster)) throw error;
  }
}

async function runInitdb(
  { command: [program = '', ...args], environment }: InitdbCall,
  target: string,
): Promise<void> {
  const access = ['--username', superuser, '--auth-local=trust', '--auth-host=reject'];
  const text = [
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await promisify(execFile)(program, [...args, '--pgdata', target, ...access, ...text], {
      cwd: '/',
      env: environment,
    });
  } catch (cause) {
    const output = (cause as ExecFileException).stderr?.trim() || String(cause);
    throw new Error(`PostgreSQL could not make its files in ${target}:\n${output}`, { cause });
  }
}

/** Makes the names in a folder survive a power cut. */
async function synchronise(directory: string): Promise<void> {
  await using handle = await open(directory);
  await handle.sync();
}

async function removeAbandoned(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  for (const name of await readdir(directory)) {
    const folder = path.join(directory, name);
    if (!name.startsWith(unfinished)) continue;
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
  }
}

async function refuseForeignFiles(cluster: string): Promise<void> {
  const { uid } = await stat(cluster);
  const own = process.getuid?.();
  if (uid === own) return;
  throw new StartError(
    `The files in ${cluster} belong to user id ${uid}: start Triptych from that account, not from ${own}`,
  );
}
