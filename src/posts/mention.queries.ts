/** Reads of who is mentioned. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';

const OF_POSTS = statement(
  'mentions.of_posts',
  'select post_id as "postId", actor_id as "actorId" from post_mentions where post_id = any($1::uuid[]) order by actor_id',
);

/** Who is mentioned in posts that the viewer is known to see. */
export function findMentions(
  reader: Reader,
  postIds: readonly string[],
): Promise<{ postId: string; actorId: ActorId }[]> {
  return reader.rows(OF_POSTS, [postIds]);
}
