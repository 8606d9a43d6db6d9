/** A mailbox as the API shows it. */
import { Field, ObjectType } from 'type-graphql';
import { BigIntScalar } from '../../platform/graphql/scalars.js';
import { ChatMessageType, type ChatMessageSource } from './chat-message.type.js';

@ObjectType('MailboxEntry', {
  description: "One place of the viewer's mailbox.",
  simpleResolvers: true,
})
export class MailboxEntryType {
  @Field(() => BigIntScalar, { description: 'Its place: 1, 2, 3, without gaps.' })
  position!: bigint;

  @Field(() => ChatMessageType, {
    nullable: true,
    description: 'What is there; null when it is not for this device.',
  })
  message!: ChatMessageSource | null;
}

@ObjectType('Mailbox', {
  description:
    "A part of the viewer's mailbox: everything encrypted that is for their devices, own messages too, in the one order in which it was accepted. What each device has acknowledged, and what is older than 30 days, is gone.",
  simpleResolvers: true,
})
export class MailboxType {
  @Field(() => [MailboxEntryType], { description: 'Entries, the oldest first.' })
  entries!: MailboxEntryType[];

  @Field(() => BigIntScalar, { description: 'The last place of all; 0 = nothing was there yet.' })
  headPosition!: bigint;

  @Field(() => Boolean, { description: 'There are more entries behind these.' })
  hasMore!: boolean;
}
