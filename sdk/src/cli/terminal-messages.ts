/** Messages as a terminal shows them. */
import type { Chat } from '../chat/chat.js';
import type { StoredMessage } from '../chat/records.js';
import { plainOf } from '../chat/sanitise.js';
import { say } from './lines.js';
import { filesOf } from './terminal-files.js';
import { nameOf } from './terminal-people.js';

/** All that was said in a conversation. */
export async function showMessages(chat: Chat, conversationId: string): Promise<void> {
  for (const message of chat.messages(conversationId)) say(await lineOf(chat, message));
}

/** Who said what. */
export const lineOf = async (chat: Chat, message: StoredMessage): Promise<string> =>
  `${await nameOf(chat, message.sender)}: ${textOf(message)}`;

function textOf(message: StoredMessage): string {
  const { content } = message;
  const files = filesOf(message).map(({ name, sizeBytes }) => `[${name}, ${sizeBytes} bytes]`);
  if (content?.kind === 'text') return [plainOf(content.html), ...files].filter(Boolean).join(' ');
  return content ? `(${content.kind})` : '(deleted)';
}
