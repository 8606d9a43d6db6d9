/** The end of an actor whose own server has deleted it. */
import { statement, type Transaction } from '../platform/db/database.js';
import type { ActorId } from './actor.entity.js';
import { remoteActorGone } from './actors.events.js';

const REMOVE = statement(
  'actors.remove_remote',
  `update actors set display_name = '', bio_html = '', fields = '[]', payment_links = '[]', avatar_media_id = null, header_media_id = null,
     is_discoverable = false, is_indexable = false, also_known_as = '{}',
     moved_to_id = null, status = 'DELETED', updated_at = $2
   where id = $1 and domain is not null and status <> 'DELETED' returning id`,
);

/** Makes a remote actor a tombstone inside the caller's transaction; jobs erase what it published. A repeat does nothing. */
export async function removeRemoteActor(
  tx: Transaction,
  actorId: ActorId,
  now: Date,
): Promise<void> {
  if (await tx.row(REMOVE, [actorId, now])) await tx.append(remoteActorGone, { actorId });
}
