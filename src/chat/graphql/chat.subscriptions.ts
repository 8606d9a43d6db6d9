/** Conversations, live. */
import { Arg, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import type { PulledSource } from '../../platform/realtime/pulled-source.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { everybody, LiveSource, type LiveFilter } from '../../platform/realtime/live-source.js';
import { toGlobalId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { chatTopic } from '../chat.events.js';
import {
  chatMessageLoader,
  ChatMessageType,
  toChatMessageSource,
  type ChatMessageSource,
} from './chat-message.type.js';
import { ChatSignalType, toChatSignal } from './chat-signal.type.js';
import { deviceSource, type DeviceEvent } from '../device-events.js';
import { readDevice } from './read-chat-ids.js';
import {
  conversationLoader,
  ConversationType,
  type ConversationSource,
} from './conversation.type.js';

/** The topic belongs to the viewer alone. */
const filter: LiveFilter = { isWanted: () => true, admit: everybody };

@ObjectType('ChatEvent', {
  description:
    "Something was written, changed or deleted in one of the viewer's conversations, or the viewer did something with one on another device.",
  simpleResolvers: true,
})
export class ChatEventType {
  @Field(() => String, {
    description:
      'Opaque position; `after: cursor` continues behind this event. With a device it is the position of the last entry of its mailbox.',
  })
  cursor!: string;

  @Field(() => ChatMessageType, {
    nullable: true,
    description:
      'The message as it is now; null when it is about the conversation, a signal, or when the viewer does not see it.',
  })
  message!: ChatMessageSource | null;

  @Field(() => ID, {
    description:
      'Which conversation it is about: also one that the viewer, on this or another device, has just left, or does not see any more.',
  })
  conversationId!: string;

  @Field(() => ConversationType, {
    nullable: true,
    description:
      'The conversation as it is now; null when the viewer does not see it any more, for example because they have left it on another device.',
  })
  conversation!: ConversationSource | null;

  @Field(() => ChatSignalType, {
    nullable: true,
    description: 'Something that passes, for a device only; null = it is about what stays.',
  })
  signal!: ChatSignalType | null;
}

@Resolver()
export class ChatSubscriptions {
  @Subscription(() => ChatEventType, {
    description:
      "What happens in the viewer's conversations. Nobody else ever gets these events. For a device: first what is in its mailbox behind `after`, then what comes, each entry once and in order, however long it was away; signals, and what is not encrypted, come only live. It ends with an error when the device is revoked.",
    subscribe: ({ args, context }) => sourceOf(args as ChatEventsArgs, context as GraphQLContext),
  })
  @RequiresScope('chat')
  async chatEvents(
    @Root() event: LiveEvent | DeviceEvent,
    @Arg('deviceId', () => ID, {
      nullable: true,
      description: "One of the viewer's devices; null = of all conversations, with a replay.",
    })
    _deviceId: string | null | undefined,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: without a device it replays up to 15 minutes and 1,000 events, else INVALID_CURSOR. Null = from now on, and for a device behind what it has acknowledged.',
    })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatEventType> {
    const { cursor } = event;
    const { messageId, conversationId, message, signal }: Omit<DeviceEvent, 'cursor'> =
      'payload' in event ? event.payload : event;
    return {
      cursor,
      message: message
        ? toChatMessageSource(message)
        : messageId
          ? await load(context, chatMessageLoader, messageId)
          : null,
      conversationId: toGlobalId('conversation', conversationId!),
      conversation: await load(context, conversationLoader, conversationId!),
      signal: signal ? toChatSignal(signal) : null,
    };
  }
}

interface ChatEventsArgs {
  readonly deviceId?: string | null;
  readonly after?: string | null;
}

function sourceOf(
  { deviceId, after = null }: ChatEventsArgs,
  context: GraphQLContext,
): LiveSource | Promise<PulledSource> {
  const viewer = requireViewer(context);
  if (deviceId == null) return new LiveSource(filter, [chatTopic(viewer.actorId)], after);
  const listener = { database: context.database, viewer, deviceId: readDevice({ deviceId }) };
  return deviceSource(listener, after);
}
