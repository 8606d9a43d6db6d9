/** What can be sent: others read it as it was written, and do what it says. Anything else would only seem to be sent. */
import type { Store } from '../store/store.js';
import { BODY_CHARACTERS } from './activity.js';
import { isOver, messageKey } from './conversation-state.js';
import type { NewPayload, Payload } from './payload.js';
import { TABLES, type StoredMessage } from './records.js';

/** @param read what devices make of it @throws {RangeError} for what they do not understand, or would cut off */
export function requireReadable(payload: NewPayload, read: Payload): void {
  const { kind } = payload;
  if (read.kind !== kind) throw new RangeError(`Nobody would understand this: ${kind}.`);
  const isTooLong = 'html' in payload && payload.html.length > BODY_CHARACTERS;
  if (isTooLong) throw new RangeError(`At most ${BODY_CHARACTERS} characters of HTML are read.`);
  // What is not allowed in HTML is left out, which is no shorter text.
  const { html: _html, ...rest } = { html: '', ...payload };
  if (isCut(rest, read)) throw new RangeError(`Only a part of this would be read: ${kind}.`);
}

/** Whether something that was given is not all there. */
function isCut(given: unknown, read: unknown): boolean {
  if (typeof given === 'string') return (typeof read === 'string' ? read.length : 0) < given.length;
  if (given === null || typeof given !== 'object' || given instanceof Uint8Array)
    return read === undefined;
  const parts = Object.entries(given);
  return parts.some(([name, part]) => isCut(part, partOf(read, name)));
}

const partOf = (whole: unknown, name: string): unknown =>
  whole !== null && typeof whole === 'object' ? Reflect.get(whole, name) : undefined;

/**
 * Of a message that is not here nothing is known: it may be on other devices.
 * @throws {RangeError} for what is done to a message and changes nothing
 */
export function requireEffect(
  store: Store,
  self: string,
  conversationId: string,
  payload: NewPayload,
): void {
  // The target of an `undo` is no message.
  if (!('target' in payload) || payload.kind === 'undo') return;
  const key = messageKey(conversationId, payload.target);
  const message = store.get<StoredMessage>(TABLES.messages, key);
  const fault = message && faultOf(payload, message, self);
  if (fault) throw new RangeError(fault);
}

/** Null = it does what it says. */
function faultOf(payload: NewPayload, message: StoredMessage, self: string): string | null {
  const { sender, content } = message;
  if (content === null) return 'This message was deleted.';
  switch (payload.kind) {
    case 'edit':
      if (sender !== self) return 'Only who wrote a message changes it.';
      return content.kind === 'text' ? null : 'Only texts can be changed.';
    case 'delete':
      return sender === self ? null : 'Only who wrote a message deletes it.';
    case 'vote':
      return faultOfVote(payload.options, message);
    default:
      return null;
  }
}

function faultOfVote(chosen: readonly string[], { content }: StoredMessage): string | null {
  if (content?.kind !== 'poll') return 'This is no poll.';
  if (isOver(content, new Date().toISOString())) return 'This poll is over.';
  if (chosen.some((option) => !content.options.includes(option)))
    return 'This poll has no such option.';
  return chosen.length > 1 && !content.isMultiple ? 'This poll takes one option.' : null;
}
