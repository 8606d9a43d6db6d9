/** A conversation in which somebody may write, locked until the end of the transaction. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Forbidden, Invalid, NotFound, TooMany } from '../../platform/errors.js';
import { isShown } from '../../posts/visibility.js';
import { conversationVisibleTo } from '../conversation-visibility.js';
import { MESSAGES_OF_REQUEST, type ChatEncryption, type ConversationId } from '../conversation.js';

const LOCK = statement(
  'conversations.lock',
  'select id from conversations where id = $1 for update',
);
const OTHERS = `select from conversation_members other join actors a on a.id = other.actor_id
       where other.conversation_id = conversation.id and a.id <> $2`;
// A statement after the lock: what others have written until then counts. People of other servers are asked nothing here:
// they accept by writing, and only for somebody of here, as a stranger could bring company that does.
const FACTS = statement(
  'conversations.writable',
  `select conversation.encryption, exists (${OTHERS} and ${isShown('a.status')}) as "hasReader",
     (not exists (${OTHERS} and other.is_request) or exists (${OTHERS} and not other.is_request
       and (a.domain is null or (select domain is null from actors where id = $2)
         and exists (select from chat_messages where conversation_id = conversation.id and sender_id = a.id)))) as "isAccepted",
     (select count(*)::int from (select from chat_messages where conversation_id = conversation.id and sender_id = $2
       and kind in ('PLAINTEXT', 'APPLICATION') limit ${MESSAGES_OF_REQUEST}) sent) as sent
   from conversations conversation join conversation_members member
     on member.conversation_id = conversation.id and member.actor_id = $2
   where conversation.id = $1 and ${conversationVisibleTo('conversation', 'member')}`,
);

interface Facts {
  readonly encryption: ChatEncryption;
  readonly hasReader: boolean;
  readonly isAccepted: boolean;
  readonly sent: number;
}

/**
 * Locks a conversation for a new message.
 *
 * @throws {NotFound} NOT_FOUND when there is none that the sender sees
 * @throws {Invalid} INVALID_INPUT when it is protected in another way than what is to be written
 * @throws {Forbidden} FORBIDDEN when nobody else is there any more
 * @throws {TooMany} LIMIT_EXCEEDED for a sixth message that nobody asked for
 */
export async function lockWritable(
  tx: Transaction,
  id: ConversationId,
  senderId: ActorId,
  encryption: ChatEncryption = 'NONE',
): Promise<void> {
  await tx.rows(LOCK, [id]);
  const facts = await tx.row<Facts>(FACTS, [id, senderId]);
  const path = ['conversationId'];
  if (!facts) throw new NotFound(path);
  if (facts.encryption !== encryption) {
    const rule =
      encryption === 'NONE'
        ? 'This conversation is encrypted.'
        : 'This conversation is not encrypted.';
    throw new Invalid(rule, ['content'], 'ENCRYPTION', facts.encryption);
  }
  if (!facts.hasReader) throw new Forbidden('Nobody else is here any more.', 'FORBIDDEN', path);
  if (!facts.isAccepted && facts.sent >= MESSAGES_OF_REQUEST)
    throw new TooMany(
      `At most ${MESSAGES_OF_REQUEST} messages until somebody answers.`,
      MESSAGES_OF_REQUEST,
      path,
    );
}
