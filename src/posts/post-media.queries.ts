/** Pictures as parts of posts and comments: who sees those sees the pictures. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { albumOf, readAlbum, type AlbumWords, type MediaRow } from '../media/media-row.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { CommentId } from './post.entity.js';
import { visibleTo } from './visibility.js';

const SEEN = statement(
  'posts.seen_media',
  `select pm.media_id as "mediaId" from post_media pm join posts p on p.id = pm.post_id
   where pm.media_id = any($1::uuid[]) and ${visibleTo('p', '$2::uuid')}`,
);
const OF_COMMENTS = statement(
  'comments.media',
  `select id, ${albumOf('asked.id')} as album from unnest($1::uuid[]) asked(id)`,
);

/** Those of the pictures that are in a post or comment that the viewer sees, in no particular order. */
export async function findSeenMediaIds(
  reader: Reader,
  ids: readonly MediaId[],
  viewerId: ActorId | null,
): Promise<MediaId[]> {
  const rows = await reader.rows<{ mediaId: MediaId }>(SEEN, [ids, viewerId]);
  return rows.map(({ mediaId }) => mediaId);
}

/** The pictures of comments that the viewer is known to see, in their order. */
export async function findMediaOfComments(
  reader: Reader,
  ids: readonly CommentId[],
): Promise<Map<string, MediaRow[]>> {
  const rows = await reader.rows<{ id: CommentId; album: AlbumWords | null }>(OF_COMMENTS, [ids]);
  return new Map(rows.map(({ id, album }) => [id, readAlbum(album)]));
}
