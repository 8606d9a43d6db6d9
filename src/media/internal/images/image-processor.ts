// From one uploaded picture to its renditions. Nothing is decoded in this process: workers do that.
import { lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ImageLimits } from './image-rejected.js';
import { ImageWorker } from './image-worker.js';
import type { ImageProcessorEvent } from './image-worker.js';
import { FILE_EXTENSIONS } from './rendition-plan.js';
import type { ImagePurpose, RenditionMimeType, RenditionName } from './rendition-plan.js';
import type {
  CameraReport,
  ImageReport,
  RenditionReport,
  SourceMimeType,
} from './worker-protocol.js';

/** One picture to process. */
export interface ImageRequest {
  /** Absolute; read only. Its name says nothing about its type. */
  inputPath: string;
  /** Absolute; created when missing. Holds the renditions afterwards, and nothing when processing failed. */
  outputDirectory: string;
  purpose: ImagePurpose;
  /** 0 to 100, rising. */
  onProgress?: (percent: number) => void;
}

/** One derived file: upright, without any metadata of its source. */
export interface RenderedFile {
  name: RenditionName;
  /** Absolute, inside the output directory. */
  path: string;
  mimeType: RenditionMimeType;
  width: number;
  height: number;
  sizeBytes: number;
}

/** What a picture is and what was made of it. */
export interface ProcessedImage {
  /** By content. */
  sourceMimeType: SourceMimeType;
  /** Size of the upload in px, its orientation applied. */
  width: number;
  height: number;
  /** Of an animation only `full` moves; `still` is its first frame, and there are no sizes between. */
  isAnimated: boolean;
  /** Whether any pixel of the first frame is transparent. */
  hasAlpha: boolean;
  /** What the camera wrote about itself; null = nothing. For the owner to show, or not. */
  camera: CameraReport | null;
  blurhash: string;
  /** #rrggbb, lower case. */
  dominantColor: string;
  /**
   * Largest first, and last of all what is for others alone. `full` and `thumb` are always there; a size that would repeat
   * a larger one is not.
   */
  renditions: RenderedFile[];
}

/** Decodes hostile files at arm's length. */
export interface ImageProcessor extends AsyncDisposable {
  /**
   * Decodes, checks and derives every rendition of one uploaded picture, in a killable worker process.
   *
   * Jobs beyond the parallel ones wait for their turn. Repeating a request replaces its files by name.
   *
   * @throws {ImageRejected} the picture cannot be used; nothing is left in the output directory
   * @throws the reason of `signal` when it aborts, or an Error for faults of this side (retry may help)
   */
  process(request: ImageRequest, signal?: AbortSignal): Promise<ProcessedImage>;
}

/** Limits of one server. */
export interface ImageProcessorOptions extends ImageLimits {
  /** Worker processes at the same time. */
  parallel: number;
  /** What one picture may take beyond the worker's own needs; 1 GiB carries 120 megapixels. */
  memoryLimitBytes: number;
  /** Absolute path of libheif's converter; null: HEIC is refused. */
  heifConvertPath: string | null;
  /** How long a worker without work lives on; 30 when absent. */
  idleSeconds?: number;
  log: (event: ImageProcessorEvent) => void;
}

/** Starts nothing yet: workers come with the first pictures and go when there are none. */
export function createImageProcessor(options: ImageProcessorOptions): ImageProcessor {
  return new WorkerPool(options);
}

class WorkerPool implements ImageProcessor {
  readonly #options: ImageProcessorOptions;
  readonly #workers: ImageWorker[];
  readonly #free: ImageWorker[];
  readonly #waiting: ((worker: ImageWorker) => void)[] = [];
  readonly #closing = new AbortController();

  constructor(options: ImageProcessorOptions) {
    this.#options = options;
    this.#workers = Array.from(
      { length: Math.max(1, options.parallel) },
      () => new ImageWorker(options),
    );
    this.#free = [...this.#workers];
  }

  async process(request: ImageRequest, signal?: AbortSignal): Promise<ProcessedImage> {
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    stop.throwIfAborted();
    await mkdir(request.outputDirectory, { recursive: true });
    const worker = await this.#acquire(stop);
    try {
      return await this.#processWith(worker, request, stop);
    } finally {
      this.#release(worker);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the image processor is closed'));
    await Promise.all(this.#workers.map((worker) => worker[Symbol.asyncDispose]()));
  }

  async #processWith(
    worker: ImageWorker,
    request: ImageRequest,
    signal: AbortSignal,
  ): Promise<ProcessedImage> {
    const { inputPath, outputDirectory, purpose } = request;
    const { maxPixels, maxFrames, heifConvertPath } = this.#options;
    const workDirectory = await mkdtemp(path.join(outputDirectory, '.work-'));
    try {
      const job = { inputPath, workDirectory, purpose, maxPixels, maxFrames, heifConvertPath };
      const report = await worker.run(job, (percent) => request.onProgress?.(percent), signal);
      return await collect(report, workDirectory, outputDirectory);
    } finally {
      await rm(workDirectory, { recursive: true, force: true });
    }
  }

  async #acquire(signal: AbortSignal): Promise<ImageWorker> {
    // A signal tells only once, and it may have been while the directory was made.
    signal.throwIfAborted();
    const free = this.#free.pop();
    if (free) return free;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal.reason as Error);
      };
      const take = (worker: ImageWorker): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(worker);
      };
      this.#waiting.push(take);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #release(worker: ImageWorker): void {
    const next = this.#waiting.shift();
    if (next) next(worker);
    else this.#free.push(worker);
  }
}

/** Moves the files out of the work directory. Names and sizes are ours, whatever the worker said. */
async function collect(report: ImageReport, from: string, to: string): Promise<ProcessedImage> {
  const renditions: RenderedFile[] = [];
  for (const rendition of report.renditions)
    renditions.push(await moveRendition(rendition, from, to));
  return { ...report, renditions };
}

async function moveRendition(
  rendition: RenditionReport,
  from: string,
  to: string,
): Promise<RenderedFile> {
  const fileName = `${rendition.name}.${FILE_EXTENSIONS[rendition.mimeType]}`;
  const stats = await lstat(path.join(from, fileName));
  if (!stats.isFile())
    throw new Error(`the image worker left something that is no file: ${fileName}`);
  const target = path.join(to, fileName);
  await rename(path.join(from, fileName), target);
  return { ...rendition, path: target, sizeBytes: stats.size };
}
