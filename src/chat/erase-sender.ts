/** What is left of what somebody wrote who is gone, and of their place among others: nothing. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { isForReading } from './conversation-visibility.js';
import type { ConversationId } from './conversation.js';
import { statement } from '../platform/db/database.js';

const BATCH = 500;

const ERASE = statement(
  'chat_messages.erase',
  `delete from chat_messages where id in (select id from chat_messages where sender_id = $1 and ${isForReading('chat_messages')} order by id limit ${BATCH}) returning 1`,
);

// First the conversations, in order, then what is in them, as everybody does who writes in one.
const LOCK = statement(
  'conversations.lock_of_member',
  `select id from conversations where id in (select conversation_id from conversation_members where actor_id = $1
     order by conversation_id limit ${BATCH}) order by id for update`,
);
// Where nobody of here is left, nobody reads it.
const LEAVE = statement(
  'conversation_members.leave',
  `with gone as (delete from conversation_members where actor_id = $1 and conversation_id = any($2::uuid[])
     returning conversation_id)
   select conversation_id as id, exists (select from conversation_members m join actors a on a.id = m.actor_id
     where m.conversation_id = gone.conversation_id and a.id <> $1 and a.domain is null and a.status <> 'DELETED') as "isRead"
   from gone`,
);
const END = statement('conversations.end', 'delete from conversations where id = any($1::uuid[])');

/** Takes an actor out of up to 500 conversations. @returns how many there were; 0 = it is done */
export async function leaveSomeConversations(
  { database }: Pick<Services, 'database'>,
  actorId: ActorId,
): Promise<number> {
  return database.transaction(async (tx) => {
    const locked = await tx.rows<{ id: ConversationId }>(LOCK, [actorId]);
    const ids = locked.map(({ id }) => id);
    const left = await tx.rows<{ id: ConversationId; isRead: boolean }>(LEAVE, [actorId, ids]);
    const unread = left.filter(({ isRead }) => !isRead);
    await tx.rows(END, [unread.map(({ id }) => id)]);
    return locked.length;
  });
}

/**
 * Deletes up to 500 messages of an actor; what keeps encrypted groups together stays until everybody has it.
 *
 * @returns how many there were; 0 = it is done
 */
export async function eraseSomeMessages(
  { database }: Pick<Services, 'database'>,
  actorId: ActorId,
): Promise<number> {
  return (await database.rows(ERASE, [actorId])).length;
}
