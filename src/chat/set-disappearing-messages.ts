/** How long the messages of an encrypted conversation last. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Forbidden, Invalid } from '../platform/errors.js';
import type { ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { lockGroup } from './internal/encrypted-group.js';
import { memberIdsOf } from './internal/members.js';
import { tellOfGroup } from './internal/news-of-group.js';

/** Shortest and longest term, in seconds. */
export const TERM_SECONDS = { least: 10, most: 365 * 86_400 };

const SET = statement(
  'conversations.set_disappearing',
  'update conversations set disappearing_seconds = $2 where id = $1',
);

/**
 * Sets the term of messages that are sent from now on; null = none. A repeat changes nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or that is not encrypted
 * @throws {Invalid} INVALID_INPUT for a term that is too short or too long
 * @throws {Forbidden} FORBIDDEN for whoever is no admin
 */
export async function setDisappearingMessages(
  context: CommandContext,
  conversationId: ConversationId,
  seconds: number | null,
): Promise<void> {
  const { actorId } = requireChatter(context);
  const { least, most } = TERM_SECONDS;
  if (seconds !== null && (seconds < least || seconds > most))
    throw new Invalid(`From ${least} to ${most}.`, ['seconds'], 'RANGE', `${least}..${most}`);
  await context.database.transaction(async (tx) => {
    const group = await lockGroup(tx, conversationId, actorId);
    if (group.role !== 'ADMIN')
      throw new Forbidden('Only an admin sets the term.', 'FORBIDDEN', ['conversationId']);
    if (group.disappearingSeconds === seconds) return;
    await tx.rows(SET, [conversationId, seconds]);
    const memberIds = [...(await memberIdsOf(tx, conversationId))];
    await tellOfGroup(tx, conversationId, memberIds);
  });
}
