// An image processor with the limits of a small server, and what its log says.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createImageProcessor } from '../../src/media/internal/images/image-processor.js';
import type {
  ImageProcessor,
  ImageProcessorOptions,
  ProcessedImage,
  RenderedFile,
} from '../../src/media/internal/images/image-processor.js';
import { ImageRejected } from '../../src/media/internal/images/image-rejected.js';
import type { ImageProcessorEvent } from '../../src/media/internal/images/image-worker.js';
import { RENDITION_PLANS } from '../../src/media/internal/images/rendition-plan.js';
import type {
  ImagePurpose,
  RenditionSpec,
} from '../../src/media/internal/images/rendition-plan.js';
import { HEIF_CONVERT, temporaryDirectory } from './pictures.js';

/** Limits as a real server has them. */
export const LIMITS = {
  parallel: 2,
  memoryLimitBytes: 1024 ** 3,
  timeoutSeconds: 60,
  maxPixels: 120_000_000,
  maxFrames: 600,
  heifConvertPath: HEIF_CONVERT,
};

/** A processor with those limits, or others, for tests and measurements that bring their own files. */
export function imageProcessor(options: Partial<ImageProcessorOptions> = {}): ImageProcessor {
  return createImageProcessor({ ...LIMITS, log: () => {}, ...options });
}

/** What a photograph becomes, largest first. */
export function photoSpecs(): readonly RenditionSpec[] {
  return RENDITION_PLANS.photo.specs;
}

/** A processor with a directory of its own. */
export interface TestProcessor {
  log: ImageProcessorEvent[];
  directory: string;
  /** Writes the bytes to a file of that name and processes it. */
  process(
    bytes: Buffer,
    options?: {
      purpose?: ImagePurpose;
      fileName?: string;
      signal?: AbortSignal;
      onProgress?: () => void;
    },
  ): Promise<ProcessedImage>;
  /** What the processor says instead of renditions; a picture that is accepted fails the test. */
  refusal(bytes: Buffer, fileName?: string): Promise<ImageRejected>;
  /** Ends the processor and leaves the directory. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options of a processor in a test. */
export interface TestProcessorOptions extends Partial<Omit<ImageProcessorOptions, 'log'>> {
  /** Whether workers stand still from their start, so that no picture is done before the test goes on. */
  holdsWorkers?: boolean;
}

/** Starts nothing before the first picture. */
export async function testProcessor({
  holdsWorkers = false,
  ...options
}: TestProcessorOptions = {}): Promise<TestProcessor> {
  const log: ImageProcessorEvent[] = [];
  const temporary = await temporaryDirectory();
  const processor = createImageProcessor({
    ...LIMITS,
    ...options,
    log: (event) => {
      if (holdsWorkers) stopStarted(event);
      log.push(event);
    },
  });
  let count = 0;
  const process: TestProcessor['process'] = async (
    bytes,
    { purpose = 'photo', fileName = 'upload', signal, onProgress } = {},
  ) => {
    const number = ++count;
    const inputPath = path.join(temporary.path, `${number}-${fileName}`);
    await writeFile(inputPath, bytes);
    return processor.process(
      { inputPath, outputDirectory: path.join(temporary.path, `${number}`), purpose, onProgress },
      signal,
    );
  };
  return {
    log,
    directory: temporary.path,
    process,
    refusal: async (bytes, fileName = 'upload') => {
      const outcome: unknown = await process(bytes, { fileName }).catch((error: unknown) => error);
      if (outcome instanceof ImageRejected) return outcome;
      throw outcome instanceof Error ? outcome : new Error('the picture was accepted');
    },
    close: async () => processor[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: async () => {
      await processor[Symbol.asyncDispose]();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/** Signals that end a process end one that stands still, too. */
function stopStarted({ event, pid }: ImageProcessorEvent): void {
  if (event === 'worker-started' && pid !== undefined) process.kill(pid, 'SIGSTOP');
}

/** The rendition of that name. */
export function rendition(image: ProcessedImage, name: RenderedFile['name']): RenderedFile {
  const file = image.renditions.find((candidate) => candidate.name === name);
  if (!file)
    throw new Error(`no ${name} among ${image.renditions.map((each) => each.name).join(', ')}`);
  return file;
}
