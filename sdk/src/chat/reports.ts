/** Reporting what somebody wrote inside the encryption. */
import { toBase64 } from '../crypto/bytes.js';
import type { ReportInput } from '../api/operations.js';
import { messageKey } from './conversation-state.js';
import { saltOf } from './franking.js';
import { TABLES, type StoredMessage } from './records.js';
import type { Session } from './session.js';

/** Messages of somebody that are to be shown to the staff, in plain text, and why. */
export interface MessageReport {
  readonly conversationId: string;
  /** Ids of messages inside the encryption, all of one sender. */
  readonly messageIds: readonly string[];
  readonly category: ReportInput['category'];
  /** Plain text. */
  readonly comment?: string;
}

/** @throws {RangeError} for messages that are not here, own ones, of several people, or that nobody can prove @throws {RefusedError} */
export async function report(session: Session, wanted: MessageReport): Promise<void> {
  const { conversationId, messageIds, category, comment = '' } = wanted;
  const found = messageIds.map((id) => {
    const key = messageKey(conversationId, id);
    return session.store.get<StoredMessage>(TABLES.messages, key);
  });
  const [sender, ...others] = new Set(found.map((message) => message?.sender));
  if (!sender || others.length > 0) throw new RangeError('Name messages of one sender.');
  if (sender === session.self.actorUri) throw new RangeError('Own messages cannot be reported.');
  const proofs = found.flatMap((message) => message?.proofs ?? []);
  if (proofs.length === 0)
    throw new RangeError('Nobody can prove these messages: their server has said nothing of them.');
  await session.server.report({
    actorId: await session.people.actorIdOf(sender),
    category,
    comment,
    forward: false,
    messages: proofs.map(({ data, frank, acceptedAt }) => ({
      conversationId,
      acceptedAt,
      data: toBase64(data),
      salt: toBase64(saltOf(data)!),
      frank: toBase64(frank),
    })),
  });
}
