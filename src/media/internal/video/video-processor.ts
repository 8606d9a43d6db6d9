/**
 * From one uploaded video to its renditions, in batches that can be published as they come. Nothing is decoded in this
 * process, and nothing that a client said reaches a command line.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { RenditionProgress } from '../../media.events.js';
import { av1File, findAv1Encoder, makeAv1, type Av1Plan } from './av1.js';
import { sniffContainer } from './container.js';
import { MAX_SOUND_BIT_RATE } from './copying.js';
import { makeBatch, type VideoBatch } from './batch.js';
import { makeExtras } from './extras.js';
import { planLadder } from './ladder.js';
import type { Launchers, NetworkWall } from './launcher.js';
import { measureDuration } from './measure.js';
import { rungFile } from './encode-options.js';
import { openTools, type Tools, type VideoProcessorOptions } from './open-tools.js';
import { planPhases, type Phase } from './phases.js';
import { takeFrame } from './poster.js';
import { probe, type VideoSource } from './probe.js';
import { FfmpegFailed } from './run-ffmpeg.js';
import { explainFailure } from './explain-failure.js';
import { survey } from './survey.js';
import { inSeconds, VideoRejected } from './video-rejected.js';

/** One video to process. */
export interface VideoRequest {
  /** Absolute; read only. Its name says nothing about its type. */
  readonly inputPath: string;
  /** Absolute; for files on their way. Whoever gave it removes it. */
  readonly workDirectory: string;
  /** Null = any length. */
  readonly maxDurationMs: number | null;
  /** When the still picture is taken; null = where it promises most. */
  readonly posterAtMs: number | null;
  /** Names of renditions that an earlier try has made. */
  readonly made: ReadonlySet<string>;
  /** 0 to 100, rising, of all that is to be made, and of each quality of it. */
  readonly onProgress?: (percent: number, renditions: readonly RenditionProgress[]) => void;
  /** Called for each batch, in order; the files are gone when it returns. */
  readonly onBatch: (batch: VideoBatch) => Promise<void>;
}

/** A video that is to be had in AV1, too. */
export interface Av1Request
  extends
    Pick<VideoRequest, 'inputPath' | 'workDirectory' | 'onBatch' | 'onProgress'>,
    Pick<Av1Plan, 'soundBitRate' | 'sizes'> {}

/** One still picture of a video. */
export interface StillRequest extends Pick<VideoRequest, 'inputPath' | 'workDirectory'> {
  /** A moment beyond the end is the end. */
  readonly atMs: number;
}

/** Decodes hostile files at arm's length. */
export class VideoProcessor implements AsyncDisposable {
  readonly #closing = new AbortController();
  #tools: Promise<Tools> | null = null;

  constructor(private readonly options: VideoProcessorOptions) {}

  /** How the network is kept away from ffmpeg. */
  async networkWall(): Promise<NetworkWall> {
    return (await this.#start()).launchers.network;
  }

  /**
   * Makes everything that is to be made of one video.
   *
   * @throws {VideoRejected} the video cannot be used
   * @throws {VideoSwitchedOff}
   * @throws the reason of `signal`, or an Error for faults of this side (retry may help)
   */
  async process(request: VideoRequest, signal?: AbortSignal): Promise<void> {
    const directory = path.join(request.workDirectory, `video-${randomUUID()}`);
    await mkdir(directory);
    try {
      await this.#bounded(signal, (tools, stop) => this.#make(tools, request, directory, stop));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /**
   * Takes one still picture; answers its file in the work directory, for the image processor.
   *
   * @throws as `process`
   */
  takeStill({ inputPath, workDirectory, atMs }: StillRequest): Promise<string> {
    return this.#bounded(undefined, async (tools, signal) => {
      const limits = { inputPath, maxDurationMs: null };
      const source = await this.#inspect(tools.launchers, limits, signal);
      const ladder = planLadder(source);
      const task = { ...tools, source, ladder, directory: workDirectory, threads: 1, signal };
      return takeFrame(task, atMs);
    });
  }

  /**
   * Makes the qualities in AV1 that are smaller so; nothing where this ffmpeg cannot.
   *
   * @throws as `process`
   */
  async addAv1(request: Av1Request, signal?: AbortSignal): Promise<void> {
    const { inputPath, workDirectory: directory, soundBitRate, sizes, onBatch } = request;
    await this.#bounded(signal, async (tools, stop) => {
      const encoder = await findAv1Encoder(tools.launchers, stop);
      if (!encoder) return;
      const limits = { inputPath, maxDurationMs: null };
      const source = await this.#inspect(tools.launchers, limits, stop);
      const ladder = planLadder(source);
      const task = { ...tools, source, ladder, directory, threads: this.#threads(), signal: stop };
      const onProgress = (share: number): void => {
        const percent = Math.floor(share * 100);
        const names = ladder.rungs.map((rung) => av1File(rung));
        request.onProgress?.(
          percent,
          names.map((name) => ({ name, percent })),
        );
      };
      const batch = await makeAv1(task, { encoder, soundBitRate, sizes, onProgress });
      if (batch) await onBatch(batch);
    });
  }

  /** Ends what runs; its jobs are to be run again. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the video processor is closed'));
    return Promise.resolve();
  }

  /** Within the time of one video, and until this or somebody else ends it. */
  async #bounded<Made>(
    signal: AbortSignal | undefined,
    work: (tools: Tools, stop: AbortSignal) => Promise<Made>,
  ): Promise<Made> {
    const tools = await this.#start();
    const { timeoutSeconds } = this.options;
    const patience = AbortSignal.timeout(timeoutSeconds * 1000);
    const stop = AbortSignal.any([patience, this.#closing.signal, ...(signal ? [signal] : [])]);
    try {
      return await work(tools, stop);
    } catch (error) {
      if (error === patience.reason)
        throw new VideoRejected(
          'TIMEOUT',
          `The video could not be processed within ${timeoutSeconds} s.`,
          { cause: error },
        );
      throw error instanceof FfmpegFailed ? explainFailure(error) : error;
    }
  }

  async #make(
    tools: Tools,
    request: VideoRequest,
    directory: string,
    signal: AbortSignal,
  ): Promise<void> {
    const source = await this.#inspect(tools.launchers, request, signal);
    const ladder = planLadder(source);
    const task = { ...tools, source, ladder, directory, threads: this.#threads(), signal };
    const isFirst = !request.made.has('hls');
    const found = await survey(task, { posterAtMs: request.posterAtMs, isFirst });
    const { phases, frames } = planPhases(source, ladder, found.copiesPicture, request.made);
    let done = 0;
    let smallest: string | null = null;
    let soundBitRate = isFirst ? null : MAX_SOUND_BIT_RATE;
    for (const phase of phases) {
      const posterPath = phase.hasPoster ? found.posterPath : null;
      const isMade = found.isTakenOver && phase.isCopy;
      const plan = { phase, isMade, sound: found.sound, soundBitRate, posterPath };
      const batch = await makeBatch(task, plan, (share) =>
        request.onProgress?.(
          ((done + share * phase.frames) / frames) * 100,
          progressOf(phases, phase, share),
        ),
      );
      done += phase.frames;
      soundBitRate ??= batch.sound?.peakBitRate ?? null;
      // Whoever takes the batch takes its files: under a second name the smallest one stays.
      smallest = await keepSmallest(directory, phase);
      await request.onBatch(batch);
    }
    if (!request.made.has('sprite-vtt')) await request.onBatch(await makeExtras(task, smallest));
  }

  #threads(): number {
    return Math.max(1, Math.floor(os.availableParallelism() / this.options.parallel));
  }

  async #inspect(
    launchers: Launchers,
    { inputPath, maxDurationMs }: Pick<VideoRequest, 'inputPath' | 'maxDurationMs'>,
    signal: AbortSignal,
  ): Promise<VideoSource> {
    const container = await sniffContainer(inputPath);
    const probed = await probe(launchers, inputPath, container, signal);
    const durationMs = probed.durationMs || (await measureDuration(launchers, probed, signal));
    if (maxDurationMs !== null && durationMs > maxDurationMs)
      throw new VideoRejected('TOO_LONG', `The video is longer than ${inSeconds(maxDurationMs)}.`);
    return { ...probed, durationMs };
  }

  #start(): Promise<Tools> {
    this.#tools ??= openTools(this.options).catch((error: unknown) => {
      this.#tools = null;
      throw error;
    });
    return this.#tools;
  }
}

/** Qualities of one phase are made together; those before it are there, those after it are still to come. */
function progressOf(phases: readonly Phase[], current: Phase, share: number): RenditionProgress[] {
  const at = phases.indexOf(current);
  return phases.flatMap(({ rungs }, index) => {
    const percent = index < at ? 100 : index > at ? 0 : Math.floor(share * 100);
    return rungs.map((rung) => ({ name: rungFile(rung), percent }));
  });
}

async function keepSmallest(directory: string, { rungs }: Phase): Promise<string | null> {
  const rung = rungs.at(-1);
  if (!rung) return null;
  const kept = path.join(directory, `kept-${rung.name}.mp4`);
  await link(path.join(directory, `${rungFile(rung)}.mp4`), kept);
  return kept;
}
