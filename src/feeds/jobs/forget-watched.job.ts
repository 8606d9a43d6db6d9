/** Removes the stored pages that know what somebody watched and had forgotten. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { ALGORITHMS } from '../../ranking/algorithms.js';

const DROP = statement(
  'feeds.drop_watched_snapshots',
  'delete from feed_snapshots where owner_id = $1 and algorithm = any($2::text[])',
);

/** Feeds that leave out what was seen, and say so. */
const KNOWING = ALGORITHMS.filter(({ filtersSeen }) => filtersSeen).map(({ slug }) => slug);

/** A repeat finds nothing, or pages that were computed since. */
export const forgetWatched = defineJob<{ actorId: ActorId }>(
  'forgetWatched',
  async ({ database }, { actorId }) => void (await database.rows(DROP, [actorId, KNOWING])),
);
