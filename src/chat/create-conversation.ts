/** Beginning a conversation, or finding the one that there is. */
import type { ActorId } from '../actors/actor.entity.js';
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Forbidden, Invalid, NotFound } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { blockedBetween, isShown } from '../posts/visibility.js';
import { MOST_MEMBERS, type ConversationId } from './conversation.js';
import { openConversation } from './internal/open-conversation.js';

const LIMIT = { name: 'conversation', points: 60, windowSeconds: 3600, failsClosed: false };

const CANDIDATES = statement(
  'conversations.candidates',
  `select a.id, ${blockedBetween('a.id', '$2::uuid')} or ${blocksDomainOf('$2::uuid', 'a.id')} as "isBlocked" from actors a
   where a.id = any($1::uuid[]) and ${isShown('a.status')}`,
);

interface Candidate {
  readonly id: ActorId;
  readonly isBlocked: boolean;
}

/**
 * The conversation of the viewer and these people: the one that there is, or a new one, of which nobody hears before
 * somebody writes in it. Opens its own transaction.
 *
 * @param memberIds everybody but the viewer, who may be among them
 * @throws {Invalid} INVALID_INPUT for nobody, or more than 9 others
 * @throws {NotFound} NOT_FOUND, {@link Forbidden} BLOCKED with the place of whom in `memberIds`
 * @throws {RateLimited} RATE_LIMITED for more than 60 in an hour
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
  await requireRate(context, LIMIT, viewer.accountId);
  return context.database.transaction(async (tx) => {
    await requireReachable(tx, viewer.actorId, memberIds);
    const opening = { creatorId: viewer.actorId, otherIds: others };
    return openConversation(tx, opening, context.clock.now());
  });
}

async function requireReachable(
  reader: Reader,
  viewerId: ActorId,
  memberIds: readonly ActorId[],
): Promise<void> {
  const rows = await reader.rows<Candidate>(CANDIDATES, [memberIds, viewerId]);
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const [index, id] of memberIds.entries()) {
    const path = ['memberIds', String(index)];
    const candidate = known.get(id);
    if (!candidate) throw new NotFound(path);
    if (candidate.isBlocked)
      throw new Forbidden('A block stands between you and this person.', 'BLOCKED', path);
  }
}
