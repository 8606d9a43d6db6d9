/** Leaving encrypted groups, beginning them anew, and what devices agree on. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import {
  leaveAnywhere,
  requestLeaseAnywhere,
  resetAnywhere,
  setTermAnywhere,
  signalAnywhere,
} from '../at-the-hub.js';
import type { ConversationId } from '../conversation.js';
import { conversationLoader } from './conversation.type.js';
import {
  LeaveConversationInput,
  LeaveConversationPayload,
  RequestCommitLeaseInput,
  RequestCommitLeasePayload,
  ResetConversationInput,
  ResetConversationPayload,
  SendChatSignalInput,
  SendChatSignalPayload,
  SetDisappearingMessagesInput,
  SetDisappearingMessagesPayload,
} from './group.input.js';
import { readConversation, readDevice } from './read-chat-ids.js';

@Resolver()
export class GroupMutations {
  @Mutation(() => LeaveConversationPayload, {
    description:
      'Leave an encrypted conversation, with all own devices: they get nothing more from now on, and the next commit of another one removes them from the group. Codes: NOT_FOUND.',
  })
  @RequiresScope('chat')
  leaveConversation(
    @Arg('input', () => LeaveConversationInput, { description: 'What to leave.' })
    input: LeaveConversationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => leaveAnywhere(context, readConversation(input)),
      () => ({ conversationId: input.conversationId }),
    );
  }

  @Mutation(() => ResetConversationPayload, {
    description:
      'Begin the group of an encrypted conversation anew, with one device, when the old one cannot go on; its first commit lets the others in. Who takes part stays. For admins. At most 10 in a day. Codes: NOT_FOUND, INVALID_INPUT, FORBIDDEN, ALREADY_EXISTS, HUB_UNREACHABLE, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  resetConversation(
    @Arg('input', () => ResetConversationInput, { description: 'The new group.' })
    input: ResetConversationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const conversationId = readConversation(input);
        const { mlsGroupId } = input;
        await resetAnywhere(context, {
          conversationId,
          mlsGroupId,
          deviceId: readDevice(input),
        });
        return conversationId;
      },
      (id) => present(context, id),
    );
  }

  @Mutation(() => SetDisappearingMessagesPayload, {
    description:
      'Set how long messages of an encrypted conversation last that are sent from now on: then the server lets them go, and apps are to do so, too. For admins. Codes: NOT_FOUND, INVALID_INPUT, FORBIDDEN, HUB_UNREACHABLE.',
  })
  @RequiresScope('chat')
  setDisappearingMessages(
    @Arg('input', () => SetDisappearingMessagesInput, { description: 'The term.' })
    input: SetDisappearingMessagesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readConversation(input);
        await setTermAnywhere(context, id, input.seconds ?? null);
        return id;
      },
      (id) => present(context, id),
    );
  }

  @Mutation(() => RequestCommitLeasePayload, {
    description:
      'Ask whose turn it is to commit, so that devices do not overtake each other for ever: turns last 1.5 seconds and are given in the order of asking. At most 1,200 in ten minutes. Codes: NOT_FOUND, FORBIDDEN, HUB_UNREACHABLE, RATE_LIMITED.',
  })
  @Cost(2)
  @RequiresScope('chat')
  requestCommitLease(
    @Arg('input', () => RequestCommitLeaseInput, { description: 'Who asks.' })
    input: RequestCommitLeaseInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => requestLeaseAnywhere(context, readConversation(input), readDevice(input)),
      (lease) => ({ lease }),
    );
  }

  @Mutation(() => SendChatSignalPayload, {
    description:
      'Tell the other devices of an encrypted conversation something that passes, as that somebody types: it is kept nowhere, and whoever does not listen never hears of it. At most 600 in ten minutes. Codes: NOT_FOUND, INVALID_INPUT, FORBIDDEN, HUB_UNREACHABLE, RATE_LIMITED.',
  })
  @Cost(2)
  @RequiresScope('chat')
  sendChatSignal(
    @Arg('input', () => SendChatSignalInput, { description: 'What passes.' })
    input: SendChatSignalInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () =>
        signalAnywhere(context, {
          conversationId: readConversation(input),
          deviceId: readDevice(input),
          payload: input.payload,
        }),
      () => ({ isSent: true }),
    );
  }
}

async function present(context: GraphQLContext, id: ConversationId) {
  return { conversation: await load(context, conversationLoader, id) };
}
