// What a second of a video costs: all that is made of a clip, confined and in batches, against the bare ffmpeg commands
// that make the same files; a clip that is taken over as it is; and how far the server's event loop is held up meanwhile,
// and its clients wait.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { clipFile } from '../test/support/clips.js';
import { testVideoProcessor, type TestVideoProcessor } from '../test/support/video-processor.js';
import { makeByHand } from './bare-ladder.js';
import { treeSeconds } from './cpu.js';
import { compared, limited, type Figure } from './figure.js';
import { measureLatency } from './video-latency.js';

const SECONDS = 6;
const ROUNDS = 5;
const MAX_CPU_RATIO = 1.1;
/** CPU until it can be played. */
const REMUX_SECONDS = 0.3;
const TRANSCODES = 2;
const LOOP_RESOLUTION_MS = 1;
const MAX_LOOP_DELAY_MS = 20;

/** CPU for each second of a clip, for a clip that is not encoded, and the delay of the loop. */
export async function run(): Promise<Figure[]> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'triptych-bench-'));
  try {
    await using processor = await testVideoProcessor();
    await using pair = await testVideoProcessor({ parallel: TRANSCODES });
    const options = ['-b:v', '9M', '-minrate', '9M'];
    const file = await clipFile({ width: 720, height: 1280, seconds: SECONDS, options });
    return [
      await ladder(processor, file, directory),
      await remux(processor),
      await loop(pair, file),
      await measureLatency(pair, file, TRANSCODES),
    ];
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function ladder(
  processor: TestVideoProcessor,
  file: string,
  directory: string,
): Promise<Figure> {
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push((await cpuSeconds(() => processor.process(file))) / SECONDS);
    const target = path.join(directory, String(round));
    await mkdir(target);
    bare.push((await cpuSeconds(() => makeByHand(file, target))) / SECONDS);
  }
  return compared(
    'two qualities, sound and all pictures of 720×1280: ours / bare ffmpeg',
    [ours, bare],
    'CPU s per s',
    { atMost: MAX_CPU_RATIO },
  );
}

/** Until it can be played: playlists, the one file and the still picture. */
async function remux(processor: TestVideoProcessor): Promise<Figure> {
  const options = ['-b:v', '600k', '-maxrate', '700k', '-bufsize', '700k', '-af', 'volume=-3.3dB'];
  const clip = { width: 480, height: 854, seconds: SECONDS, sound: 'music', options } as const;
  const file = await clipFile(clip);
  const costs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = treeSeconds([process.pid]);
    let playable = NaN;
    const onBatch = (): Promise<void> => {
      if (Number.isNaN(playable)) playable = treeSeconds([process.pid]) - before;
      return Promise.resolve();
    };
    await processor.process(file, { onBatch });
    // The first one reads the programs from the disk.
    if (round > 0) costs.push(playable);
  }
  return limited(
    `a clip of ${SECONDS} s that is taken over, until it is playable / ${REMUX_SECONDS} s`,
    costs,
    REMUX_SECONDS,
    'CPU s',
  );
}

async function loop(processor: TestVideoProcessor, file: string): Promise<Figure> {
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const histogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    histogram.enable();
    await Promise.all(Array.from({ length: TRANSCODES }, () => processor.process(file)));
    histogram.disable();
    delays.push(histogram.percentile(99) / 1e6);
  }
  return limited(
    `event loop of the server, p99 with ${TRANSCODES} videos at a time / ${MAX_LOOP_DELAY_MS} ms`,
    delays,
    MAX_LOOP_DELAY_MS,
    'ms',
  );
}

async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = treeSeconds([process.pid]);
  await work();
  return treeSeconds([process.pid]) - before;
}
