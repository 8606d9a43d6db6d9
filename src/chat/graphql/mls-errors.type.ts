/** Refusals of encrypted messages as the API shows them. */
import { Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { ListSize } from '../../platform/graphql/directives.js';
import { Base64BytesScalar } from '../../platform/graphql/scalars.js';
import { UserError } from '../../platform/graphql/user-error.js';
import { toGlobalId } from '../../platform/ids.js';
import type { ChatMessageRow, ConversationId } from '../conversation.js';
import { MISSED_COMMITS } from '../mls.errors.js';
import {
  ChatMessageType,
  toChatMessageSource,
  type ChatMessageSource,
} from './chat-message.type.js';

@ObjectType('StaleEpochError', {
  implements: UserError,
  description:
    'Another commit was accepted first. Process `missedCommits`, or the mailbox, up to `currentEpoch`, then commit anew.',
})
export class StaleEpochErrorType extends UserError {
  @Field(() => Int, { description: 'The present epoch.' })
  currentEpoch!: number;
}

@ObjectType('EpochError', {
  implements: UserError,
  description: 'A message does not fit the present epoch or the group.',
})
export class EpochErrorType extends UserError {
  @Field(() => Int, { description: 'The present epoch.' })
  currentEpoch!: number;
}

@ObjectType('WelcomeError', {
  implements: UserError,
  description: 'A Welcome does not let in whom the commit adds.',
})
export class WelcomeErrorType extends UserError {
  @Field(() => [Base64BytesScalar], {
    description:
      '`KeyPackageRef`s that are not known or used up: claim anew for these devices. Empty where a person has no Welcome.',
  })
  refs!: readonly Buffer[];
}

@ObjectType('ConversationExistsError', {
  implements: UserError,
  description: 'There is such a conversation already.',
})
export class ConversationExistsErrorType extends UserError {}

@ObjectType('HubUnreachableError', {
  implements: UserError,
  description:
    'Another server orders the conversation, and does not answer. Send the same again later, with the same `clientMessageId`: it is stored once.',
})
export class HubUnreachableErrorType extends UserError {
  @Field({ description: 'Host of that server.' })
  hub!: string;
}

interface StaleSource {
  readonly missedCommits: readonly ChatMessageRow[];
}

@Resolver(() => StaleEpochErrorType)
export class StaleEpochErrorFields {
  @FieldResolver(() => [ChatMessageType], {
    description: `Commits that the device may have, from the epoch of the refused one on, the oldest first; at most ${MISSED_COMMITS}.`,
  })
  @ListSize({ assumedSize: MISSED_COMMITS })
  missedCommits(@Root() { missedCommits }: StaleSource): ChatMessageSource[] {
    return missedCommits.map(toChatMessageSource);
  }
}

@Resolver(() => ConversationExistsErrorType)
export class ConversationExistsErrorFields {
  @FieldResolver(() => ID, {
    nullable: true,
    description:
      'The conversation of the two; null when it is not one that the viewer takes part in.',
  })
  conversationId(
    @Root() { conversationId }: { readonly conversationId: ConversationId | null },
  ): string | null {
    return conversationId && toGlobalId('conversation', conversationId);
  }
}
