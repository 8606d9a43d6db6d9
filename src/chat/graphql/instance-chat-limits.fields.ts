/** What a client must keep within in conversations. */
import { FieldResolver, Int, Resolver } from 'type-graphql';
import { InstanceLimitsType } from '../../accounts/graphql/instance.type.js';
import { MESSAGE_LENGTH, MOST_MEMBERS } from '../conversation.js';

@Resolver(() => InstanceLimitsType)
export class InstanceChatLimitsFields {
  @FieldResolver(() => Int, { description: 'Longest message of a conversation, in characters.' })
  chatMessageLength(): number {
    return MESSAGE_LENGTH;
  }

  @FieldResolver(() => Int, {
    description: 'Most people in a conversation, the viewer among them.',
  })
  chatMembers(): number {
    return MOST_MEMBERS;
  }
}
