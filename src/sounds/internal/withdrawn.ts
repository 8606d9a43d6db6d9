/** Remixes whose original may not be used any more. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { MediaId } from '../../media/media.entity.js';
import { refuseRenderedVideos } from '../../media/rendered-video.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import type { RemixKind } from '../../posts/remix-policies.js';
import { findLeave } from '../../posts/remix-leave.js';

/** What is said to whoever made it. */
export const ORIGINAL_GONE = 'The original video may not be used any more.';

const UNPUBLISHED = statement(
  'remixes.unpublished',
  `select r.media_id as "mediaId", r.author_id as "authorId", r.kind from remixes r join media m on m.id = r.media_id
   where r.original_id = $1 and r.post_id is null and m.state in ('PROCESSING', 'READY') and m.deleted_at is null limit 1000`,
);

/** Refuses those of a video that are not published yet and whose makers may not use it any more. */
export async function refuseUnpublished(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  originalId: PostId,
): Promise<void> {
  const found = await database.rows<{ mediaId: MediaId; authorId: ActorId; kind: RemixKind }>(
    UNPUBLISHED,
    [originalId],
  );
  for (const { mediaId, authorId, kind } of found) {
    if ((await findLeave(database, authorId, originalId, kind)) === 'GRANTED') continue;
    await database.transaction((tx) =>
      refuseRenderedVideos(tx, clock.now(), [mediaId], ['REJECTED', ORIGINAL_GONE]),
    );
  }
}
