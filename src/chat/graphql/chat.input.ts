/** Inputs and answers of the mutations about conversations. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { OneOf } from '../../platform/graphql/directives.js';
import { Base64BytesScalar, BigIntScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { CHAT_ENCRYPTIONS, type ChatEncryption } from '../conversation.js';
import { ChatMessageType, type ChatMessageSource } from './chat-message.type.js';
import {
  ChatEncryptionEnum,
  ConversationType,
  type ConversationSource,
} from './conversation.type.js';

@InputType('CreateConversationInput', {
  description: 'Who shall take part, and how it is protected.',
})
export class CreateConversationInput {
  @Field(() => [ID], {
    description:
      'Everybody else, of this server and of others: 1 to 9 people. Encrypted, 1 between two and 1 to 249 in a group.',
  })
  memberIds!: string[];

  @Field(() => ChatEncryptionEnum, {
    description: `How it is protected. NONE: ${CHAT_ENCRYPTIONS.NONE} MLS: ${CHAT_ENCRYPTIONS.MLS}`,
  })
  encryption!: ChatEncryption;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'For an encrypted one: true = people can come and go. Null = false; in others it is whether there are more than two.',
  })
  isGroup?: boolean | null;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description: 'For an encrypted one, needed: the id of its MLS group, 16–64 random bytes.',
  })
  mlsGroupId?: Buffer | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "For an encrypted one, needed: the viewer's device that has made the group and is alone in it.",
  })
  deviceId?: string | null;
}

@ObjectType('CreateConversationPayload', {
  description: 'Result of createConversation.',
})
export class CreateConversationPayload extends Payload {
  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation of these people; null when refused.',
  })
  conversation!: ConversationSource | null;
}

@InputType('ChatCiphertextInput', { description: 'What a device has encrypted.' })
export class ChatCiphertextInput {
  @Field(() => ID, { description: "The viewer's device, which is in the group." })
  deviceId!: string;

  @Field(() => Base64BytesScalar, {
    description:
      'An MLSMessage of at most 256 KiB: a private message for the others to read, or a proposal.',
  })
  data!: Buffer;
}

@InputType('ChatMessageContent', {
  description: 'Exactly one kind of content: that of the conversation.',
})
@OneOf()
export class ChatMessageContent {
  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'Where nothing is encrypted: the text, 1–5,000 characters.',
  })
  plaintext?: string | null;

  @Field(() => ChatCiphertextInput, {
    nullable: true,
    description: 'In an encrypted conversation.',
  })
  mls?: ChatCiphertextInput | null;
}

@InputType('SendChatMessageInput', { description: 'What to write, and where.' })
export class SendChatMessageInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => String, {
    description:
      'Made by the client, 1–128 characters: sending twice stores once, and answers with what was stored. In another conversation it is IDEMPOTENCY_KEY_REUSED.',
  })
  clientMessageId!: string;

  @Field(() => ChatMessageContent, { description: 'What it says.' })
  content!: ChatMessageContent;
}

@ObjectType('SendChatMessagePayload', {
  description: 'Result of sendChatMessage.',
})
export class SendChatMessagePayload extends Payload {
  @Field(() => ChatMessageType, {
    nullable: true,
    description: 'The message; null when refused.',
  })
  message!: ChatMessageSource | null;
}

@InputType('DeleteChatMessageInput', { description: 'What to delete.' })
export class DeleteChatMessageInput {
  @Field(() => ID, { description: 'An own message.' })
  messageId!: string;
}

@ObjectType('DeleteChatMessagePayload', {
  description: 'Result of deleteChatMessage.',
})
export class DeleteChatMessagePayload extends Payload {
  @Field(() => ChatMessageType, {
    nullable: true,
    description: 'What is left of it: its place; null when refused.',
  })
  message!: ChatMessageSource | null;
}

@InputType('UpdateConversationInput', {
  description: 'What to change for the viewer alone; absent = as it is.',
})
export class UpdateConversationInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => Boolean, { nullable: true, description: 'Do not hear of it; null = as it is.' })
  muted?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Put it away; null = as it is.' })
  archived?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: it is no request any more. It cannot become one again.',
  })
  acceptRequest?: boolean | null;
}

@InputType('AcknowledgeMessagesInput', { description: 'How far the viewer has read.' })
export class AcknowledgeMessagesInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => BigIntScalar, {
    description: '`sequence` of the last message read. It never goes back.',
  })
  upToSequence!: bigint;
}

@ObjectType('UpdateConversationPayload', {
  description: 'Result of updateConversation.',
})
export class UpdateConversationPayload extends Payload {
  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation; null when refused.',
  })
  conversation!: ConversationSource | null;
}

@ObjectType('AcknowledgeMessagesPayload', {
  description: 'Result of acknowledgeMessages.',
})
export class AcknowledgeMessagesPayload extends Payload {
  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation; null when refused.',
  })
  conversation!: ConversationSource | null;
}
