/** Tells people that they were put into a starter pack, so that they can leave it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { StarterPackId } from '../../starterpacks/starter-pack.js';
import { notify } from '../notify.js';

interface Extension {
  readonly packId: StarterPackId;
  readonly ownerId: ActorId;
  readonly actorIds: readonly ActorId[];
}

// A deletion waits, so that it takes what is written here along.
const STILL_IN = statement(
  'notifications.in_starter_pack',
  `select member.actor_id as "actorId" from starter_packs pack join starter_pack_members member on member.pack_id = pack.id
   where pack.id = $1 and member.actor_id = any($2::uuid[]) for key share of pack`,
);

/** Whoever is not in it any more is not told. A repeat tells nobody twice. */
export const notifyOfStarterPack = defineJob<Extension>(
  'notifyOfStarterPack',
  (context, { packId, ownerId, actorIds }) =>
    context.database.transaction(async (tx) => {
      const members = await tx.rows<{ actorId: ActorId }>(STILL_IN, [packId, actorIds]);
      const about = { kind: 'STARTER_PACK', groupKey: packId, postId: null } as const;
      const causes = members.map(({ actorId: recipientId }) => ({
        ...about,
        recipientId,
        actorId: ownerId,
        starterPackId: packId,
      }));
      await notify(context, tx, causes);
    }),
);
