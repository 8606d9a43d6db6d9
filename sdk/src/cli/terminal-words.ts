/** What is done to messages that are there already. In a terminal it is the last one that fits. */
import type { Chat } from '../chat/chat.js';
import type { StoredMessage } from '../chat/records.js';
import { htmlOf } from '../chat/sanitise.js';

/** Answers what another person said last. */
export function reply(chat: Chat, conversationId: string, text: string): Promise<unknown> {
  requireText(text);
  return chat.sendText(conversationId, text, lastOf(chat, conversationId, isOfOthers).id);
}

/** Adds a sign to what another person said last. */
export function react(chat: Chat, conversationId: string, emoji: string): Promise<unknown> {
  requireText(emoji);
  const target = lastOf(chat, conversationId, isOfOthers).id;
  return chat.send(conversationId, { kind: 'reaction', target, emoji });
}

/** Says the own last text in other words. */
export function edit(chat: Chat, conversationId: string, text: string): Promise<unknown> {
  requireText(text);
  const isText: Fits = (message, self) =>
    message.sender === self && message.content?.kind === 'text';
  const target = lastOf(chat, conversationId, isText).id;
  return chat.send(conversationId, { kind: 'edit', target, html: htmlOf(text) });
}

/** Takes the own last message back. */
export function takeBack(chat: Chat, conversationId: string): Promise<unknown> {
  const isOwn: Fits = ({ sender }, self) => sender === self;
  const target = lastOf(chat, conversationId, isOwn).id;
  return chat.send(conversationId, { kind: 'delete', target });
}

/** Asks all of the conversation. @param text question and options, with ` / ` between them */
export function ask(chat: Chat, conversationId: string, text: string): Promise<unknown> {
  const [question, ...options] = text.split('/').map((part) => part.trim());
  if (!question || options.length < 2)
    throw new RangeError('Give a question and what to choose from: /poll Where? / Lake / Town');
  const poll = { question, options, isMultiple: false, endsAt: null };
  return chat.send(conversationId, { kind: 'poll', ...poll });
}

/** Answers what was asked last. */
export function vote(chat: Chat, conversationId: string, option: string): Promise<unknown> {
  const { id, content } = lastOf(chat, conversationId, (it) => it.content?.kind === 'poll');
  const options = content?.kind === 'poll' ? content.options : [];
  if (!options.includes(option))
    throw new RangeError(`Choose one of these: ${options.join(' / ')}`);
  return chat.send(conversationId, { kind: 'vote', target: id, options: [option] });
}

type Fits = (message: StoredMessage, self: string) => boolean;

const isOfOthers: Fits = ({ sender }, self) => sender !== '' && sender !== self;

function lastOf(chat: Chat, conversationId: string, fits: Fits): StoredMessage {
  const found = chat
    .messages(conversationId)
    .findLast((message) => message.content !== null && fits(message, chat.self.actorUri));
  if (!found) throw new RangeError('There is no such message here yet.');
  return found;
}

function requireText(text: string): void {
  if (!text) throw new RangeError('Say what: it stands behind the command.');
}
