/** Beginning a conversation, or finding the one that there is. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { Invalid } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { MOST_MEMBERS, type ConversationId } from './conversation.js';
import { openConversation } from './internal/open-conversation.js';
import { requireReachable } from './internal/reachable.js';
import { requireChatter } from './internal/chatting.js';
import { requireFewStrangers } from './internal/require-few-strangers.js';

/** Conversations that somebody may begin, encrypted or not. */
export const BEGINNINGS = {
  name: 'conversation',
  points: 60,
  windowSeconds: 3600,
  failsClosed: false,
};

/**
 * The conversation of the viewer and these people: the one that there is, or a new one, of which nobody hears before
 * somebody writes in it. Opens its own transaction.
 *
 * @param memberIds everybody but the viewer, who may be among them
 * @throws {Invalid} INVALID_INPUT for nobody, or more than 9 others
 * @throws {NotFound} NOT_FOUND, {@link Forbidden} BLOCKED with the place of whom in `memberIds`
 * @throws {RateLimited} RATE_LIMITED for more than 60 in an hour, or more than 60 strangers in a day
 */
export async function createConversation(
  context: CommandContext,
  memberIds: readonly ActorId[],
): Promise<ConversationId> {
  const viewer = requireViewer(context);
  const others = [...new Set(memberIds)].filter((id) => id !== viewer.actorId);
  if (others.length === 0)
    throw new Invalid('A conversation needs somebody else.', ['memberIds'], 'MIN_ITEMS', '1');
  if (others.length >= MOST_MEMBERS) {
    const limit = String(MOST_MEMBERS - 1);
    throw new Invalid(`At most ${limit} others.`, ['memberIds'], 'MAX_ITEMS', limit);
  }
  await requireRate(context, BEGINNINGS, viewer.accountId);
  await requireFewStrangers(context, requireChatter(context), others);
  return context.database.transaction(async (tx) => {
    await requireReachable(tx, { viewerId: viewer.actorId, memberIds, field: 'memberIds' });
    const opening = { creatorId: viewer.actorId, otherIds: others };
    return openConversation(tx, opening, context.clock.now());
  });
}
