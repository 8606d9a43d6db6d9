/** Words and limits of conversations. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import type { Config } from '../platform/config.js';
import type { Id } from '../platform/ids.js';

/** Identity of a conversation. */
export type ConversationId = Id<'conversation'>;

/** Identity of a message. */
export type ChatMessageId = Id<'chatmessage'>;

/** How a conversation is protected. */
export const CHAT_ENCRYPTIONS = {
  NONE: 'Not encrypted: the servers of all who take part can read it.',
  MLS: 'Encrypted from device to device (RFC 9420): no server can read it.',
} as const;

/** One of the kinds of protection. */
export type ChatEncryption = keyof typeof CHAT_ENCRYPTIONS;

/** What a message carries. */
export const CHAT_MESSAGE_KINDS = {
  PLAINTEXT: 'Text that the servers of all who take part can read.',
  APPLICATION: 'Something encrypted for the devices of the conversation.',
  PROPOSAL: 'A change of the group that a commit may take up.',
  COMMIT: 'A change of the group: with it begins the next epoch.',
  WELCOME: 'What lets devices in, for these devices alone; it stands at the place of its commit.',
} as const;

/** One of the kinds. */
export type ChatMessageKind = keyof typeof CHAT_MESSAGE_KINDS;

/** What somebody may do in an encrypted group. */
export const CONVERSATION_ROLES = {
  ADMIN: 'Adds people and removes them. Of two, both are.',
  MEMBER: 'Writes, and adds and removes own devices.',
} as const;

/** One of the roles. */
export type ConversationRole = keyof typeof CONVERSATION_ROLES;

/** Identity of a conversation of this server towards others. */
export function conversationUriOf(
  { publicUrl }: Pick<Config, 'publicUrl'>,
  id: ConversationId,
): string {
  return `${publicUrl.origin}/conversations/${id}`;
}

/** Most people in a conversation, whoever begins it among them. */
export const MOST_MEMBERS = 10;

/** Most people in an encrypted one. */
export const MOST_ENCRYPTED_MEMBERS = 250;

/** Most devices in an encrypted one. */
export const MOST_DEVICES = 1000;

/** Bytes of an encrypted message or proposal. */
export const CIPHERTEXT_BYTES = 256 * 1024;

/** Bytes of a commit, of a Welcome and of a GroupInfo, each: room for a group of 1,000 devices. */
export const HANDSHAKE_BYTES = 512 * 1024;

/** Messages of this many epochs before the present one are accepted. */
export const LATE_EPOCHS = 2;

/** Characters of a message. */
export const MESSAGE_LENGTH = 5000;

/** Messages that somebody can send before anybody else accepts the conversation, or answers. */
export const MESSAGES_OF_REQUEST = 5;

/** Unread messages and conversations are counted up to here. */
export const MAX_UNREAD = 100;

/** A conversation as one who takes part sees it. */
export interface ConversationRow {
  readonly id: ConversationId;
  readonly encryption: ChatEncryption;
  /** Null when it is not encrypted, and so is what follows. */
  readonly mlsGroupId: Buffer | null;
  readonly epoch: number | null;
  /** Null also when messages stay. */
  readonly disappearingSeconds: number | null;
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
  readonly kind: ChatMessageKind;
  /** Null when it is not encrypted, and so is what follows. */
  readonly epoch: number | null;
  readonly senderDeviceId: ChatDeviceId | null;
  /** Null also when it was deleted. */
  readonly ciphertext: Buffer | null;
  /** What its server says of it, for who reports it; null also for what is not for reading. */
  readonly frank: Buffer | null;
  /** When it is taken away; null = not before everybody has it. */
  readonly expiresAt: Date | null;
  /** Sanitised HTML; empty when it was deleted, or is encrypted. */
  readonly contentHtml: string;
  /** What its sender typed here; null for everybody else, and when it came from another server. */
  readonly contentSource: string | null;
  readonly sentAt: Date;
  readonly editedAt: Date | null;
  readonly deletedAt: Date | null;
}
