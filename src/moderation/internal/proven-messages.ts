/** Encrypted messages in a report: each is proven, or the report is refused. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import { proveMessage, type MessageClaim } from '../../chat/prove-message.js';
import type { CommandContext } from '../../platform/context.js';
import { Invalid } from '../../platform/errors.js';
import { sanitizeHtml } from '../../platform/sanitize-html.js';
import type { ReportedMessage } from '../report.js';

const MOST = 10;
const MOST_BYTES = 192 * 1024;
/** UTF-16 units that are shown as they were meant; what is longer is shown as it was written. */
const MOST_WORDS = 20_000;
const UNSTORABLE = /\0/g;

/** A message that was proven, and what names it. */
export interface KeptMessage {
  /** The same for the same message, so that the same report again is the same. */
  readonly id: string;
  readonly message: ReportedMessage;
}

/**
 * @throws {Invalid} INVALID_INPUT for too many, or too much; UNPROVEN_MESSAGE
 * @throws {NotFound} NOT_FOUND for a conversation in which the reporter never was
 */
export async function provenMessages(
  context: CommandContext,
  claims: readonly MessageClaim[],
  senderId: ActorId,
  claimantId: ActorId,
): Promise<KeptMessage[]> {
  const path = ['messages'];
  if (claims.length > MOST)
    throw new Invalid(`At most ${MOST} messages at once.`, path, 'MAX_ITEMS', String(MOST));
  const bytes = claims.reduce((sum, { data }) => sum + data.length, 0);
  if (bytes > MOST_BYTES)
    throw new Invalid(`At most ${MOST_BYTES} bytes in all.`, path, 'MAX_BYTES', String(MOST_BYTES));
  const kept: KeptMessage[] = [];
  for (const [index, claim] of claims.entries()) {
    const { provenBy } = await proveMessage(context, claim, { senderId, claimantId }, [
      ...path,
      String(index),
    ]);
    const text = claim.data.toString('utf8').toWellFormed().replace(UNSTORABLE, '\ufffd');
    const sentAt = claim.acceptedAt.toISOString();
    kept.push({
      id: idOf(claim.frank),
      message: { text, content: contentOf(text), sentAt, provenBy },
    });
  }
  return kept;
}

/** What it says to people: the words of a note, and otherwise all there is. */
function contentOf(text: string): string {
  const words = wordsOf(text);
  if (words !== null && words.length <= MOST_WORDS) return sanitizeHtml(words);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<p>${escaped}</p>`;
}

function wordsOf(text: string): string | null {
  try {
    const activity = JSON.parse(text) as {
      readonly object?: { readonly content?: unknown };
    } | null;
    const content = activity?.object?.content;
    return typeof content === 'string' && content !== '' ? content : null;
  } catch {
    return null;
  }
}

/** In the form of the ids of other things that are reported. */
function idOf(frank: Uint8Array): string {
  const digits = createHash('sha256').update(frank).digest('hex').slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
