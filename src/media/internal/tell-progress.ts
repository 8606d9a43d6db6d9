/** Live progress of an asset. A lost notice costs nothing: the state is told by events of its own. */
import type { Services } from '../../platform/context.js';
import type { MediaId } from '../media.entity.js';
import { mediaProgressed, type MediaProgress, type RenditionProgress } from '../media.events.js';

/** Told at most this often, in ms. */
const INTERVAL_MS = 500;

/**
 * Makes a function that takes the percentage done (0–100) as often as one likes and tells it now and then:
 * never sooner than half a second after the last, never 100.
 */
export function tellProgress(
  services: Pick<Services, 'database' | 'log'>,
  mediaId: MediaId,
  stage: MediaProgress['stage'],
): (percent: number, renditions?: readonly RenditionProgress[]) => void {
  let toldAt = Date.now();
  return (percent, renditions) => {
    if (percent >= 100 || Date.now() - toldAt < INTERVAL_MS) return;
    toldAt = Date.now();
    const parts = renditions && { renditions };
    const progress = { mediaId, stage, percent: Math.floor(percent), ...parts };
    services.database
      .transaction((tx) => tx.append(mediaProgressed, progress))
      .catch((error: unknown) => services.log.warn({ err: error }, 'progress was not told'));
  };
}
