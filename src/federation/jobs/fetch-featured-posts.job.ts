/** Asks another server what one of its actors pinned, when somebody here begins to look at them. */
import type { ActorId } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { fetchFeatured } from '../featured-posts.js';
import { findRemoteActor, isAbsence } from '../resolve-actor.js';

const FIND = statement(
  'remote_actors.featured',
  `select a.uri, r.featured_uri as "featuredUri", r.featured_fetched_at as "fetchedAt"
   from remote_actors r join actors a on a.id = r.actor_id
   where r.actor_id = $1 and a.status in ('ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL')`,
);
const TRIED = statement(
  'remote_actors.featured_tried',
  `update remote_actors set featured_fetched_at = $2 where actor_id = $1`,
);

interface FeaturedRow {
  readonly uri: string;
  readonly featuredUri: string | null;
  readonly fetchedAt: Date | null;
}

/** Who was asked is not asked again so soon, whoever looks. */
const FRESH_SECONDS = 60 * 60;

/** A server that does not answer is not asked again at once: nothing depends on it. */
export const fetchFeaturedPosts = defineJob<{ actorId: ActorId }>(
  'fetchFeaturedPosts',
  async (context, { actorId }) => {
    const { database, clock } = context;
    const row = await database.row<FeaturedRow>(FIND, [actorId]);
    if (!row || row.featuredUri === null) return;
    const now = clock.now();
    if (row.fetchedAt && row.fetchedAt > addSeconds(now, -FRESH_SECONDS)) return;
    await database.transaction((tx) => tx.rows(TRIED, [actorId, now]));
    const actor = (await findRemoteActor(database, row.uri))!;
    try {
      await fetchFeatured(context, actor, row.featuredUri);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      context.log.debug({ err: error, uri: row.uri }, 'pinned posts are not to be had');
    }
  },
  { asksOutside: true, maxAttempts: 2, keyOf: ({ actorId }) => actorId },
);
