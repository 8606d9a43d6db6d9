/** Pictures as parts of posts and comments: who sees those sees the pictures. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import {
  MEDIA_COLUMNS,
  readMedia,
  type MediaRow,
  type StoredMediaRow,
} from '../media/media.queries.js';
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
  `select part.post_id as "commentId", ${MEDIA_COLUMNS} from post_media part join media m on m.id = part.media_id
   where part.post_id = any($1::uuid[]) and m.deleted_at is null order by part.post_id, part.position`,
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

/** The pictures of comments that the viewer is known to see, in their order; comments without any are left out. */
export async function findMediaOfComments(
  reader: Reader,
  ids: readonly CommentId[],
): Promise<Map<string, MediaRow[]>> {
  type Stored = StoredMediaRow & { readonly commentId: CommentId };
  const rows = await reader.rows<Stored>(OF_COMMENTS, [ids]);
  const media = new Map<string, MediaRow[]>();
  for (const { commentId, ...row } of rows)
    media.set(commentId, [...(media.get(commentId) ?? []), readMedia(row)]);
  return media;
}
