/** Which pictures somebody sees because they see the post that the pictures are in. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { postVisibleTo } from './visibility.js';

const SEEN = statement(
  'posts.seen_media',
  `select pm.media_id as "mediaId" from post_media pm join posts p on p.id = pm.post_id
   where pm.media_id = any($1::uuid[]) and ${postVisibleTo('p', '$2::uuid')}`,
);

/** Those of the pictures that are in a post that the viewer sees, in no particular order. */
export async function findSeenMediaIds(
  reader: Reader,
  ids: readonly MediaId[],
  viewerId: ActorId | null,
): Promise<MediaId[]> {
  const rows = await reader.rows<{ mediaId: MediaId }>(SEEN, [ids, viewerId]);
  return rows.map(({ mediaId }) => mediaId);
}
