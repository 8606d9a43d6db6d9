/** Beginning conversations, writing in them, and keeping them in order. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ChatDeviceId } from '../../devices/device.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { readId } from '../../platform/ids.js';
import type { ChatMessageId, ConversationId } from '../conversation.js';
import { createConversation } from '../create-conversation.js';
import { createEncryptedConversation } from '../create-encrypted-conversation.js';
import { deleteChatMessage } from '../delete-chat-message.js';
import { sendChatMessage } from '../send-chat-message.js';
import { sendEncrypted } from '../at-the-hub.js';
import { updateConversation } from '../update-conversation.js';
import { chatMessageLoader, toChatMessageSource } from './chat-message.type.js';
import {
  AcknowledgeMessagesInput,
  AcknowledgeMessagesPayload,
  CreateConversationInput,
  CreateConversationPayload,
  DeleteChatMessageInput,
  DeleteChatMessagePayload,
  SendChatMessageInput,
  SendChatMessagePayload,
  UpdateConversationInput,
  UpdateConversationPayload,
} from './chat.input.js';
import { conversationLoader } from './conversation.type.js';
import { readConversation } from './read-chat-ids.js';

/** Sequences are stored in 32 bits. */
const GREATEST_SEQUENCE = 2n ** 31n - 1n;

@Resolver()
export class ChatMutations {
  @Mutation(() => CreateConversationPayload, {
    description:
      'Begin a conversation, or find the one that these people have. Nobody hears of it before somebody writes. An encrypted one begins at epoch 0 with one device, and its first commit lets the others in; of two who have one, it is ALREADY_EXISTS. Whoever has no device that could be let in is NO_CHAT_DEVICE; of people of other servers, as far as these have said it to claimKeyPackages. At most 60 in an hour, and with at most 60 people in a day who neither follow the viewer nor share a conversation with them. Codes: INVALID_INPUT, NOT_FOUND, BLOCKED, NO_CHAT_DEVICE, ALREADY_EXISTS, RATE_LIMITED.',
  })
  @RequiresScope('chat')
  createConversation(
    @Arg('input', () => CreateConversationInput, { description: 'Who shall take part.' })
    input: CreateConversationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const memberIds = input.memberIds.map((id, index) =>
          readId('actor', id, ['memberIds', String(index)]),
        );
        return input.encryption === 'NONE'
          ? createConversation(context, memberIds)
          : createEncryptedConversation(context, { memberIds, ...groupOf(input) });
      },
      (id) => presentConversation(context, id),
    );
  }

  @Mutation(() => SendChatMessagePayload, {
    description:
      'Write in a conversation. Whoever writes has read it and accepts it. At most 5 messages before anybody accepts a request or answers, and 1,200 in an hour; encrypted ones, 60 at once and from then on one in a second (CHAT_MESSAGE_BURST, CHAT_MESSAGES_PER_SECOND). What is encrypted may be of the present epoch or of one of the two before. Codes: NOT_FOUND, INVALID_INPUT, FORBIDDEN, LIMIT_EXCEEDED, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED, EPOCH_TOO_OLD, MLS_MISMATCH, HUB_UNREACHABLE.',
  })
  @RequiresScope('chat')
  sendChatMessage(
    @Arg('input', () => SendChatMessageInput, { description: 'What to write, and where.' })
    input: SendChatMessageInput,
    @Ctx() context: GraphQLContext,
  ) {
    const { clientMessageId, content } = input;
    return answer(
      context,
      async () => {
        const place = { conversationId: readConversation(input), clientMessageId };
        if (!content.mls) {
          const id = await sendChatMessage(context, { ...place, text: content.plaintext! });
          return { id, row: null };
        }
        const { deviceId, data } = content.mls;
        const path = ['content', 'mls', 'deviceId'];
        const device: ChatDeviceId = readId('chatdevice', deviceId, path);
        return sendEncrypted(context, { ...place, deviceId: device, data });
      },
      ({ id, row }) => (row ? { message: toChatMessageSource(row) } : presentMessage(context, id)),
    );
  }

  @Mutation(() => DeleteChatMessagePayload, {
    description:
      'Delete an own message for everybody; its place is left. A repeat changes nothing. Codes: NOT_FOUND.',
  })
  @RequiresScope('chat')
  deleteChatMessage(
    @Arg('input', () => DeleteChatMessageInput, { description: 'What to delete.' })
    input: DeleteChatMessageInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id: ChatMessageId = readId('chatmessage', input.messageId, ['messageId']);
        await deleteChatMessage(context, id);
        return id;
      },
      (id) => presentMessage(context, id),
    );
  }

  @Mutation(() => UpdateConversationPayload, {
    description:
      'Mute, put away, or accept a conversation, for the viewer alone. A repeat changes nothing. Codes: NOT_FOUND.',
  })
  @RequiresScope('chat')
  updateConversation(
    @Arg('input', () => UpdateConversationInput, { description: 'What to change.' })
    input: UpdateConversationInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readConversation(input);
        await updateConversation(context, id, {
          ...(input.muted != null && { isMuted: input.muted }),
          ...(input.archived != null && { isArchived: input.archived }),
          ...(input.acceptRequest === true && { isAccepted: true }),
        });
        return id;
      },
      (id) => presentConversation(context, id),
    );
  }

  @Mutation(() => AcknowledgeMessagesPayload, {
    description:
      'Say how far the viewer has read. Their other devices hear of it, the others who take part do not. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('chat')
  acknowledgeMessages(
    @Arg('input', () => AcknowledgeMessagesInput, { description: 'How far.' })
    input: AcknowledgeMessagesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const id = readConversation(input);
        const readSequence = readSequenceOf(input.upToSequence);
        await updateConversation(context, id, { readSequence });
        return id;
      },
      (id) => presentConversation(context, id),
    );
  }
}

function groupOf({ isGroup, mlsGroupId, deviceId }: CreateConversationInput) {
  if (!mlsGroupId)
    throw new Invalid('An encrypted conversation needs a group.', ['mlsGroupId'], 'REQUIRED');
  const id: ChatDeviceId = readId('chatdevice', deviceId ?? '', ['deviceId']);
  return { isGroup: isGroup === true, mlsGroupId, deviceId: id };
}

function readSequenceOf(sequence: bigint): number {
  if (sequence < 0n || sequence > GREATEST_SEQUENCE) {
    const limit = String(GREATEST_SEQUENCE);
    throw new Invalid(`From 0 to ${limit}.`, ['upToSequence'], 'RANGE', `0..${limit}`);
  }
  return Number(sequence);
}

async function presentConversation(context: GraphQLContext, id: ConversationId) {
  return { conversation: await load(context, conversationLoader, id) };
}

async function presentMessage(context: GraphQLContext, id: ChatMessageId) {
  return { message: await load(context, chatMessageLoader, id) };
}
