/** Messages as a terminal shows them. */
import type { Chat } from '../chat/chat.js';
import type { Payload } from '../chat/payload.js';
import type { StoredConversation, StoredMessage } from '../chat/records.js';
import { plainOf } from '../chat/sanitise.js';
import { say } from './lines.js';
import { filesOf } from './terminal-files.js';
import { nameOf } from './terminal-people.js';

/** Characters of a message by which another one refers to it. */
const QUOTED = 40;

const OUTSIDE =
  '! This device is not let in here yet: another one of yours does that, or /repair comes in without one.';

/** Whether this device has only heard from another one what was said. */
export const isOutside = ({ isMember, isBroken }: StoredConversation): boolean =>
  !isMember && isBroken;

/** All that was said in a conversation, and how it is with it. */
export async function showMessages(chat: Chat, conversationId: string): Promise<void> {
  for (const message of chat.messages(conversationId)) say(await lineOf(chat, message));
  const found = chat.conversations().find(({ id }) => id === conversationId);
  if (found && isOutside(found)) say(OUTSIDE);
  else if (found?.isBroken) say('! This device cannot go on here: /repair comes back.');
  else if (found && !found.isMember) say('! You are not in this conversation any more.');
  if (found?.isBestEffort)
    say('! Nobody orders this conversation: others may see messages in another order.');
}

/** Who said what. */
export async function lineOf(chat: Chat, message: StoredMessage): Promise<string> {
  if (!message.sender) return 'Something came that this device cannot read.';
  const marks = [
    message.editedAt && message.content && '(edited)',
    message.failure && '(not sent)',
    ...message.reactions.map(({ emoji }) => emoji),
  ];
  const words = [textOf(chat, message), ...marks].filter(Boolean).join(' ');
  return `${await nameOf(chat, message.sender)}: ${words}`;
}

/** What was done to a message since it was shown; null = nothing that is to be seen. */
export async function changeOf(
  chat: Chat,
  before: StoredMessage,
  now: StoredMessage,
): Promise<string | null> {
  const whose = `${await nameOf(chat, now.sender)}: ${quoteOf(chat, before)}`;
  if (before.content && !now.content) return `(deleted) ${whose}`;
  if (now.editedAt && before.editedAt !== now.editedAt) return lineOf(chat, now);
  if (now.failure && !before.failure) return `(not sent) ${whose}`;
  const reaction = now.reactions.find(({ id }) => before.reactions.every((it) => it.id !== id));
  if (reaction) return `${await nameOf(chat, reaction.sender)} ${reaction.emoji} ${whose}`;
  const voter = Object.keys(now.votes).find((uri) => !isSame(before.votes[uri], now.votes[uri]));
  if (voter) return `${await nameOf(chat, voter)} voted: ${now.votes[voter]!.join(', ')}`;
  return null;
}

const isSame = (
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): boolean => JSON.stringify(one) === JSON.stringify(other);

function textOf(chat: Chat, message: StoredMessage): string {
  const { content } = message;
  if (!content) return '(deleted)';
  const files = filesOf(message).map(({ name, sizeBytes }) => `[${name}, ${sizeBytes} bytes]`);
  if (content.kind !== 'text') return otherOf(content);
  const answered =
    content.inReplyTo === null
      ? null
      : chat.messages(message.conversationId).find(({ id }) => id === content.inReplyTo);
  const quoted = answered && `(to “${quoteOf(chat, answered)}”)`;
  return [quoted, plainOf(content.html), ...files].filter(Boolean).join(' ');
}

function quoteOf(chat: Chat, message: StoredMessage): string {
  const { content } = message;
  const words = content?.kind === 'text' ? plainOf(content.html) : '';
  // A file without words is told by its name.
  const text = words || textOf(chat, { ...message, content: withoutAnswer(content) });
  const line = text.replaceAll('\n', ' ');
  return line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line;
}

const withoutAnswer = (content: Payload | null): Payload | null =>
  content?.kind === 'text' ? { ...content, inReplyTo: null } : content;

function otherOf(content: Payload): string {
  switch (content.kind) {
    case 'poll':
      return `asks: ${content.question} (${content.options.join(' / ')})`;
    case 'location':
      return `is at ${content.latitude}, ${content.longitude}${content.name ? ` (${content.name})` : ''}`;
    case 'contact':
      return `tells of ${content.name}: ${content.uri}`;
    case 'call':
      return '(a call, which a terminal cannot take)';
    default:
      return '(something that this version cannot show)';
  }
}
