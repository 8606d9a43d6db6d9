// Threads that draw pictures side by side.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Picture, Wish } from './picture.js';

/** Draws pictures until it is disposed. */
export class Studio implements AsyncDisposable {
  private readonly idle: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private readonly workers: readonly Worker[];

  constructor() {
    this.workers = Array.from(
      { length: availableParallelism() },
      () => new Worker(new URL('./draw-worker.js', import.meta.url)),
    );
    this.idle = [...this.workers];
  }

  /** Draws one picture as soon as a thread is free. */
  async draw(wish: Wish): Promise<Picture> {
    const worker =
      this.idle.pop() ?? (await new Promise<Worker>((take) => this.waiting.push(take)));
    try {
      return await answerOf(worker, wish);
    } finally {
      const next = this.waiting.shift();
      if (next) next(worker);
      else this.idle.push(worker);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker, wish: Wish): Promise<Picture> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (picture: Picture): void => {
      settle();
      resolve(picture);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(wish, []);
  });
}
