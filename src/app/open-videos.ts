/** The video processor with the limits of the configuration. */
import type { FfmpegBinaries } from '../media/internal/ffmpeg-binaries.js';
import { VideoProcessor } from '../media/internal/video/video-processor.js';
import { findVideoTools, type VideoTools } from '../media/video-tools.js';
import { processEnvironment } from '../platform/config/environment.js';
import type { Services } from '../platform/context.js';

/** What a processor takes from its surroundings. */
export type VideoSurroundings = Pick<Services, 'config' | 'scratch' | 'log'>;

/**
 * Starts nothing yet: processes come with the first video.
 *
 * @param tools where ffmpeg is; absent = it is looked for when it is needed, and never installed
 */
export function openVideos(
  { config, scratch, log }: VideoSurroundings,
  tools?: VideoTools,
): VideoProcessor {
  const { workers, memoryBytes, timeoutSeconds, encoder } = config.video;
  return new VideoProcessor({
    parallel: workers,
    memoryLimitBytes: memoryBytes,
    timeoutSeconds,
    encoder,
    log,
    directory: async () => (await scratch.directory()).path,
    tools: () => tools?.settled ?? look(config),
  });
}

async function look(config: VideoSurroundings['config']): Promise<FfmpegBinaries | null> {
  const search = await findVideoTools({ ...config.ffmpeg, environment: processEnvironment() });
  return search.found ? search.binaries : null;
}
