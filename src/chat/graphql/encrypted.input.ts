/** Inputs and answers of the mutations about encrypted conversations. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Base64BytesScalar, BigIntScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { HANDSHAKE_BYTES } from '../conversation.js';
import { ChatMessageType, type ChatMessageSource } from './chat-message.type.js';
import { ConversationType, type ConversationSource } from './conversation.type.js';

const KIB = 1024;

@InputType('CommitConversationInput', {
  description: `A change of the group of an encrypted conversation, with all that belongs to it; each of the encrypted parts has at most ${HANDSHAKE_BYTES / KIB} KiB. What is declared of people and devices has to be what the commit does: the server cannot look inside, the others do.`,
})
export class CommitConversationInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => ID, { description: "The viewer's device that commits." })
  deviceId!: string;

  @Field(() => String, {
    description:
      'Made by the client, 1–128 characters: sending twice stores once, and answers with what was stored. In another conversation it is IDEMPOTENCY_KEY_REUSED.',
  })
  clientMessageId!: string;

  @Field(() => Int, { description: 'The epoch that it ends, in which it is encrypted.' })
  epoch!: number;

  @Field(() => Base64BytesScalar, {
    description:
      'The commit as an MLSMessage: a private or a public message. An external one lets in the device that sends it.',
  })
  commit!: Buffer;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description:
      'Welcome as an MLSMessage, for the devices of the key packages that it names; null = none is added.',
  })
  welcome?: Buffer | null;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description:
      'GroupInfo of the epoch that begins as an MLSMessage, for devices that lost their state; null = none can come back by themselves.',
  })
  groupInfo?: Buffer | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'People who come in; an admin of a group adds them. Null = nobody.',
  })
  addMemberIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'People who are sent away, with all their devices; an admin of a group does that. Null = nobody.',
  })
  removeMemberIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description:
      'Devices that it removes: own ones, those of `devicesToRemove`, and for an admin any. Null = none.',
  })
  removeDeviceIds?: string[] | null;
}

@ObjectType('CommitConversationPayload', {
  description: 'Result of commitConversation.',
})
export class CommitConversationPayload extends Payload {
  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation in its new epoch; null when refused.',
  })
  conversation!: ConversationSource | null;

  @Field(() => ChatMessageType, {
    nullable: true,
    description: 'The commit in its place; null when refused.',
  })
  message!: ChatMessageSource | null;
}

@InputType('AcknowledgeMailboxInput', { description: 'What a device has for good.' })
export class AcknowledgeMailboxInput {
  @Field(() => ID, { description: "The viewer's device." })
  deviceId!: string;

  @Field(() => BigIntScalar, {
    description:
      '`position` of the last entry that it has stored for good. It never goes back, and not beyond the last entry.',
  })
  upToPosition!: bigint;
}

@ObjectType('AcknowledgeMailboxPayload', {
  description: 'Result of acknowledgeMailbox.',
})
export class AcknowledgeMailboxPayload extends Payload {
  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Up to where the device has everything; null when refused.',
  })
  position!: bigint | null;
}
