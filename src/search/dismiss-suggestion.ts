/** Not wanting to be shown somebody as a suggestion again. */
import type { ActorId } from '../actors/actor.entity.js';
import { requireOther } from '../actors/actor.policy.js';
import { findActors } from '../actors/actor.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { requireViewer } from '../platform/require-viewer.js';

const DISMISS = statement(
  'suggestions.dismiss',
  `insert into dismissed_suggestions (owner_id, actor_id, dismissed_at) values ($1, $2, $3)
   on conflict (owner_id, actor_id) do nothing`,
);

/**
 * Never suggests an actor to the viewer again. A repeat changes nothing.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself
 */
export async function dismissSuggestion(context: CommandContext, actorId: ActorId): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const actor = requireOther(viewer.actorId, (await findActors(tx, [actorId]))[0]);
    await tx.rows(DISMISS, [viewer.actorId, actor.id, context.clock.now()]);
  });
}
