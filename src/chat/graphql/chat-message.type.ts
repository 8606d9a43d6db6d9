/** A message as the API shows it. */
import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import {
  Base64BytesScalar,
  BigIntScalar,
  DateTimeScalar,
  HtmlScalar,
  MarkdownScalar,
} from '../../platform/graphql/scalars.js';
import { toGlobalId } from '../../platform/ids.js';
import {
  CHAT_MESSAGE_KINDS,
  type ChatMessageId,
  type ChatMessageKind,
  type ChatMessageRow,
} from '../conversation.js';
import { findMessages } from '../messages.queries.js';

/** A message as resolvers see it. */
export type ChatMessageSource = ChatMessageRow & NodeSource;

/** GraphQL enum of the kinds. */
export const ChatMessageKindEnum = describedEnum<ChatMessageKind>(
  'ChatMessageKind',
  'What a message carries.',
  CHAT_MESSAGE_KINDS,
);

@ObjectType('ChatMessage', {
  implements: [Node],
  description:
    'A message in a conversation. Only those who take part see it. In a group nobody behind a block with its sender sees it; what is encrypted they do get, as they could not read on without it, and apps do not show it.',
  simpleResolvers: true,
})
@RequiresScope('chat')
export class ChatMessageType {
  @Field(() => ChatMessageKindEnum, { description: 'What it carries.' })
  kind!: ChatMessageKind;

  @Field(() => Int, {
    nullable: true,
    description:
      'Epoch of the group in which it is encrypted, and for a Welcome the one that it lets in to; null when it is not encrypted.',
  })
  epoch!: number | null;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description:
      'The MLSMessage, byte for byte as it was sent; null when it is not encrypted, and when it was deleted.',
  })
  ciphertext!: Buffer | null;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description:
      'What the server of the conversation says of who sent it, where and when; to be kept, and given back with `report`. Null for what is not for reading.',
  })
  frank!: Buffer | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the server lets it go, whoever has it by then; null = when all devices have it, and after 30 days.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was sent, as its server says.' })
  sentAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its sender last changed it; null = never.',
  })
  editedAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its sender deleted it; null = it is there.',
  })
  deletedAt!: Date | null;
}

@Resolver(() => ChatMessageType)
export class ChatMessageFields {
  @FieldResolver(() => ID, { description: 'The conversation that it stands in.' })
  conversationId(@Root() { conversationId }: ChatMessageSource): string {
    return toGlobalId('conversation', conversationId);
  }

  @FieldResolver(() => BigIntScalar, {
    description:
      'Its place in the conversation: 1, 2, 3, without gaps but for what the viewer does not see. A Welcome has the place of its commit.',
  })
  sequence(@Root() { sequence }: ChatMessageSource): bigint {
    return BigInt(sequence);
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description:
      'The device that sent it, as it proved by being signed in; null when it is not encrypted.',
  })
  senderDeviceId(@Root() { senderDeviceId }: ChatMessageSource): string | null {
    return senderDeviceId && toGlobalId('chatdevice', senderDeviceId);
  }

  @FieldResolver(() => ActorType, { description: 'Who wrote it.' })
  async sender(
    @Root() { senderId }: ChatMessageSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, senderId))!;
  }

  @FieldResolver(() => HtmlScalar, {
    nullable: true,
    description: 'The text, safe to render; null when it was deleted, or is encrypted.',
  })
  plaintext(@Root() { kind, contentHtml, deletedAt }: ChatMessageSource): string | null {
    return kind === 'PLAINTEXT' && deletedAt === null ? contentHtml : null;
  }

  @FieldResolver(() => MarkdownScalar, {
    nullable: true,
    description:
      'What the viewer typed; null for what others wrote, when it was deleted, and when it is encrypted.',
  })
  plaintextSource(@Root() { contentSource }: ChatMessageSource): string | null {
    return contentSource;
  }
}

@ObjectType('ChatMessageEdge', {
  description: 'A message and its place in a list.',
  simpleResolvers: true,
})
export class ChatMessageEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => ChatMessageType, { description: 'The message.' })
  node!: ChatMessageSource;
}

@ObjectType('ChatMessageConnection', {
  description: 'A page of messages.',
  simpleResolvers: true,
})
export class ChatMessageConnection {
  @Field(() => [ChatMessageEdge], { description: 'Messages with their places.' })
  edges!: ChatMessageEdge[];

  @Field(() => [ChatMessageType], { description: 'The messages alone.' })
  nodes!: ChatMessageSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

/** Shapes a row. */
export function toChatMessageSource(row: ChatMessageRow): ChatMessageSource {
  return { ...row, nodeType: 'ChatMessage' };
}

/** Messages that the viewer sees; anonymous clients see none. */
export const chatMessageLoader = defineLoader<ChatMessageId, ChatMessageSource>(
  async ({ database, viewer }, ids) => {
    const rows = viewer ? await findMessages(database, ids, viewer.actorId) : [];
    return new Map(rows.map((row) => [row.id, toChatMessageSource(row)]));
  },
);

/** `chatmessage_…` ids. */
export const chatMessageNode = defineNode('chatmessage', ['ChatMessage'], chatMessageLoader);
