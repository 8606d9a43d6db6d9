/** What is asked of who gives encrypted messages their places, many at once, and what becomes of each. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { arrayText } from '../../platform/db/array-text.js';
import type { AskedValue } from '../../platform/db/pipelined-transaction.js';
import { statement } from '../../platform/db/database.js';
import type { ChatEncryption, ChatMessageId, ConversationId } from '../conversation.js';
import type { MessageRate } from './message-rate.js';
import { PLACING } from './placing-routine.js';

/** A message for a place. Bytes are in base64. */
export interface Placing {
  readonly id: ChatMessageId;
  readonly conversationId: ConversationId;
  readonly senderId: ActorId;
  readonly deviceId: ChatDeviceId;
  readonly clientMessageId: string;
  readonly kind: 'APPLICATION' | 'PROPOSAL';
  readonly epoch: number;
  readonly groupId: string;
  readonly uri: string;
  readonly sentAt: Date;
  /** For its bytes, and so for itself. */
  readonly isCounted: boolean;
  readonly data: string;
  /** Null for what is not for reading. */
  readonly frank: string | null;
}

/** What becomes of it; the first that is true. */
export type Verdict =
  /** Its sender was too fast. */
  | 'TOO_FAST'
  /** Another server orders the conversation. */
  | 'MIRRORED'
  /** The device is not the sender's, or was revoked. */
  | 'NO_DEVICE'
  /** There is no such conversation, or the sender does not see it. */
  | 'NOT_FOUND'
  /** Somebody else is just changing the conversation. */
  | 'BUSY'
  /** The conversation is not encrypted. */
  | 'OTHER_PROTECTION'
  /** Nobody else is there any more. */
  | 'NOBODY_ELSE'
  /** It is the sixth of a request. */
  | 'NOT_ACCEPTED'
  /** It has its place since the last time. */
  | 'EARLIER'
  /** Its client id names a message of another conversation. */
  | 'ID_USED'
  | 'OTHER_GROUP'
  | 'EPOCH_AHEAD'
  | 'EPOCH_OVER'
  /** The device gets nothing of this group. */
  | 'NOT_IN_GROUP'
  /** Servers of others are to be told, too. */
  | 'FOR_OTHERS'
  | 'PLACED';

/** What became of it. */
export interface Placed {
  readonly place: number;
  readonly verdict: Verdict;
  /** Of what was stored under its client id before; null when it is new. */
  readonly earlierId: ChatMessageId | null;
  readonly encryption: ChatEncryption;
  readonly currentEpoch: number;
  /** Null unless it was placed. */
  readonly sequence: number | null;
  readonly expiresAt: Date | null;
  /** People of this server who have it now; null unless it was placed alone. */
  readonly audience: readonly ActorId[] | null;
  /** Servers of others are to be told. */
  readonly isOutside: boolean;
  /** No hub orders the conversation. */
  readonly hasNoHub: boolean;
}

/** Calls the routine, which has to be installed; values as {@link valuesFor} makes them. */
export const PLACE = statement(
  'chat_messages.place',
  `select * from ${PLACING.name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
);

/**
 * What the routine is given.
 *
 * @param all at most one of each conversation
 * @param rate null for one that was counted, waits for whoever changes the conversation, and may be for other servers
 */
export function valuesFor(
  all: readonly Placing[],
  now: Date,
  rate: MessageRate | null,
): AskedValue[] {
  const each = <Key extends keyof Placing>(key: Key): string =>
    arrayText(all.map((placing) => placing[key]));
  const { perSecond, atOnce, burstSeconds } = rate ?? { perSecond: 0, atOnce: 0, burstSeconds: 0 };
  const who = [each('conversationId'), each('senderId'), each('deviceId'), each('clientMessageId')];
  const what = [each('kind'), each('epoch'), each('groupId'), each('uri'), each('sentAt')];
  const bytes = [each('data'), each('frank'), each('isCounted')];
  return [
    each('id'),
    now,
    ...who,
    ...what,
    ...bytes,
    rate === null,
    perSecond,
    atOnce,
    burstSeconds,
  ];
}
