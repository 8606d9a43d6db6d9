/** What was written in somebody's conversations, as they see it. What is encrypted only their devices can hand over. */
import { conversationVisibleTo, messageVisibleTo } from '../../../chat/conversation-visibility.js';
import { toGlobalId } from '../../../platform/ids.js';
import { ADDRESS, extraFile, instant, IS_THERE } from './extra-file.js';

interface MessageItem {
  readonly id: string;
  readonly conversation: string;
}

const NAMES = `array(select ${ADDRESS} from conversation_members m join actors other on other.id = m.actor_id
  where m.conversation_id = conversation.id and ${IS_THERE} order by other.id)`;

/** The file. */
export const CHAT_FILE = extraFile(
  'messages',
  `select message.id, jsonb_build_object('id', message.id, 'conversation', conversation.id, 'people', ${NAMES},
     'sender', (select ${ADDRESS} from actors other where other.id = message.sender_id), 'sequence', message.sequence,
     'at', ${instant('message.sent_at')}, 'editedAt', ${instant('message.edited_at')}, 'html', message.content_html,
     'source', case when message.sender_id = $1 then message.content_source end) as item
   from conversation_members member join conversations conversation on conversation.id = member.conversation_id
     join chat_messages message on message.conversation_id = conversation.id
   where member.actor_id = $1 and message.deleted_at is null and message.kind = 'PLAINTEXT'
     and ${conversationVisibleTo('conversation', 'member')} and ${messageVisibleTo('message', '$1::uuid')}`,
  ({ id, conversation, ...message }: MessageItem) => ({
    id: toGlobalId('chatmessage', id),
    conversation: toGlobalId('conversation', conversation),
    ...message,
  }),
);
