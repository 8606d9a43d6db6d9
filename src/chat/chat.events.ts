/** Facts about conversations. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { defineEvent } from '../platform/journal/event.js';
import type { ChatMessageId, ConversationId } from './conversation.js';

/** What happened to a message. */
export interface MessageFact {
  readonly conversationId: ConversationId;
  readonly messageId: ChatMessageId;
  readonly senderId: ActorId;
  /** People of this server who take part. */
  readonly memberIds: readonly ActorId[];
}

/** Live topic of somebody's conversations. */
export function chatTopic(actorId: ActorId): string {
  return `chat:${actorId}`;
}

const ofMembers = ({ memberIds }: MessageFact): string[] => memberIds.map((id) => chatTopic(id));

/** Somebody wrote. */
export const chatMessageSent = defineEvent<MessageFact>('chatMessageSent', ofMembers);

/** As `MessageFact`, of something encrypted. */
export interface EnvelopeFact extends MessageFact {
  /** Somebody here sent it, and no hub orders the conversation: each person of other servers is told by themselves. */
  readonly isToldToEach: boolean;
}

/** Something encrypted has its place in a conversation: `memberIds` are those who have devices in it. */
export const chatEnvelopeAccepted = defineEvent<EnvelopeFact>('chatEnvelopeAccepted', ofMembers);

/** The group of an encrypted conversation, or what is agreed in it, is another one. */
export const groupChanged = defineEvent<Pick<MessageFact, 'conversationId' | 'memberIds'>>(
  'groupChanged',
  ({ memberIds }) => memberIds.map((id) => chatTopic(id)),
);

/** The hub of a mirrored conversation has something that is not here yet, or that is not known for sure. */
export const mirrorBehind = defineEvent<{ readonly conversationId: ConversationId }>(
  'mirrorBehind',
);

/** A hub lets somebody of this server into a conversation that is not known here. */
export const conversationOffered = defineEvent<{
  readonly uri: string;
  /** Where its Welcome stands. */
  readonly sequence: number;
}>('conversationOffered');

/** The hub of a mirrored conversation is to be told something. */
export const hubErrandDue = defineEvent<{ readonly conversationId: ConversationId }>(
  'hubErrandDue',
);
/** Servers of other people in an encrypted conversation of this server have something to be told. */
export const serversBehind = defineEvent<{
  readonly conversationId: ConversationId;
  /** Besides messages: who is in, what is agreed, or the group itself. */
  readonly isStateNew: boolean;
}>('serversBehind');

/** Name of what passes in an encrypted conversation: it is told to who listens, and kept nowhere. */
export const CHAT_SIGNAL = 'chatSignal';

/** Something that passes. */
export interface SignalNotice {
  readonly conversationId: ConversationId;
  readonly senderDeviceId: ChatDeviceId;
  /** Encrypted bytes in base64. */
  readonly payload: string;
}

/** The sender changed a message. */
export const chatMessageEdited = defineEvent<MessageFact>('chatMessageEdited', ofMembers);

/** The sender deleted a message. */
export const chatMessageDeleted = defineEvent<MessageFact>('chatMessageDeleted', ofMembers);

/** Somebody read, muted, archived or accepted a conversation: for their other devices. */
export const conversationUpdated = defineEvent<{
  readonly conversationId: ConversationId;
  readonly actorId: ActorId;
}>('conversationUpdated', ({ actorId }) => [chatTopic(actorId)]);
