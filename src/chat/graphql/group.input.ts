/** Inputs and answers of the mutations about groups: leaving, beginning anew, terms, turns and signals. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { ConversationType, type ConversationSource } from './conversation.type.js';

@InputType('LeaveConversationInput', { description: 'What to leave.' })
export class LeaveConversationInput {
  @Field(() => ID, { description: 'An encrypted conversation.' })
  conversationId!: string;
}

@ObjectType('LeaveConversationPayload', {
  description: 'Result of leaveConversation.',
})
export class LeaveConversationPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description:
      'The conversation that was left, which the viewer does not see any more; null when refused.',
  })
  conversationId!: string | null;
}

@InputType('ResetConversationInput', { description: 'A new group in place of the old one.' })
export class ResetConversationInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => ID, {
    description: "The viewer's device that has made the group and is alone in it.",
  })
  deviceId!: string;

  @Field(() => Base64BytesScalar, { description: 'Id of the new MLS group, 16–64 random bytes.' })
  mlsGroupId!: Buffer;
}

@ObjectType('ResetConversationPayload', {
  description: 'Result of resetConversation.',
})
export class ResetConversationPayload extends Payload {
  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation at epoch 0; null when refused.',
  })
  conversation!: ConversationSource | null;
}

@InputType('SetDisappearingMessagesInput', { description: 'How long messages last.' })
export class SetDisappearingMessagesInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds from 10 to 31,536,000, for what is sent from now on; null = no term.',
  })
  seconds?: number | null;
}

@ObjectType('SetDisappearingMessagesPayload', {
  description: 'Result of setDisappearingMessages.',
})
export class SetDisappearingMessagesPayload extends Payload {
  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation; null when refused.',
  })
  conversation!: ConversationSource | null;
}

@InputType('RequestCommitLeaseInput', { description: 'Who wants to commit.' })
export class RequestCommitLeaseInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => ID, { description: "The viewer's device." })
  deviceId!: string;
}

@ObjectType('CommitLease', {
  description: 'Whose turn it is to commit: a courtesy, which the server does not enforce.',
  simpleResolvers: true,
})
export class CommitLeaseType {
  @Field(() => Boolean, { description: "It is this device's turn." })
  isHeld!: boolean;

  @Field(() => DateTimeScalar, {
    description: 'The end of the turn; otherwise when to ask again, to stay in line.',
  })
  until!: Date;
}

@ObjectType('RequestCommitLeasePayload', {
  description: 'Result of requestCommitLease.',
})
export class RequestCommitLeasePayload extends Payload {
  @Field(() => CommitLeaseType, { nullable: true, description: 'The turn; null when refused.' })
  lease!: CommitLeaseType | null;
}

@InputType('SendChatSignalInput', { description: 'Something that passes.' })
export class SendChatSignalInput {
  @Field(() => ID, { description: 'The conversation.' })
  conversationId!: string;

  @Field(() => ID, { description: "The viewer's device." })
  deviceId!: string;

  @Field(() => Base64BytesScalar, {
    description: 'At most 1 KiB, encrypted by the device with a key of the group.',
  })
  payload!: Buffer;
}

@ObjectType('SendChatSignalPayload', {
  description: 'Result of sendChatSignal.',
})
export class SendChatSignalPayload extends Payload {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True when it was passed on to who listens; null when refused.',
  })
  isSent!: boolean | null;
}
