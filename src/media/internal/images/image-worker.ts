// One child process that decodes pictures, one at a time: started when needed, reused, stopped when idle,
// killed with everything it started when a picture takes too long or is no longer wanted.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { ImageRejected } from './image-rejected.js';
import type { ImageLimits } from './image-rejected.js';
import { JOBS_PER_WORKER, workerCommand } from './worker-limits.js';
import { workerMessage } from './worker-protocol.js';
import type { ImageReport, WorkerJob, WorkerMessage } from './worker-protocol.js';

const ENTRY = fileURLToPath(new URL('./worker/main.js', import.meta.url));
const IDLE_SECONDS = 30;
const STDERR_TAIL = 2000;

/** What happens to workers and pictures, for the log; one entry each. */
export interface ImageProcessorEvent {
  event:
    | 'worker-started'
    | 'worker-stopped'
    | 'image-processed'
    | 'image-rejected'
    | 'image-failed';
  /** Process id of the worker. */
  pid: number | undefined;
  detail?: string;
  durationMs?: number;
  /** CPU of the worker since its start, user and system. */
  cpuMicroseconds?: number;
  /** Highest resident size of the worker since its start. */
  maxRssBytes?: number;
}

/** What a worker needs to know about its surroundings. */
export interface ImageWorkerOptions extends ImageLimits {
  memoryLimitBytes: number;
  idleSeconds?: number;
  log: (event: ImageProcessorEvent) => void;
}

type Final = Exclude<WorkerMessage, { kind: 'ready' | 'progress' }>;

/** A place in the pool, with or without a living process. */
export class ImageWorker implements AsyncDisposable {
  readonly #options: ImageWorkerOptions;
  #child: ChildProcess | undefined;
  #isReady = false;
  #jobs = 0;
  #stderr = '';
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: ImageWorkerOptions) {
    this.#options = options;
  }

  /**
   * Runs one job; must not be called again before the promise settles.
   *
   * @throws {ImageRejected} the picture is to blame
   * @throws the abort reason of `signal`; or an Error when this side is to blame
   */
  async run(
    job: WorkerJob,
    onProgress: (percent: number) => void,
    signal?: AbortSignal,
  ): Promise<ImageReport> {
    signal?.throwIfAborted();
    clearTimeout(this.#idleTimer);
    const child = (this.#child ??= this.#start());
    setReferenced(child, true);
    const startedAt = performance.now();
    const final = await this.#converse(child, job, onProgress, signal).catch((error: unknown) => {
      this.#kill(child);
      const event = error instanceof ImageRejected ? 'image-rejected' : 'image-failed';
      this.#log(event, child, startedAt, describe(error));
      throw error;
    });
    this.#rest(child);
    return this.#conclude(final, child, startedAt);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    if (!child) return;
    // An idle child does not keep the event loop alive, but its end is awaited.
    setReferenced(child, true);
    const exited = once(child, 'exit');
    this.#kill(child);
    await exited;
  }

  #start(): ChildProcess {
    const { memoryLimitBytes, timeoutSeconds } = this.#options;
    const command = workerCommand(memoryLimitBytes, timeoutSeconds);
    // Its own process group: one signal reaches the decoders it starts, and ^C at the terminal does not.
    const child = fork(ENTRY, {
      ...command,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#isReady = false;
    this.#jobs = 0;
    this.#stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    child.on('error', (error) =>
      this.#options.log({ event: 'worker-stopped', pid: child.pid, detail: error.message }),
    );
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#child = undefined;
      this.#options.log({
        event: 'worker-stopped',
        pid: child.pid,
        detail: signal ?? `exit code ${code}`,
      });
    });
    this.#options.log({ event: 'worker-started', pid: child.pid });
    return child;
  }

  /** Sends the job and waits for the last word: an answer, the end of the process, of time or of interest. */
  #converse(
    child: ChildProcess,
    job: WorkerJob,
    onProgress: (percent: number) => void,
    signal?: AbortSignal,
  ): Promise<Final> {
    const ending = new AbortController();
    const conversation = new Promise<Final>((resolve, reject) => {
      const onMessage = (raw: unknown): void => {
        const message = workerMessage.safeParse(raw);
        if (!message.success)
          reject(this.#rejected('DECODER_CRASHED', 'an answer that makes no sense'));
        else if (message.data.kind === 'ready') this.#isReady = true;
        else if (message.data.kind === 'progress') onProgress(message.data.percent);
        else resolve(message.data);
      };
      const onExit = (code: number | null, killedBy: string | null): void =>
        reject(this.#explainExit(killedBy ?? code));
      const onAbort = (): void => reject(signal?.reason as Error);
      const onTimeout = (): void => reject(this.#rejected('TIMEOUT', 'wall clock'));
      const timer = setTimeout(onTimeout, this.#options.timeoutSeconds * 1000);
      child.on('message', onMessage).once('exit', onExit).once('error', reject);
      signal?.addEventListener('abort', onAbort, { signal: ending.signal });
      ending.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onExit).off('error', reject);
      });
      child.send(job, (error) => error && reject(error));
    });
    return conversation.finally(() => ending.abort());
  }

  /** A worker that dies before it was ready is a fault of this side; afterwards the picture killed it. */
  #explainExit(how: string | number | null): Error {
    const detail = `worker ended with ${how}: ${this.#stderr.trim()}`;
    return this.#isReady ? this.#rejected('DECODER_CRASHED', detail) : new Error(`image ${detail}`);
  }

  #conclude(final: Final, child: ChildProcess, startedAt: number): ImageReport {
    switch (final.kind) {
      case 'done':
        this.#log('image-processed', child, startedAt, undefined, final.usage);
        return final.image;
      case 'rejected':
        this.#log(
          'image-rejected',
          child,
          startedAt,
          `${final.reason}: ${final.detail}`,
          final.usage,
        );
        throw this.#rejected(final.reason, final.detail);
      case 'failed':
        this.#log('image-failed', child, startedAt, final.detail, final.usage);
        throw new Error(`image worker failed: ${final.detail}`);
    }
  }

  /** After a job the process waits for the next one, without keeping the server alive for it. */
  #rest(child: ChildProcess): void {
    this.#jobs += 1;
    if (this.#jobs >= JOBS_PER_WORKER) return this.#kill(child);
    setReferenced(child, false);
    const idleMs = (this.#options.idleSeconds ?? IDLE_SECONDS) * 1000;
    this.#idleTimer = setTimeout(() => this.#kill(child), idleMs).unref();
  }

  #kill(child: ChildProcess): void {
    if (this.#child === child) this.#child = undefined;
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  }

  #rejected(reason: ImageRejected['reason'], detail: string): ImageRejected {
    return new ImageRejected(reason, this.#options, { cause: new Error(detail) });
  }

  #log(
    event: ImageProcessorEvent['event'],
    child: ChildProcess,
    startedAt: number,
    detail?: string,
    usage?: Final['usage'],
  ): void {
    const durationMs = Math.round(performance.now() - startedAt);
    this.#options.log({
      event,
      pid: child.pid,
      durationMs,
      ...(detail ? { detail } : {}),
      ...usage,
    });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof ImageRejected)) return error.message;
  return `${error.reason}: ${error.cause instanceof Error ? error.cause.message : ''}`;
}

/** Whether the process keeps the server's event loop alive. */
function setReferenced(child: ChildProcess, isReferenced: boolean): void {
  const method = isReferenced ? 'ref' : 'unref';
  child[method]();
  child.channel?.[method]();
  const stderr: (Readable & { ref?: () => void; unref?: () => void }) | null = child.stderr;
  stderr?.[method]?.();
}
