// A video processor with the limits of a small server, and what it makes of a file.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { VideoBatch } from '../../src/media/internal/video/batch.js';
import type { VideoFile } from '../../src/media/internal/video/made-files.js';
import type { VideoProcessorOptions } from '../../src/media/internal/video/open-tools.js';
import {
  VideoProcessor,
  type VideoRequest,
} from '../../src/media/internal/video/video-processor.js';
import { VideoRejected } from '../../src/media/internal/video/video-rejected.js';
import { findVideoTools } from '../../src/media/video-tools.js';
import { temporaryDirectory } from './pictures.js';

const run = promisify(execFile);

/** What came of a video. */
export interface MadeVideo {
  readonly batches: readonly VideoBatch[];
  /** Files by name of their rendition, where they can still be read. */
  readonly files: ReadonlyMap<string, VideoFile>;
}

/** A processor with directories of its own. */
export interface TestVideoProcessor extends AsyncDisposable {
  readonly processor: VideoProcessor;
  process(file: string, request?: Partial<VideoRequest>, signal?: AbortSignal): Promise<MadeVideo>;
  /** What is said instead of renditions; a video that is taken fails the test. */
  refusal(file: string, request?: Partial<VideoRequest>): Promise<VideoRejected>;
  /** Names of what is left on the way. */
  leftovers(): Promise<string[]>;
}

/** Starts nothing before the first video. */
export async function testVideoProcessor(
  options: Partial<VideoProcessorOptions> = {},
): Promise<TestVideoProcessor> {
  const temporary = await temporaryDirectory();
  const [launchers, work, kept] = ['launchers', 'work', 'kept'].map((name) =>
    path.join(temporary.path, name),
  ) as [string, string, string];
  for (const directory of [launchers, work, kept]) await mkdir(directory);
  const search = await findVideoTools({
    ffmpegPath: null,
    ffprobePath: null,
    environment: process.env,
  });
  if (!search.found) throw new Error(search.reason);
  const processor = new VideoProcessor({
    tools: () => Promise.resolve(search.binaries),
    directory: () => Promise.resolve(launchers),
    parallel: 1,
    memoryLimitBytes: 3 * 2 ** 30,
    timeoutSeconds: 300,
    ...options,
  });
  let count = 0;
  const process_: TestVideoProcessor['process'] = async (inputPath, request = {}, signal) => {
    const directory = path.join(kept, String(++count));
    await mkdir(directory);
    const batches: VideoBatch[] = [];
    const files = new Map<string, VideoFile>();
    const keep = async (batch: VideoBatch): Promise<void> => {
      batches.push(batch);
      const poster = batch.posterPath
        ? [
            {
              name: 'poster',
              path: batch.posterPath,
              mimeType: 'image/png',
              width: 0,
              height: 0,
              sizeBytes: 0,
            },
          ]
        : [];
      for (const file of [...batch.files, ...poster]) {
        const copy = path.join(directory, path.basename(file.path));
        // as a storage does, which takes the file
        await rename(file.path, copy);
        files.set(file.name, { ...file, path: copy });
      }
    };
    const usual = { workDirectory: work, maxDurationMs: 180_000, posterAtMs: null };
    await processor.process(
      { inputPath, ...usual, made: new Set<string>(), onBatch: keep, ...request },
      signal,
    );
    return { batches, files };
  };
  return {
    processor,
    process: process_,
    refusal: async (file, request) => {
      const outcome: unknown = await process_(file, request).catch((error: unknown) => error);
      if (outcome instanceof VideoRejected) return outcome;
      throw outcome instanceof Error ? outcome : new Error('the video was accepted');
    },
    leftovers: () => readdir(work),
    [Symbol.asyncDispose]: async () => {
      await processor[Symbol.asyncDispose]();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

/** What ffprobe says of a file that we made, as `-of csv=p=0` lines. */
export async function ask(file: string, entries: string, ...more: string[]): Promise<string[]> {
  const words = ['-v', 'error', ...more, '-show_entries', entries, '-of', 'csv=p=0', file];
  const { stdout } = await run('ffprobe', words, { maxBuffer: 2 ** 26 });
  return stdout.split('\n').filter((line) => line !== '');
}
