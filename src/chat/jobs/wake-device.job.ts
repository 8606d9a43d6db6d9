/** Wakes one device by its push service. */
import type { JobContext } from '../../platform/context.js';
import { TerminalError } from '../../platform/errors.js';
import type { JobType } from '../../platform/jobs/job.js';
import { ForbiddenAddress } from '../../platform/outside-address.js';
import { vapidKeys } from '../../platform/push/vapid.js';
import { pushOutcome, sealWebPush } from '../../platform/push/web-push.js';
import type { ChatDeviceId } from '../../devices/device.js';
import {
  findSleeper,
  forgetPlace,
  markWoken,
  newTopic,
  wakeDeviceJob,
} from '../internal/wake-up.js';

/** All wake-ups are this: who and what it is about is asked for by the device. */
const NOTHING = '{}';

/** For so long a push service keeps it for a client that it cannot reach, in seconds. */
const TTL_SECONDS = 7 * 24 * 3600;

/** A device that has everything by now is left alone. A repeat may wake it twice. */
export const wakeDevice: JobType<{ deviceId: ChatDeviceId }> = {
  ...wakeDeviceJob,
  run: async (context, { deviceId }) => {
    const { database, clock, config, log } = context;
    const sleeper = await findSleeper(database, deviceId, clock.now());
    if (!sleeper) return;
    // What still waits at the push service is replaced; what was answered has nothing to do with what comes.
    const topic = sleeper.hasLooked ? newTopic() : sleeper.topic;
    const request = sealWebPush(NOTHING, sleeper, await vapidKeys(context), {
      subject: config.publicUrl.origin,
      topic,
      ttlSeconds: TTL_SECONDS,
      urgency: 'high',
    });
    const status = await post(context, request);
    const outcome = pushOutcome(status);
    if (outcome === 'TAKEN')
      return markWoken(database, deviceId, { position: sleeper.position, topic }, clock.now());
    if (outcome === 'GONE') {
      await forgetPlace(database, deviceId, sleeper.endpoint);
      log.info({ deviceId, status }, 'a device cannot be woken any more');
      return;
    }
    const problem = `The push service answered ${status}`;
    throw outcome === 'LATER' ? new Error(problem) : new TerminalError(problem);
  },
};

async function post(
  { outside }: JobContext,
  request: Parameters<JobContext['outside']>[0],
): Promise<number> {
  try {
    return (await outside(request)).status;
  } catch (error) {
    throw error instanceof ForbiddenAddress ? new TerminalError(error.message) : error;
  }
}
