/** Leaving an encrypted conversation: nothing more is delivered from that moment on. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext, Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { devicesOf, lockGroup, stopDelivery } from './internal/encrypted-group.js';
import { leaveMembers, memberIdsOf } from './internal/members.js';
import { tellOfGroup } from './internal/news-of-group.js';

// Where nobody is left, nobody reads it.
const END = statement(
  'conversations.end_unread',
  `delete from conversations where id = $1
   and not exists (select from conversation_members where conversation_id = $1)`,
);

const NEXT = statement(
  'conversations.next_group_of',
  `select conversation.id from conversation_members member
     join conversations conversation on conversation.id = member.conversation_id
   where member.actor_id = $1 and conversation.encryption = 'MLS' order by conversation.id limit 1
   for update of conversation`,
);
const LOCK = statement(
  'conversations.sequence_of_group',
  'select last_sequence as sequence from conversations where id = $1 for update',
);

/**
 * Takes whoever acts out of an encrypted conversation, with all their devices; the next commit of another one removes these
 * from the group. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or that is not encrypted
 */
export async function leaveConversation(
  context: CommandContext,
  conversationId: ConversationId,
): Promise<void> {
  const { actorId } = requireChatter(context);
  await context.database.transaction(async (tx) => {
    const group = await lockGroup(tx, conversationId, actorId);
    await takeOut(tx, { id: conversationId, actorId, sequence: group.lastSequence });
  });
}

/** Takes somebody who is gone out of one encrypted conversation. @returns 1, or 0 when there is none */
export async function leaveOneGroup(
  { database }: Pick<Services, 'database'>,
  actorId: ActorId,
): Promise<number> {
  return database.transaction(async (tx) => {
    const next = await tx.row<{ id: ConversationId }>(NEXT, [actorId]);
    if (!next) return 0;
    const { sequence } = (await tx.row<{ sequence: number }>(LOCK, [next.id]))!;
    await takeOut(tx, { id: next.id, actorId, sequence });
    return 1;
  });
}

/** Takes somebody out of a conversation that the caller has locked, and tells the others. */
async function takeOut(
  tx: Transaction,
  { id, actorId, sequence }: { id: ConversationId; actorId: ActorId; sequence: number },
): Promise<void> {
  const own = (await devicesOf(tx, id)).filter((device) => device.actorId === actorId);
  const deviceIds = own.map(({ deviceId }) => deviceId);
  await stopDelivery(tx, id, deviceIds, sequence);
  const memberIds = [...(await memberIdsOf(tx, id))];
  await leaveMembers(tx, id, [actorId]);
  await tx.rows(END, [id]);
  await tellOfGroup(tx, id, memberIds);
}
