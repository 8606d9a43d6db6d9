/** Who is written to unasked: how many strangers somebody may reach in a day, as people elsewhere are held to. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { CommandContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { RateLimit } from '../../platform/rate-limiter.js';
import { requireRate } from '../../platform/require-rate.js';
import type { Chatter } from './chatting.js';

/** People who neither follow nor know whoever begins with them, or lets them into a group; each is counted. */
export const STRANGERS_A_DAY: RateLimit = {
  name: 'chat_strangers',
  points: 60,
  windowSeconds: 24 * 3600,
  failsClosed: false,
};

// Who shares a conversation with somebody has been counted, or has begun it.
const STRANGERS = statement(
  'chat.strangers',
  `select count(*)::int as count from actors other where other.id = any($2::uuid[]) and other.id <> $1
     and not exists (select from follows where follower_id = other.id and followee_id = $1 and state = 'ACCEPTED')
     and not exists (select from conversation_members mine join conversation_members theirs
         on theirs.conversation_id = mine.conversation_id and theirs.actor_id = other.id
       where mine.actor_id = $1)`,
);

/**
 * Counts the strangers among these people, outside of a transaction.
 *
 * @throws {RateLimited} RATE_LIMITED for more than 60 in a day
 */
export async function requireFewStrangers(
  context: CommandContext,
  { actorId, countedBy }: Chatter,
  otherIds: readonly ActorId[],
): Promise<void> {
  if (otherIds.length === 0) return;
  const ids = [...new Set(otherIds)];
  const { count } = (await context.database.row<{ count: number }>(STRANGERS, [actorId, ids]))!;
  if (count > 0) await requireRate(context, STRANGERS_A_DAY, countedBy, count);
}
