/** Whether somebody who was given the address of an asset may see it now. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { isShown, visibleTo } from './visibility.js';

// What is in no post was shown for another reason: it is its owner's, or of a story, or of an earlier version.
const IS_SHOWN = statement(
  'posts.media_shown_to',
  `select ${isShown('(select status from actors where id = $2::uuid)')}
     and coalesce((select ${visibleTo('p', '$2::uuid')} from post_media part join posts p on p.id = part.post_id
       where part.media_id = $1), true) as "isShown"`,
);

const IS_PUBLISHED = statement(
  'posts.media_published',
  `select from post_media part join posts p on p.id = part.post_id join actors author on author.id = p.author_id
   where part.media_id = $1 and p.deleted_at is null and p.archived_at is null and ${isShown('author.status')}`,
);

/** Whether the asset is in a post that is there, for whomever. */
export async function isMediaPublished(reader: Reader, mediaId: MediaId): Promise<boolean> {
  return (await reader.row(IS_PUBLISHED, [mediaId])) !== null;
}

/** Whether the asset is in no post, or in one that the person sees. Costs the same however much they follow. */
export async function isMediaShownTo(
  reader: Reader,
  mediaId: MediaId,
  viewerId: ActorId,
): Promise<boolean> {
  const row = await reader.row<{ isShown: boolean | null }>(IS_SHOWN, [mediaId, viewerId]);
  return row?.isShown === true;
}
