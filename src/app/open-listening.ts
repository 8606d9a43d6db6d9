/** What listens to videos, with the programs of the configuration. */
import { createListening, type Listening } from '../media/listening.js';
import { processEnvironment } from '../platform/config/environment.js';
import type { Config } from '../platform/config.js';

/** Runs nothing yet: programs are looked for when the first video is heard. */
export function openListening({ ffmpeg, fpcalcPath }: Config): Listening {
  return createListening({ ...ffmpeg, fpcalcPath, environment: processEnvironment() });
}
