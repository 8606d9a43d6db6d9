// Runs the PostgreSQL that npm installed as a child of this process. It is reached through a socket in a folder that
// only this account can enter, so no password exists and no port is open.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { locatePostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import {
  ensureCluster,
  readLock,
  removeRecycledLock,
  superuser,
  writeSettings,
} from './postgres-cluster.js';
import {
  accountPrefix,
  heldByAnother,
  holdingPrefix,
  holdsDirectories,
  mortalPrefix,
} from './postgres-command.js';
import { openPostgresLog, type PostgresLog } from './postgres-log.js';
import { settingsFor } from './postgres-settings.js';
import { StartError } from '../start-error.js';

const port = 5432;
const pollMs = 10;
const retryMs = 100;
/** How long the holder of the cluster may take to go: longer if it says that it is shutting down. */
const patienceMs = 5_000;
const shutdownMs = 30_000;
/** Longest path of a socket, without its final NUL: 103 bytes on macOS, 107 on Linux. */
const longestSocketPath = 103;
/** A database of that name exists (42P04), or another session is making it at this moment (23505). */
const madeMeanwhile = ['42P04', '23505'];

/** A running PostgreSQL; disposing it shuts the server down and waits until it has gone. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** URL for `pg`, MikroORM and graphile-worker; its host is the percent-encoded folder of the socket. */
  connectionUrl(database: string): string;
  readonly processId: number;
  /** Resolves when the server has gone, wanted or not. */
  readonly exited: Promise<void>;
}

interface Attempt {
  readonly cluster: string;
  readonly socketDirectory: string;
  readonly binaries: PostgresBinaries;
  readonly log: PostgresLog;
}

/**
 * Starts PostgreSQL on `dataDirectory`, which is made and initialised when it does not exist.
 *
 * Waits up to 5 s for a predecessor that was killed, 30 s for one that is shutting down, and as long as crash recovery takes. The server stops when
 * this process ends, even by SIGKILL. Its log is `postgres.log` in the data directory.
 *
 * @param options.durability  `safe` (default) loses nothing that was committed; `fast` is for tests: a power cut may
 *   ruin the files, and statistics are not gathered in the background
 * @throws {Error} when another server runs on the directory, when this account cannot run PostgreSQL, or with the end
 *   of the log when PostgreSQL gives up
 */
export async function startEmbeddedPostgres(options: {
  dataDirectory: string;
  durability?: 'safe' | 'fast';
}): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 });
  const directory = await realpath(options.dataDirectory);
  const binaries = locatePostgresBinaries(path.join(directory, 'lib'));
  const account = await accountPrefix();
  const cluster = await ensureCluster(directory, {
    command: [...account, path.join(binaries.directory, 'initdb')],
    environment: binaries.environment,
  });
  await using resources = new AsyncDisposableStack();
  const socketDirectory = await makeSocketDirectory(directory, resources);
  const log = resources.use(openPostgresLog(path.join(directory, 'postgres.log')));
  await writeSettings(cluster, settingsFor(options.durability ?? 'safe'));
  const child = await launch(account, { cluster, socketDirectory, binaries, log });
  return running(child, socketDirectory, resources.move());
}

/** Makes the database `name` if it does not exist; safe to call from several processes at once. */
export async function ensureDatabase(postgres: EmbeddedPostgres, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.connectionUrl('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && madeMeanwhile.includes(error.code ?? '')))
      throw error;
  } finally {
    await client.end();
  }
}

function running(
  child: ChildProcess,
  socketDirectory: string,
  resources: AsyncDisposableStack,
): EmbeddedPostgres {
  const exited = gone(child);
  const host = encodeURIComponent(socketDirectory);
  return {
    processId: processId(child),
    exited,
    connectionUrl: (database) =>
      `postgresql://${superuser}@${host}:${port}/${encodeURIComponent(database)}`,
    async [Symbol.asyncDispose]() {
      // SIGINT is PostgreSQL's fast shutdown: it rolls open transactions back and leaves nothing to recover.
      child.kill('SIGINT');
      await exited;
      await resources[Symbol.asyncDispose]();
    },
  };
}

/** The socket lies with the data, unless that path is too long for a socket. */
async function makeSocketDirectory(
  directory: string,
  resources: AsyncDisposableStack,
): Promise<string> {
  const beside = path.join(directory, 'run');
  if (Buffer.byteLength(path.join(beside, `.s.PGSQL.${port}`)) <= longestSocketPath) {
    await mkdir(beside, { recursive: true, mode: 0o700 });
    await chmod(beside, 0o700);
    return beside;
  }
  const short = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  resources.defer(() => rm(short, { recursive: true, force: true }));
  return short;
}

async function launch(account: string[], attempt: Attempt): Promise<ChildProcess> {
  const { cluster, log } = attempt;
  const begin = Date.now();
  for (;;) {
    const start = log.position();
    const child = spawnPostgres(account, attempt);
    await spawned(child);
    if (await becameReady(child, cluster)) return child;
    if (child.exitCode !== heldByAnother) {
      const complaint = log.tail(start);
      if (!complaint.includes('lock file "postmaster.pid" already exists')) {
        throw new Error(`PostgreSQL did not start on ${cluster}:\n${complaint}`);
      }
      if (holdsDirectories()) await removeRecycledLock(cluster);
    }
    const { processId: holder, state } = readLock(cluster);
    if (Date.now() - begin > (state === 'stopping' ? shutdownMs : patienceMs)) {
      throw new StartError(
        `Another PostgreSQL (process ${holder}) runs on ${cluster}: stop the Triptych that uses it`,
      );
    }
    await delay(retryMs);
  }
}

async function spawned(child: ChildProcess): Promise<void> {
  try {
    await once(child, 'spawn');
  } catch (cause) {
    const message = `Cannot run ${child.spawnfile}: the embedded PostgreSQL needs util-linux; or set DATABASE_URL`;
    throw new Error(message, { cause });
  }
}

function spawnPostgres(
  account: string[],
  { cluster, socketDirectory, binaries, log }: Attempt,
): ChildProcess {
  const reach = [
    'listen_addresses=',
    `unix_socket_directories=${socketDirectory}`,
    'unix_socket_permissions=0700',
  ];
  const [program = '', ...args] = [
    ...holdingPrefix(cluster),
    ...account,
    ...mortalPrefix(),
    path.join(binaries.directory, 'postgres'),
    '-D',
    cluster,
    '-p',
    String(port),
    ...reach.flatMap((setting) => ['-c', setting]),
  ];
  const child = spawn(program, args, {
    cwd: '/',
    // Its own session: ^C in the terminal reaches this process alone, which then stops PostgreSQL in good order.
    detached: true,
    env: binaries.environment,
    stdio: ['ignore', log.descriptor, log.descriptor, 'pipe'],
  });
  dismissWatcherAtExit(child);
  return child;
}

/** Where a watcher waits at file descriptor 3, it learns that PostgreSQL has gone before its process id is reused. */
function dismissWatcherAtExit(child: ChildProcess): void {
  const line = child.stdio[3];
  if (!line || !('write' in line)) return;
  line.on('error', () => {});
  child.once('exit', () => line.end('\n'));
}

async function becameReady(child: ChildProcess, cluster: string): Promise<boolean> {
  while (isAlive(child)) {
    const lock = readLock(cluster);
    if (lock.processId === String(child.pid) && lock.state === 'ready') return true;
    await delay(pollMs);
  }
  return false;
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function gone(child: ChildProcess): Promise<void> {
  if (isAlive(child)) await once(child, 'exit');
}

function processId(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('A process that never started has no id');
  return child.pid;
}
