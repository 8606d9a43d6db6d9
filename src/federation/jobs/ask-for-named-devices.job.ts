/**
 * Asks somebody's server again for a device that others named and it did not show: it may have been asked too often just then, or
 * was out of reach, and until it shows the device everybody in its conversations is warned of it.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { hasUnprovenDevices, mayAskForKeys } from '../../devices/named-devices.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { showKeys } from '../remote-keys.js';

interface Asking {
  readonly actorId: ActorId;
  /** How often it was asked again so far. */
  readonly round: number;
}

/** Seconds before each question. */
const PAUSES = [60, 300, 1800, 7200];

const URI = statement(
  'actors.remote_uri',
  'select uri from actors where id = $1 and domain is not null',
);

/** One at a time for each person, whoever names how many devices of theirs. */
export const askForNamedDevices = defineJob<Asking>(
  'askForNamedDevices',
  async (context, { actorId, round }) => {
    const { database, clock } = context;
    if (!(await hasUnprovenDevices(database, actorId))) return;
    const actor = await database.row<{ uri: string }>(URI, [actorId]);
    if (!actor) return;
    if (round > 0 && (await mayAskForKeys(context, actorId))) await showKeys(context, actor.uri);
    const pause = PAUSES[round];
    if (pause === undefined || !(await hasUnprovenDevices(database, actorId))) return;
    const next = { actorId, round: round + 1 };
    await database.transaction((tx) =>
      enqueueAt(tx, addSeconds(clock.now(), pause), askForNamedDevices, next),
    );
  },
  {
    asksOutside: true,
    maxAttempts: 3,
    keyOf: ({ actorId, round }) => `${actorId} ${round}`,
  },
);
