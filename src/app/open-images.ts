/** The image processor with the limits of the configuration. */
import {
  createImageProcessor,
  type ImageProcessor,
} from '../media/internal/images/image-processor.js';
import { processEnvironment } from '../platform/config/environment.js';
import type { Config } from '../platform/config.js';
import { findProgram } from '../platform/find-program.js';
import type { Logger } from '../platform/logger.js';

/** Looks for the decoder of HEIC; starts nothing yet: the processes come with the first picture. */
export async function openImages(config: Config, log: Logger): Promise<ImageProcessor> {
  const { maxPixels, maxFrames, workers, workerMemoryBytes, timeoutSeconds } = config.media;
  return createImageProcessor({
    parallel: workers,
    memoryLimitBytes: workerMemoryBytes,
    timeoutSeconds,
    maxPixels,
    maxFrames,
    heifConvertPath:
      config.heifConvertPath ?? (await findProgram('heif-convert', processEnvironment())),
    log: (event) => log.debug(event, 'image worker'),
  });
}
