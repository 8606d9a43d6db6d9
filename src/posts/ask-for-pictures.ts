/** Pictures of posts and profiles of other servers, for somebody who looks at one of them. */
import type { ActorId } from '../actors/actor.entity.js';
import { askForLeftMedia } from '../media/ask-for-left-media.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { CommentId, PostId } from './post.entity.js';

const OF_POST = statement(
  'posts.pictures_looked_at',
  `select media_id as id from post_media where post_id = $1
   union all select part.media_id from (select id from posts where root_id = $1 and kind = 'comment' and parent_id is null
     and deleted_at is null order by id desc limit 100) comment join post_media part on part.post_id = comment.id
   union all select a.avatar_media_id from posts p join actors a on a.id = p.author_id
     where p.id = $1 and a.avatar_media_id is not null`,
);
const OF_ACTOR = statement(
  'actors.pictures_looked_at',
  `select picture.id from actors a cross join lateral (values (a.avatar_media_id), (a.header_media_id)) picture(id)
   where a.id = $1 and picture.id is not null`,
);

/** Has the pictures of a post, of its latest comments, and that of its author, fetched if they were left where they are. */
export async function askForPicturesOfPost(
  tx: Transaction,
  id: PostId | CommentId,
  now: Date,
): Promise<void> {
  const rows = await tx.rows<{ id: MediaId }>(OF_POST, [id]);
  const ids = rows.map((row) => row.id);
  await askForLeftMedia(tx, ids, now);
}

/** Has the pictures of a profile fetched if they were left where they are. */
export async function askForPicturesOfActor(
  tx: Transaction,
  actorId: ActorId,
  now: Date,
): Promise<void> {
  const rows = await tx.rows<{ id: MediaId }>(OF_ACTOR, [actorId]);
  const ids = rows.map((row) => row.id);
  await askForLeftMedia(tx, ids, now);
}
