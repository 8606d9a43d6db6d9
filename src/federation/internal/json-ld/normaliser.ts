/**
 * Puts odd documents into the usual words, one after the other, in a thread of its own that is started when it is first
 * needed and stopped when it was not for a while. Time and memory of each are bounded; a thread that exceeds them ends.
 */
import { Worker } from 'node:worker_threads';
import { MalformedDocument, readDocument, type JsonObject } from '../read-document.js';
import { TooBusy } from '../sender-memory.js';
import type { Normalised } from './normalise-worker.js';

/** Bounds, in milliseconds, mebibytes and documents. */
export interface NormaliserLimits {
  readonly startMs: number;
  readonly documentMs: number;
  readonly idleMs: number;
  readonly memoryMiB: number;
  readonly mostWaiting: number;
}

const LIMITS: NormaliserLimits = {
  startMs: 60_000,
  documentMs: 5_000,
  idleMs: 60_000,
  memoryMiB: 192,
  mostWaiting: 16,
};
const ENTRY = new URL('./normalise-worker.js', import.meta.url);

/** Puts odd documents into the usual words. */
export class Normaliser {
  private readonly limits: NormaliserLimits;
  private worker: Promise<Worker> | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | null = null;

  constructor(limits: Partial<NormaliserLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
  }

  /** Whether its thread is there. */
  get isRunning(): boolean {
    return this.worker !== null;
  }

  /**
   * The same in the usual words.
   *
   * @throws {MalformedDocument} for what means nothing, or takes too long
   * @throws {TooBusy} while too many others wait, and when the thread does not start
   */
  async normalise(document: JsonObject): Promise<JsonObject> {
    if (this.waiting >= this.limits.mostWaiting) throw new TooBusy();
    this.waiting += 1;
    const mine = this.turn.then(() => this.run(document));
    this.turn = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.waiting -= 1;
    }
  }

  /** Ends the thread; the next document starts another. */
  async stop(): Promise<void> {
    const worker = this.worker;
    this.worker = null;
    await worker?.then((one) => one.terminate()).catch(() => undefined);
  }

  private async run(document: JsonObject): Promise<JsonObject> {
    if (this.idle) clearTimeout(this.idle);
    const worker = await this.started();
    try {
      const answer = this.next<Normalised>(worker, this.limits.documentMs);
      worker.postMessage(document, []);
      return read(await answer);
    } catch (error) {
      if (error instanceof MalformedDocument) throw error;
      await this.stop();
      throw new MalformedDocument('The document takes too much to be understood.');
    } finally {
      this.idle = setTimeout(() => void this.stop(), this.limits.idleMs);
      this.idle.unref();
    }
  }

  /** That this machine is too slow says nothing about a document. */
  private async started(): Promise<Worker> {
    this.worker ??= this.start();
    try {
      return await this.worker;
    } catch {
      await this.stop();
      throw new TooBusy();
    }
  }

  private async start(): Promise<Worker> {
    const { memoryMiB, startMs } = this.limits;
    const worker = new Worker(ENTRY, {
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
      execArgv: [],
      env: {},
    });
    worker.unref();
    // What fails between two documents is told to nobody: the next one starts another thread.
    worker.on('error', () => undefined).once('exit', () => void this.forget(worker));
    try {
      await this.next(worker, startMs);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return worker;
  }

  private async forget(worker: Worker): Promise<void> {
    if ((await this.worker?.catch(() => worker)) === worker) this.worker = null;
  }

  /** What the thread says next. */
  private next<Message>(worker: Worker, mostMs: number): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const timer = setTimeout(() => reject(new Error('It takes too long.')), mostMs);
    const ended = (): void => reject(new Error('The thread has ended.'));
    worker.once('message', resolve).once('error', reject).once('exit', ended);
    return promise.finally(() => {
      clearTimeout(timer);
      worker.off('message', resolve).off('error', reject).off('exit', ended);
    });
  }
}

/** The one of this process. */
export const normaliser = new Normaliser();

function read(answer: Normalised): JsonObject {
  if ('refusal' in answer) throw new MalformedDocument(answer.refusal);
  return readDocument(Buffer.from(answer.json));
}
