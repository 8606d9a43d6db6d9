/** Words and limits of conversations. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';

/** Identity of a conversation. */
export type ConversationId = Id<'conversation'>;

/** Identity of a message. */
export type ChatMessageId = Id<'chatmessage'>;

/** How a conversation is protected. */
export const CHAT_ENCRYPTIONS = {
  NONE: 'Not encrypted: the servers of all who take part can read it.',
} as const;

/** One of the kinds of protection. */
export type ChatEncryption = keyof typeof CHAT_ENCRYPTIONS;

/** Most people in a conversation, whoever begins it among them. */
export const MOST_MEMBERS = 10;

/** Characters of a message. */
export const MESSAGE_LENGTH = 5000;

/** Messages that somebody can send before anybody else accepts the conversation, or answers. */
export const MESSAGES_OF_REQUEST = 5;

/** Unread messages and conversations are counted up to here. */
export const MAX_UNREAD = 100;

/** A conversation as one who takes part sees it. */
export interface ConversationRow {
  readonly id: ConversationId;
  readonly isGroup: boolean;
  readonly createdAt: Date;
  /** When something was last written, or when it began. */
  readonly updatedAt: Date;
  readonly isRequest: boolean;
  readonly isMuted: boolean;
  readonly isArchived: boolean;
  readonly lastReadSequence: number;
  /** Sort key: UUIDv7 of the last message, or of the beginning. */
  readonly position: string;
}

/** A message as one who takes part sees it. */
export interface ChatMessageRow {
  readonly id: ChatMessageId;
  readonly conversationId: ConversationId;
  readonly sequence: number;
  readonly senderId: ActorId;
  /** Sanitised HTML; empty when it was deleted. */
  readonly contentHtml: string;
  /** What its sender typed here; null for everybody else, and when it came from another server. */
  readonly contentSource: string | null;
  readonly sentAt: Date;
  readonly editedAt: Date | null;
  readonly deletedAt: Date | null;
}
