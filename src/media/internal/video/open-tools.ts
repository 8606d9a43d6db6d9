// What all videos of a processor are made with: ffmpeg within its limits, and an encoder.
import os from 'node:os';
import type { Logger } from '../../../platform/logger.js';
import type { FfmpegBinaries } from '../ffmpeg-binaries.js';
import { chooseEncoder, EncoderInUse, type EncoderWish } from './choose-encoder.js';
import { writeLaunchers, type Launchers } from './launcher.js';

/** Limits of one server. */
export interface VideoProcessorOptions {
  /** The executables; null = there are none, and video is off. */
  readonly tools: () => Promise<FfmpegBinaries | null>;
  /** A directory that lives as long as the processor, for its launchers. */
  readonly directory: () => Promise<string>;
  /** Videos at the same time, on this machine. */
  readonly parallel: number;
  readonly memoryLimitBytes: number;
  /** Wall clock for one video. */
  readonly timeoutSeconds: number;
  /** Which encoder makes the pictures; software unless told otherwise. */
  readonly encoder?: EncoderWish;
  readonly log?: Pick<Logger, 'info' | 'warn'>;
}

/** ffmpeg is not there: nothing about the video is wrong. */
export class VideoSwitchedOff extends Error {
  override readonly name = 'VideoSwitchedOff';
}

/** Opened once for all videos. */
export interface Tools {
  readonly launchers: Launchers;
  readonly encoders: EncoderInUse;
}

/** No rendition comes near this; an output without end does. */
const MAX_FILE_BYTES = 4 * 2 ** 30;

/**
 * Writes the launchers and tries encoders.
 *
 * @throws {VideoSwitchedOff}
 */
export async function openTools(options: VideoProcessorOptions): Promise<Tools> {
  const { tools, directory, memoryLimitBytes, timeoutSeconds } = options;
  const binaries = await tools();
  if (!binaries) throw new VideoSwitchedOff('there is no ffmpeg on this machine');
  const launchers = await writeLaunchers(await directory(), binaries, {
    memoryBytes: memoryLimitBytes,
    // Of all threads together; the wall clock ends most before.
    cpuSeconds: timeoutSeconds * os.availableParallelism(),
    fileBytes: MAX_FILE_BYTES,
  });
  return { launchers, encoders: await openEncoders(launchers, options) };
}

async function openEncoders(
  launchers: Launchers,
  { encoder: wish = 'software', log }: VideoProcessorOptions,
): Promise<EncoderInUse> {
  const { encoder, refused } = await chooseEncoder(launchers, wish);
  const found = { encoder: encoder.name, refused };
  if (wish !== 'auto' && refused.length > 0)
    log?.warn(found, 'the encoder of VIDEO_ENCODER does not work here');
  else log?.info(found, 'videos are encoded');
  return new EncoderInUse(encoder, (name, reason) =>
    log?.warn({ err: reason, encoder: name }, 'hardware failed at a video: software takes over'),
  );
}
