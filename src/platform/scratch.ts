/**
 * Files that live as long as a piece of work, below DATA_DIR. Several processes may share it, on several machines: each
 * has a directory there, and holds a lock of its name in the database while it lives. PostgreSQL frees the lock however
 * the process ends, so what was left by one that was killed is known, and removed.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { connect, type Connection } from './db/connection.js';
import type { Logger } from './logger.js';
import { makeDirectory } from './make-directory.js';

const LOCK = 'hashtextextended($1, 7481205119)';

/** A directory; disposing it removes it with everything in it. */
export interface ScratchDirectory extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
}

interface OwnSpace {
  readonly directory: string;
  readonly connection: Connection;
}

/** The scratch files of this process. Nothing is made before the first one is wanted. */
export class Scratch implements AsyncDisposable {
  private readonly root: string;
  private own: Promise<OwnSpace> | null = null;

  constructor(
    dataDirectory: string,
    private readonly databaseUrl: string,
    private readonly log: Logger,
  ) {
    this.root = path.join(dataDirectory, 'work');
  }

  /** Makes an empty directory that nobody else can read. */
  async directory(): Promise<ScratchDirectory> {
    const { directory } = await (this.own ??= this.openOwn());
    const made = await mkdtemp(path.join(directory, 'work-'));
    return {
      path: made,
      [Symbol.asyncDispose]: () => rm(made, { recursive: true, force: true }),
    };
  }

  /** Removes what processes left that do not live any more. */
  async sweep(): Promise<void> {
    const names = await readdir(this.root).catch(() => []);
    if (names.length === 0) return;
    // In a session of its own, to which the lock of this process is a lock of somebody else.
    await using connection = await connect(this.databaseUrl, 'triptych-scratch');
    for (const name of names) {
      if (!(await isFree(connection, name))) continue;
      this.log.info({ name }, 'removing what a process left behind that is gone');
      await rm(path.join(this.root, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const own = await this.own?.catch(() => null);
    if (!own) return;
    await rm(own.directory, { recursive: true, force: true });
    await own.connection.end();
  }

  private async openOwn(): Promise<OwnSpace> {
    const name = randomUUID();
    try {
      const connection = await connect(this.databaseUrl, 'triptych-scratch');
      // Whoever lost its lock may be swept: the next work gets a place that is not.
      connection.once('end', () => (this.own = null));
      // The lock comes before the directory, so that no sweep meets one without the other.
      await connection.query(`select pg_advisory_lock(${LOCK})`, [name]);
      const directory = path.join(this.root, name);
      await makeDirectory(directory);
      return { directory, connection };
    } catch (error) {
      this.own = null;
      throw error;
    }
  }
}

/** Whether no living process holds the name; if so, this session does from now on. */
async function isFree(connection: Connection, name: string): Promise<boolean> {
  const { rows } = await connection.query<{ free: boolean }>(
    `select pg_try_advisory_lock(${LOCK}) as free`,
    [name],
  );
  return rows[0]?.free === true;
}
