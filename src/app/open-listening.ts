/** What listens to videos and makes one of two, with the programs of the configuration. */
import { createCombining, type Combining } from '../media/combining.js';
import { createListening, type Listening } from '../media/listening.js';
import { processEnvironment } from '../platform/config/environment.js';
import type { Config } from '../platform/config.js';

/** Runs nothing yet: programs are looked for when the first video is heard. */
export function openListening({ ffmpeg, fpcalcPath }: Config): Listening & Combining {
  const place = { ...ffmpeg, fpcalcPath, environment: processEnvironment() };
  return { ...createListening(place), ...createCombining(place) };
}
