/**
 * Tells live workers from dead ones, across all machines. Each worker holds an advisory lock in a session of its
 * own; jobs of a worker that holds none are handed back. The session also ends when nothing is heard from it for
 * a while, so that a process that hangs, or a machine that vanished, counts as dead too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Connection } from '../db/connection.js';
import type { Logger } from '../logger.js';
import { DROP_REPLACED_OF_THE_DEAD, FREE_JOBS_OF_THE_DEAD, LOCK_OF_WORKER } from './queue-state.js';

/** How fast the dead are noticed. */
export interface PresenceTimes {
  /** Between two signs of life; each also looks for the dead. */
  readonly beatMs: number;
  /** Silence after which PostgreSQL ends the session; several times `beatMs`. */
  readonly silenceMs: number;
}

const TIMES: PresenceTimes = { beatMs: 15_000, silenceMs: 90_000 };

/** The sign of life of the workers of this process. */
export class WorkerPresence implements AsyncDisposable {
  private readonly held = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();
  private connection: Connection | null = null;
  /** One after the other, as they share a session. */
  private last: Promise<void> = Promise.resolve();
  private beating: Promise<void> = Promise.resolve();

  private constructor(
    private readonly url: string,
    private readonly log: Logger,
    private readonly times: PresenceTimes,
  ) {}

  /** Frees what dead workers hold, then looks again at every beat. */
  static async open(url: string, log: Logger, times = TIMES): Promise<WorkerPresence> {
    const presence = new WorkerPresence(url, log, times);
    await presence.beat();
    presence.beating = presence.keepBeating();
    return presence;
  }

  /** Resolves when a worker of this id counts as alive: before that it may not take a job. */
  hold(id: string): Promise<void> {
    const known = this.held.get(id);
    if (known) return known;
    // The promise stands in the map before the beat that takes its lock.
    const { promise, resolve } = Promise.withResolvers<void>();
    this.held.set(id, promise);
    void this.beatUntilHeld().then(resolve);
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopping.abort();
    await this.beating;
    await this.last;
    await this.connection?.end();
  }

  private async beatUntilHeld(): Promise<void> {
    for (;;) {
      await this.beat();
      if (this.connection || this.stopping.signal.aborted) return;
      await this.pause();
    }
  }

  private async keepBeating(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.pause();
      if (!this.stopping.signal.aborted) await this.beat();
    }
  }

  private async pause(): Promise<void> {
    await delay(this.times.beatMs, undefined, { signal: this.stopping.signal, ref: false }).catch(
      () => undefined,
    );
  }

  private beat(): Promise<void> {
    this.last = this.last.then(() => this.showLife());
    return this.last;
  }

  private async showLife(): Promise<void> {
    try {
      this.connection ??= await this.openSession();
      // Locks of a session count up, so one that is held already is not taken again.
      for (const id of this.held.keys())
        await this.connection.query(
          `select pg_advisory_lock(${LOCK_OF_WORKER}) where not exists (select from pg_locks
             where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1
               and (classid::bigint << 32) | objid::bigint = ${LOCK_OF_WORKER})`,
          [id],
        );
      await this.connection.query(DROP_REPLACED_OF_THE_DEAD);
      const { rows } = await this.connection.query<{ workers: string[] }>(FREE_JOBS_OF_THE_DEAD);
      if (rows[0]) this.log.warn(rows[0], 'jobs of workers that are gone were handed back');
    } catch (error) {
      this.log.warn({ err: error }, 'this worker cannot show that it lives, trying again');
      const broken = this.connection;
      this.connection = null;
      await broken?.end().catch(() => undefined);
    }
  }

  private async openSession(): Promise<Connection> {
    const connection = await connect(this.url, 'triptych-worker');
    await connection.query(`set idle_session_timeout = ${this.times.silenceMs}`);
    connection.once('end', () => {
      if (this.connection !== connection || this.stopping.signal.aborted) return;
      this.connection = null;
      void this.beat();
    });
    return connection;
  }
}
