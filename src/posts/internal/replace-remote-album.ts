/** The media of a post or comment of another server. */
import type { MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../post.entity.js';
import { dropAlbums } from './album.js';

const ADD_ALBUM = statement(
  'posts.add_remote_album',
  `insert into post_media (post_id, media_id, position)
   select $1, id, place - 1 from unnest($2::uuid[]) with ordinality as t(id, place)`,
);

/** They are new ones each time: another server may put another picture behind the same address. */
export async function replaceRemoteAlbum(
  tx: Transaction,
  now: Date,
  id: PostId | CommentId,
  add: () => Promise<MediaId[]>,
): Promise<void> {
  await dropAlbums(tx, now, [id]);
  await addRemoteAlbum(tx, id, await add());
}

/** Gives media to what had none. */
export async function addRemoteAlbum(
  tx: Transaction,
  id: PostId | CommentId,
  added: readonly MediaId[],
): Promise<void> {
  if (added.length > 0) await tx.rows(ADD_ALBUM, [id, added]);
}
