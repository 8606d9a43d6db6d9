/** Changing encrypted groups, and keeping mailboxes. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { readId, type Id } from '../../platform/ids.js';
import { acknowledgeMailbox } from '../acknowledge-mailbox.js';
import { commitAnywhere } from '../at-the-hub.js';
import { chatMessageLoader } from './chat-message.type.js';
import { conversationLoader } from './conversation.type.js';
import {
  AcknowledgeMailboxInput,
  AcknowledgeMailboxPayload,
  CommitConversationInput,
  CommitConversationPayload,
} from './encrypted.input.js';
import { readConversation, readDevice } from './read-chat-ids.js';

@Resolver()
export class EncryptedChatMutations {
  @Mutation(() => CommitConversationPayload, {
    description:
      'Change the group of an encrypted conversation. Of several commits of one epoch the first is accepted; its Welcome goes out with it, and the others are told what they missed. At most 600 in an hour, and at most 60 strangers in a day, as with createConversation. Codes: NOT_FOUND, INVALID_INPUT, FORBIDDEN, BLOCKED, STALE_EPOCH, MLS_MISMATCH, MISSING_WELCOME, UNKNOWN_KEY_PACKAGE, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED, HUB_UNREACHABLE, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  commitConversation(
    @Arg('input', () => CommitConversationInput, { description: 'The change.' })
    input: CommitConversationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const conversationId = readConversation(input);
        const { clientMessageId, epoch, commit, welcome = null, groupInfo = null } = input;
        const messageId = await commitAnywhere(context, {
          conversationId,
          clientMessageId,
          epoch,
          commit,
          welcome,
          groupInfo,
          deviceId: readDevice(input),
          addMemberIds: readIds('actor', input.addMemberIds, 'addMemberIds'),
          removeMemberIds: readIds('actor', input.removeMemberIds, 'removeMemberIds'),
          removeDeviceIds: readIds('chatdevice', input.removeDeviceIds, 'removeDeviceIds'),
          strangePackages: [],
        });
        return { conversationId, messageId };
      },
      async ({ conversationId, messageId }) => ({
        conversation: await load(context, conversationLoader, conversationId),
        message: await load(context, chatMessageLoader, messageId),
      }),
    );
  }

  @Mutation(() => AcknowledgeMailboxPayload, {
    description:
      'Say what a device has stored for good: what all devices have, the server lets go. A repeat changes nothing. Codes: NOT_FOUND.',
  })
  @RequiresScope('chat')
  acknowledgeMailbox(
    @Arg('input', () => AcknowledgeMailboxInput, { description: 'How far.' })
    input: AcknowledgeMailboxInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => acknowledgeMailbox(context, readDevice(input), input.upToPosition),
      (position) => ({ position }),
    );
  }
}

/** The same one named twice is named once. */
function readIds<Kind extends string>(
  kind: Kind,
  ids: readonly string[] | null | undefined,
  field: string,
): Id<Kind>[] {
  return [
    ...new Set((ids ?? []).map((id, index) => readId<Kind>(kind, id, [field, String(index)]))),
  ];
}
