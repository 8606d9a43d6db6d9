/** What payloads do to the messages of a conversation. Pure but for the transaction. */
import type { Transaction } from '../store/store.js';
import { putEarly, takeEarly } from './early.js';
import { putClaim } from './gossip.js';
import { putNotice } from './notices.js';
import type { Proof } from './franking.js';
import type { Payload } from './payload.js';
import { TABLES, type ChatNews, type StoredConversation, type StoredMessage } from './records.js';
import { agree, timerOf, type Timer } from './timers.js';

/** Where a payload came from: the leaf says who, the server says where and when. */
export interface Origin {
  readonly conversationId: string;
  readonly sender: string;
  readonly sequence: string | null;
  readonly sentAt: string;
  /** With which it can be reported; absent or null = nobody can. */
  readonly proof?: Proof | null;
  /** How long it says that it lasts; absent or null = as the conversation has agreed. */
  readonly timer?: Timer | null;
}

/** Versions of a message that can be reported: the last ones. */
const MOST_PROOFS = 5;

/** Name of a message in its table. */
export const messageKey = (conversationId: string, id: string): string => `${conversationId} ${id}`;

/** Stores what a payload says. */
export function applyPayload(tx: Transaction, origin: Origin, payload: Payload): ChatNews[] {
  const { timer } = origin;
  const agreed = timer && payload.kind !== 'timer' ? agree(tx, origin, timer) : [];
  if (isEarly(tx, origin, payload)) putEarly(tx, origin, payload, endOf(tx, origin));
  return [...agreed, ...carryOut(tx, origin, payload)];
}

/** Whether it is about a message that has not come. */
function isEarly(tx: Transaction, { conversationId }: Origin, payload: Payload): boolean {
  const { kind } = payload;
  return (
    (kind === 'vote' || kind === 'reaction' || kind === 'edit' || kind === 'delete') &&
    !tx.get(TABLES.messages, messageKey(conversationId, payload.target))
  );
}

function carryOut(tx: Transaction, origin: Origin, payload: Payload): ChatNews[] {
  switch (payload.kind) {
    case 'edit':
      return change(tx, origin, payload.target, (message) =>
        message.sender === origin.sender && message.content?.kind === 'text'
          ? {
              content: { ...message.content, html: payload.html },
              editedAt: origin.sentAt,
              proofs: [...message.proofs, ...proofsOf(origin)].slice(-MOST_PROOFS),
            }
          : null,
      );
    case 'delete':
      return change(tx, origin, payload.target, (message) =>
        message.sender === origin.sender ? { content: null, reactions: [], votes: {} } : null,
      );
    case 'reaction':
      return change(tx, origin, payload.target, ({ reactions }) => ({
        reactions: [
          ...reactions.filter(
            ({ sender, emoji }) => sender !== origin.sender || emoji !== payload.emoji,
          ),
          { id: payload.id, sender: origin.sender, emoji: payload.emoji },
        ].slice(-1000),
      }));
    case 'undo':
      return undo(tx, origin, payload.target);
    case 'receipt':
      return payload.targets.flatMap((target) =>
        change(tx, origin, target, (message) => receipt(message, origin.sender, payload.state)),
      );
    case 'vote':
      return change(tx, origin, payload.target, ({ content, votes }) =>
        content?.kind === 'poll' && !isOver(content, origin.sentAt)
          ? { votes: { ...votes, [origin.sender]: allowed(content, payload.options) } }
          : null,
      );
    case 'timer':
      return agree(tx, origin, { seconds: payload.seconds, version: versionOf(tx, origin) });
    case 'title':
      return configure(tx, origin, { title: payload.title });
    case 'picture':
      return configure(tx, origin, { picture: payload.file });
    case 'leave': {
      const noticed = { kind: 'left', identity: origin.sender } as const;
      // The own word counts once the others can hear it.
      return origin.sequence === null
        ? []
        : putNotice(tx, origin.conversationId, origin.sentAt, noticed);
    }
    case 'keyLogHead': {
      const { server, rootHash, treeSize } = payload;
      const size = Number(treeSize);
      const heardAt = origin.sentAt;
      putClaim(tx, { from: origin.sender, server, size, root: rootHash, heardAt });
      return [];
    }
    default:
      return add(tx, origin, payload);
  }
}

function add(tx: Transaction, origin: Origin, content: Payload): ChatNews[] {
  const key = messageKey(origin.conversationId, content.id);
  const known = tx.get<StoredMessage>(TABLES.messages, key);
  // Nobody takes the id of another's message; the own one comes a second time, with its place.
  if (known && (known.sender !== origin.sender || known.sequence !== null)) return [];
  const { proof: _proof, timer: _timer, ...place } = origin;
  const { conversationId } = origin;
  const message: StoredMessage = {
    proofs: proofsOf(origin),
    reactions: [],
    votes: {},
    deliveredTo: [],
    readBy: [],
    editedAt: null,
    failure: null,
    ...known,
    ...place,
    id: content.id,
    content: known ? known.content : content,
    // Its time begins once it is sent.
    expiresAt: origin.sequence === null ? null : endOf(tx, origin),
  };
  tx.put(TABLES.messages, key, message);
  for (const early of takeEarly(tx, conversationId, content.id)) carryOut(tx, early, early.payload);
  const now = tx.get<StoredMessage>(TABLES.messages, key)!;
  return [{ kind: known ? 'changed' : 'message', message: now }];
}

const proofsOf = ({ proof }: Origin): readonly Proof[] => (proof ? [proof] : []);

/** Of a change that does not say how many there were before. */
function versionOf(tx: Transaction, { conversationId, timer }: Origin): number {
  const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
  return timer?.version ?? (conversation ? timerOf(conversation).version + 1 : 1);
}

/** When something goes; null = it stays. */
export function endOf(
  tx: Transaction,
  { conversationId, sentAt, timer }: Pick<Origin, 'conversationId' | 'sentAt' | 'timer'>,
): string | null {
  const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
  const seconds = timer ? timer.seconds : (conversation?.timerSeconds ?? null);
  return seconds === null ? null : new Date(Date.parse(sentAt) + seconds * 1000).toISOString();
}

function change(
  tx: Transaction,
  { conversationId }: Origin,
  id: string,
  by: (message: StoredMessage) => Partial<StoredMessage> | null,
): ChatNews[] {
  const key = messageKey(conversationId, id);
  const known = tx.get<StoredMessage>(TABLES.messages, key);
  const changes = known && known.content !== null && by(known);
  if (!known || !changes) return [];
  const message = { ...known, ...changes };
  tx.put(TABLES.messages, key, message);
  return [{ kind: 'changed', message }];
}

function undo(tx: Transaction, origin: Origin, reactionId: string): ChatNews[] {
  const owner = tx
    .all<StoredMessage>(TABLES.messages)
    .find(
      ({ conversationId, reactions }) =>
        conversationId === origin.conversationId &&
        reactions.some(({ id, sender }) => id === reactionId && sender === origin.sender),
    );
  if (!owner) return [];
  return change(tx, origin, owner.id, ({ reactions }) => ({
    reactions: reactions.filter(({ id }) => id !== reactionId),
  }));
}

function receipt(
  message: StoredMessage,
  from: string,
  state: 'delivered' | 'read',
): Partial<StoredMessage> | null {
  const field = state === 'read' ? 'readBy' : 'deliveredTo';
  if (from === message.sender || message[field].includes(from)) return null;
  return { [field]: [...message[field], from] };
}

const allowed = (
  poll: Extract<Payload, { kind: 'poll' }>,
  chosen: readonly string[],
): readonly string[] =>
  poll.options
    .filter((option) => chosen.includes(option))
    .slice(0, poll.isMultiple ? undefined : 1);

/** Whether a poll took no votes any more at a time. */
export const isOver = ({ endsAt }: Extract<Payload, { kind: 'poll' }>, at: string): boolean =>
  endsAt !== null && Date.parse(endsAt) <= Date.parse(at);

function configure(
  tx: Transaction,
  { conversationId }: Origin,
  changes: Partial<StoredConversation>,
): ChatNews[] {
  const conversation = tx.get<StoredConversation>(TABLES.conversations, conversationId);
  if (!conversation) return [];
  tx.put(TABLES.conversations, conversationId, { ...conversation, ...changes });
  return [{ kind: 'conversation', conversationId }];
}
