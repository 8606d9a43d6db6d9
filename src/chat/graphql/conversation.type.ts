/** A conversation as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import {
  CHAT_ENCRYPTIONS,
  type ChatEncryption,
  type ConversationId,
  type ConversationRow,
} from '../conversation.js';
import { findConversations } from '../conversations.queries.js';

/** A conversation as resolvers see it. */
export type ConversationSource = ConversationRow & NodeSource;

/** GraphQL enum of how conversations are protected. */
export const ChatEncryptionEnum = describedEnum<ChatEncryption>(
  'ChatEncryption',
  'How a conversation is protected.',
  CHAT_ENCRYPTIONS,
);

@ObjectType('Conversation', {
  implements: [Node],
  description:
    'What named people write to each other. Only those who take part see it; one between two vanishes for both behind a block.',
})
@RequiresScope('chat')
export class ConversationType {
  @Field(() => ChatEncryptionEnum, {
    description: 'How it is protected: show people that NONE can be read by servers.',
  })
  encryption!: ChatEncryption;

  @Field(() => Boolean, {
    description:
      'False = between two. People come and go in encrypted groups alone; in others they never change.',
  })
  isGroup!: boolean;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description: 'Id of its MLS group; null when it is not encrypted.',
  })
  mlsGroupId!: Buffer | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Its present epoch; null when it is not encrypted.',
  })
  epoch!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds after which the server lets messages go; null = they have no term.',
  })
  disappearingSeconds!: number | null;

  @Field(() => Boolean, {
    description:
      'Somebody whom the viewer does not follow began it, and the viewer has neither answered nor accepted it.',
  })
  isRequest!: boolean;

  @Field(() => Boolean, {
    description: 'The viewer does not want to hear of it: it does not count as unread.',
  })
  isMuted!: boolean;

  @Field(() => Boolean, {
    description: 'The viewer put it away; a new message brings it back, unless it is muted.',
  })
  isArchived!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it began.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When somebody last wrote, or when it began.' })
  updatedAt!: Date;
}

@ObjectType('ConversationEdge', {
  description: 'A conversation and its place in a list.',
  simpleResolvers: true,
})
export class ConversationEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => ConversationType, { description: 'The conversation.' })
  node!: ConversationSource;
}

@ObjectType('ConversationConnection', {
  description: 'A page of conversations.',
  simpleResolvers: true,
})
export class ConversationConnection {
  @Field(() => [ConversationEdge], { description: 'Conversations with their places.' })
  edges!: ConversationEdge[];

  @Field(() => [ConversationType], { description: 'The conversations alone.' })
  nodes!: ConversationSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

/** Shapes a row. */
export function toConversationSource(row: ConversationRow): ConversationSource {
  return { ...row, nodeType: 'Conversation' };
}

/** Conversations of the viewer; anonymous clients have none. */
export const conversationLoader = defineLoader<ConversationId, ConversationSource>(
  async ({ database, viewer }, ids) => {
    const rows = viewer ? await findConversations(database, ids, viewer.actorId) : [];
    return new Map(rows.map((row) => [row.id, toConversationSource(row)]));
  },
);

/** `conversation_…` ids. */
export const conversationNode = defineNode('conversation', ['Conversation'], conversationLoader);
