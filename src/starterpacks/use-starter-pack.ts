/** Following everybody in a starter pack. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { starterPackUsed } from './starter-packs.events.js';
import { findToFollow } from './starter-packs.queries.js';
import { packVisibleTo } from './starter-pack-visibility.js';
import { PACK_MEMBERS, type StarterPackId } from './starter-pack.js';

/** Which pack, and what of it. */
export interface StarterPackUse {
  readonly packId: StarterPackId;
  /** Whom not to follow. */
  readonly exceptActorIds: readonly ActorId[];
  /** Follow its hashtags, too. */
  readonly followsHashtags: boolean;
}

interface HeldPack {
  readonly ownerId: ActorId;
  readonly hashtags: readonly string[];
}

const USE_LIMIT = { name: 'use_pack', points: 10, windowSeconds: 3600, failsClosed: false };

const HOLD = statement(
  'starter_packs.hold',
  `select owner_id as "ownerId", hashtags from starter_packs pack
   where id = $1 and ${packVisibleTo('pack', '$2::uuid')} for key share`,
);
const USE = statement(
  'starter_packs.use',
  `insert into starter_pack_uses (pack_id, actor_id, used_at) values ($1, $2, $3)
   on conflict (pack_id, actor_id) do nothing returning actor_id`,
);
const COUNT = statement(
  'starter_packs.count_use',
  'update starter_packs set use_count = use_count + 1 where id = $1',
);

/**
 * Follows the people of a pack whom the viewer sees in it and neither follows, asked nor mutes, and its hashtags; a job
 * does so, one after the other. A repeat follows only who is new.
 *
 * Opens its own transaction.
 *
 * @returns how many people will be followed or asked
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT
 * @throws {RateLimited} RATE_LIMITED for more than 10 in an hour
 */
export async function useStarterPack(
  context: CommandContext,
  use: StarterPackUse,
): Promise<number> {
  const viewer = requireViewer(context);
  const { packId, exceptActorIds } = use;
  if (exceptActorIds.length > PACK_MEMBERS) {
    const limit = String(PACK_MEMBERS);
    throw new Invalid(`At most ${limit} people.`, ['exceptActorIds'], 'MAX_ITEMS', limit);
  }
  await requireRate(context, USE_LIMIT, viewer.accountId);
  const { actorId: followerId } = viewer;
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    const pack = await tx.row<HeldPack>(HOLD, [packId, followerId]);
    if (!pack) throw new NotFound(['starterPackId']);
    const actorIds = await findToFollow(tx, packId, followerId, exceptActorIds, now);
    const hashtags = use.followsHashtags ? pack.hashtags : [];
    if (pack.ownerId !== followerId && (await tx.row(USE, [packId, followerId, now])))
      await tx.rows(COUNT, [packId]);
    if (actorIds.length + hashtags.length > 0)
      await tx.append(starterPackUsed, { packId, followerId, actorIds, hashtags });
    return actorIds.length;
  });
}
