/** Lets go of everything that somebody ever uploaded, a little at a time. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import { releaseMedia } from './attach-media.js';
import type { MediaId } from './media.entity.js';

const CANCEL = statement(
  'uploads.cancel_all',
  `update uploads set state = 'CANCELLED' where media_id = any($1::uuid[]) and state = 'OPEN'`,
);
const NEXT = statement(
  'media.next_to_release',
  'select id from media where owner_id = $1 and deleted_at is null order by id limit 100',
);

/** Releases up to 100 assets; jobs remove their bytes. @returns how many there were; 0 = it is done */
export async function releaseSomeMedia(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  ownerId: Id<'actor'>,
): Promise<number> {
  return database.transaction(async (tx) => {
    const ids = (await tx.rows<{ id: MediaId }>(NEXT, [ownerId])).map(({ id }) => id);
    await tx.rows(CANCEL, [ids]);
    await releaseMedia(tx, clock.now(), ids);
    return ids.length;
  });
}
