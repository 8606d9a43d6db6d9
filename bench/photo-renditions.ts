// What isolation costs: CPU of a photograph through the workers against bare sharp in one process, and how far
// the server's event loop is held up meanwhile.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { imageProcessor, photoSpecs } from '../test/support/image-processor.js';
import { photograph } from '../test/support/photographs.js';
import { compared, limited, type Figure } from './figure.js';

type ImageProcessor = ReturnType<typeof imageProcessor>;
type Spec = ReturnType<typeof photoSpecs>[number];

const REPEATS = 7;
const PHOTOS_UNDER_LOAD = 8;
const LOOP_ROUNDS = 3;
const LOOP_RESOLUTION_MS = 1;
const MAX_CPU_RATIO = 1.3;
const MAX_LOOP_DELAY_MS = 20;

/** Measures both figures with one photograph of about 13 megapixels. */
export async function run(): Promise<Figure[]> {
  const input = await photograph();
  const directory = await mkdtemp(path.join(os.tmpdir(), 'triptych-bench-'));
  try {
    return [await measureCpu(input, directory), await measureEventLoop(input, directory)];
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function measureCpu(input: string, directory: string): Promise<Figure> {
  const meter = new WorkerMeter();
  await using processor = meter.processor(1);
  sharp.concurrency(1);
  sharp.cache(false);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    ours.push(await cpuMs(() => render(processor, input, directory, `ours-${repeat}`), meter));
    bare.push(await cpuMs(() => bareSharp(input, path.join(directory, `bare-${repeat}`)), meter));
  }
  return compared(
    'photograph of 13 MP, all sizes: workers and server / bare sharp',
    [ours, bare],
    'CPU ms',
    { atMost: MAX_CPU_RATIO },
  );
}

async function measureEventLoop(input: string, directory: string): Promise<Figure> {
  const parallel = os.availableParallelism();
  await using processor = new WorkerMeter().processor(parallel);
  const delays: number[] = [];
  for (let round = 0; round < LOOP_ROUNDS; round++) {
    const photos = Array.from({ length: PHOTOS_UNDER_LOAD }, (_, index) => `${round}-${index}`);
    delays.push(
      await loopDelayMs(() =>
        Promise.all(photos.map((name) => render(processor, input, directory, name))),
      ),
    );
  }
  return limited(
    `event loop of the server, p99 with ${parallel} photographs at a time / 20 ms`,
    delays,
    MAX_LOOP_DELAY_MS,
    'ms',
  );
}

/** The same five files as cheaply as sharp makes them: one decoding, no check, no placeholder, no process. */
async function bareSharp(input: string, target: string): Promise<void> {
  const specs = photoSpecs();
  const side = specs[0]?.maxSide;
  const { data, info } = await sharp(input)
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  for (const { name, maxSide, encoding } of specs) {
    const resized = sharp(data, { raw: { width, height, channels } }).resize({
      width: maxSide,
      height: maxSide,
      fit: 'inside',
      withoutEnlargement: true,
    });
    await resized[encoding.format](optionsOf(encoding)).toFile(`${target}-${name}`);
  }
}

function optionsOf(encoding: Spec['encoding']): object {
  const { format, ...options } = encoding;
  return format === 'webp' ? { ...options, smartSubsample: true } : options;
}

/** Knows how much CPU all workers of its processors have used. */
class WorkerMeter {
  readonly #microsecondsByPid = new Map<number, number>();

  processor(parallel: number): ImageProcessor {
    return imageProcessor({
      parallel,
      log: ({ pid, cpuMicroseconds }) => {
        if (pid !== undefined && cpuMicroseconds !== undefined) {
          this.#microsecondsByPid.set(pid, cpuMicroseconds);
        }
      },
    });
  }

  get microseconds(): number {
    return [...this.#microsecondsByPid.values()].reduce((sum, each) => sum + each, 0);
  }
}

/** CPU of this process and of the workers. */
async function cpuMs(work: () => Promise<unknown>, meter: WorkerMeter): Promise<number> {
  const [own, children] = [process.cpuUsage(), meter.microseconds];
  await work();
  const { user, system } = process.cpuUsage(own);
  return (user + system + meter.microseconds - children) / 1000;
}

async function loopDelayMs(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  histogram.enable();
  await work();
  histogram.disable();
  return histogram.percentile(99) / 1e6;
}

function render(processor: ImageProcessor, inputPath: string, directory: string, name: string) {
  return processor.process({
    inputPath,
    outputDirectory: path.join(directory, name),
    purpose: 'photo',
  });
}
