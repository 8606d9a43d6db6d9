/** Lets go of the emoji of servers whose pictures are not taken, a little at a time. */
import { releaseMedia } from '../media/attach-media.js';
import type { MediaId } from '../media/media.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';

const REMOVE = statement(
  'remote_emojis.remove_rejected',
  `delete from remote_emojis where id in (select id from remote_emojis e
     where ($1::text is null or $1 = any(domain_with_parents(e.domain)))
       and (select rejects_media from domain_policy(array[e.domain])) limit 100)
   returning media_id as "mediaId"`,
);

/** Releases up to 100 of a domain and what is under it, null = of any. @returns how many there were; 0 = it is done */
export async function releaseSomeRemoteEmojis(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  domain: string | null,
): Promise<number> {
  return database.transaction(async (tx) => {
    const removed = await tx.rows<{ mediaId: MediaId }>(REMOVE, [domain]);
    const mediaIds = removed.map(({ mediaId }) => mediaId);
    await releaseMedia(tx, clock.now(), mediaIds);
    return removed.length;
  });
}
