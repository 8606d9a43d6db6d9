/** Not wanting to be in a starter pack of somebody else. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { removeMember } from './internal/members.js';
import { packVisibleTo } from './starter-pack-visibility.js';
import type { StarterPackId } from './starter-pack.js';

// Waits for its owner's changes, and they for this one.
const LOCK = statement(
  'starter_packs.lock_seen',
  `select owner_id as "ownerId" from starter_packs pack where id = $1 and ${packVisibleTo('pack', '$2::uuid')} for update`,
);
const REFUSE = statement(
  'starter_packs.refuse',
  `insert into starter_pack_refusals (pack_id, actor_id, refused_at) values ($1, $2, $3)
   on conflict (pack_id, actor_id) do nothing`,
);
const ALLOW = statement(
  'starter_packs.allow',
  'delete from starter_pack_refusals where pack_id = $1 and actor_id = $2',
);

/**
 * Takes the viewer out of a pack, so that its owner cannot put them back; or lets the owner do so again, which puts
 * nobody in. A repeat changes nothing. Opens its own transaction. The owner is not told.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for an own pack
 */
export async function setStarterPackRefused(
  context: CommandContext,
  { packId, isRefused }: { readonly packId: StarterPackId; readonly isRefused: boolean },
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const pack = await tx.row<{ ownerId: string }>(LOCK, [packId, viewer.actorId]);
    if (!pack) throw new NotFound(['starterPackId']);
    if (pack.ownerId === viewer.actorId)
      throw new Invalid('This pack is your own.', ['starterPackId'], 'NOT_SELF');
    if (!isRefused) {
      await tx.rows(ALLOW, [packId, viewer.actorId]);
      return;
    }
    await tx.rows(REFUSE, [packId, viewer.actorId, context.clock.now()]);
    await removeMember(tx, packId, viewer.actorId);
  });
}
