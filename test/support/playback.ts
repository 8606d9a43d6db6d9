// What people have watched, as rows: telling it is tested elsewhere.
import { statement } from '../../src/platform/db/database.js';
import { innerId } from './posts.js';
import type { Person, World } from './world.js';

const ADD_HISTORY = statement(
  'test.add_history',
  `insert into playback_history (actor_id, post_id, first_seen_at, last_seen_at, watched_ms)
   select $1, id, $3, $3, 2000 from unnest($2::uuid[]) as seen(id) on conflict (actor_id, post_id) do nothing`,
);

/** Lets somebody have watched posts; answers the first. */
export async function addHistory(
  world: World,
  who: Pick<Person, 'actorId'>,
  postIds: readonly string[],
): Promise<string> {
  const values = [who.actorId, postIds.map(innerId), world.clock.now()];
  await world.services.database.rows(ADD_HISTORY, values);
  return postIds[0]!;
}
