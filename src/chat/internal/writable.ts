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
const othersThan = (sender: string): string => `select from conversation_members other
       where other.conversation_id = conversation.id and other.actor_id <> ${sender}`;
/** Asked for one after the other: a join would go through all people of the server for the first of a large group. */
const ofOther = (column: string): string =>
  `(select ${column} from actors where id = other.actor_id)`;

/** Somebody else is there. `conversation` is the alias, @param sender SQL expression of who writes */
export const hasReader = (sender: string): string =>
  `exists (${othersThan(sender)} and ${isShown(ofOther('status'))})`;

/**
 * Somebody else accepts what is written, or has answered. People of other servers are asked nothing here: they accept by
 * writing, and only for somebody of here, as a stranger could bring company that does.
 */
export const isAccepted = (
  sender: string,
): string => `(not exists (${othersThan(sender)} and other.is_request)
     or exists (${othersThan(sender)} and not other.is_request
       and (${ofOther('domain')} is null or (select domain is null from actors where id = ${sender})
         and exists (select from chat_messages where conversation_id = conversation.id and sender_id = other.actor_id))))`;

/** How much the sender has written, as far as it matters. */
export const writtenBy = (sender: string): string =>
  `(select count(*)::int from (select from chat_messages where conversation_id = conversation.id and sender_id = ${sender}
       and kind in ('PLAINTEXT', 'APPLICATION') limit ${MESSAGES_OF_REQUEST}) sent)`;

// A statement after the lock: what others have written until then counts.
const FACTS = statement(
  'conversations.writable',
  `select conversation.encryption, ${hasReader('$2')} as "hasReader", ${isAccepted('$2')} as "isAccepted", ${writtenBy('$2')} as sent
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
 * Locks a conversation that is not encrypted for a new message.
 *
 * @throws {NotFound} NOT_FOUND when there is none that the sender sees
 * @throws {Invalid} INVALID_INPUT when it is encrypted
 * @throws {Forbidden} FORBIDDEN when nobody else is there any more
 * @throws {TooMany} LIMIT_EXCEEDED for a sixth message that nobody asked for
 */
export async function lockWritable(
  tx: Transaction,
  id: ConversationId,
  senderId: ActorId,
): Promise<void> {
  await tx.rows(LOCK, [id]);
  const facts = await tx.row<Facts>(FACTS, [id, senderId]);
  if (!facts) throw new NotFound(['conversationId']);
  if (facts.encryption !== 'NONE') throw otherProtection(facts.encryption);
  if (!facts.hasReader) throw nobodyElse();
  if (!facts.isAccepted && facts.sent >= MESSAGES_OF_REQUEST) throw notAccepted();
}

/** What is to be written is protected in another way than its conversation. */
export function otherProtection(encryption: ChatEncryption): Invalid {
  const rule =
    encryption === 'NONE'
      ? 'This conversation is not encrypted.'
      : 'This conversation is encrypted.';
  return new Invalid(rule, ['content'], 'ENCRYPTION', encryption);
}

/** Nobody would read it. */
export function nobodyElse(): Forbidden {
  return new Forbidden('Nobody else is here any more.', 'FORBIDDEN', ['conversationId']);
}

/** A message more than a request may have. */
export function notAccepted(): TooMany {
  return new TooMany(
    `At most ${MESSAGES_OF_REQUEST} messages until somebody answers.`,
    MESSAGES_OF_REQUEST,
    ['conversationId'],
  );
}
