/** Conversations, live. */
import { Arg, Ctx, Field, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { everybody, LiveSource, type LiveFilter } from '../../platform/realtime/live-source.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { chatTopic, type MessageFact } from '../chat.events.js';
import { chatMessageLoader, ChatMessageType, type ChatMessageSource } from './chat-message.type.js';
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
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  cursor!: string;

  @Field(() => ChatMessageType, {
    nullable: true,
    description:
      'The message as it is now; null when it is about the conversation, or when the viewer does not see it.',
  })
  message!: ChatMessageSource | null;

  @Field(() => ConversationType, {
    nullable: true,
    description: 'The conversation as it is now; null when the viewer does not see it any more.',
  })
  conversation!: ConversationSource | null;
}

@Resolver()
export class ChatSubscriptions {
  @Subscription(() => ChatEventType, {
    description: "What happens in the viewer's conversations. Nobody else ever gets these events.",
    subscribe: ({ args, context }) => {
      const { actorId } = requireViewer(context as GraphQLContext);
      const { after } = args as { readonly after?: string | null };
      return new LiveSource(filter, [chatTopic(actorId)], after ?? null);
    },
  })
  @RequiresScope('chat')
  async chatEvents(
    @Root() { cursor, payload }: LiveEvent,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: replays up to 15 minutes and 1,000 events, else INVALID_CURSOR.',
    })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatEventType> {
    const { conversationId, messageId } = payload as Partial<MessageFact>;
    const [message, conversation] = await Promise.all([
      messageId ? load(context, chatMessageLoader, messageId) : null,
      load(context, conversationLoader, conversationId!),
    ]);
    return { cursor, message, conversation };
  }
}
