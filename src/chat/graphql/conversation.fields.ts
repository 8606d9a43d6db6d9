/** What a conversation shows of its people and messages. */
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { defineLoader, load, type LoaderDefinition } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { BigIntScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  CONVERSATION_ROLES,
  MAX_UNREAD,
  MOST_ENCRYPTED_MEMBERS,
  MOST_MEMBERS,
  type ConversationRole,
} from '../conversation.js';
import {
  countUnreadMessages,
  findConversationMembers,
  type ConversationMemberRow,
} from '../conversations.queries.js';
import { findLastMessages, findMessagesOf, type ListedMessage } from '../messages.queries.js';
import {
  ChatMessageConnection,
  ChatMessageType,
  toChatMessageSource,
  type ChatMessageSource,
} from './chat-message.type.js';
import { ConversationType, type ConversationSource } from './conversation.type.js';
import { requireFirst } from './require-first.js';

@ObjectType('ConversationMember', {
  description: 'Somebody who takes part in a conversation.',
})
export class ConversationMemberType {
  @Field(() => DateTimeScalar, { description: 'Since when.' })
  joinedAt!: Date;

  @Field(() => ConversationRoleEnum, {
    description: 'What they may do; MEMBER where nothing is encrypted.',
  })
  role!: ConversationRole;
}

/** GraphQL enum of the roles. */
export const ConversationRoleEnum = describedEnum<ConversationRole>(
  'ConversationRole',
  'What somebody may do in an encrypted conversation.',
  CONVERSATION_ROLES,
);

interface FirstOf {
  readonly id: string;
  readonly first: number;
}

const keyOf = ({ id, first }: FirstOf): string => `${id} ${first}`;
const membersLoader: LoaderDefinition<FirstOf, ConversationMemberRow[]> = {
  keyOf,
  load: async ({ database }, wanted) => {
    const ids = wanted.map(({ id }) => id);
    const most = Math.max(...wanted.map(({ first }) => first));
    const rows = await findConversationMembers(database, ids, most);
    const byId = Map.groupBy(rows, ({ conversationId }) => conversationId as string);
    return new Map(wanted.map((one) => [keyOf(one), (byId.get(one.id) ?? []).slice(0, one.first)]));
  },
};
const messagesLoader = definePageLoader((context, ids, _variant: null, request) =>
  findMessagesOf(context.database, ids, request, requireViewer(context).actorId),
);
const lastMessageLoader = defineLoader<string, ListedMessage>(async (context, ids) => {
  const rows = await findLastMessages(context.database, ids, requireViewer(context).actorId);
  return new Map(rows.map((row) => [row.ownerId, row]));
});
const unreadLoader = defineLoader<string, number>(async (context, ids) => {
  const rows = await countUnreadMessages(context.database, ids, requireViewer(context).actorId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

@Resolver(() => ConversationType)
export class ConversationFields {
  @FieldResolver(() => [ConversationMemberType], {
    description: `Who takes part, whoever began it first, the viewer among them: at most ${MOST_MEMBERS}, in an encrypted group ${MOST_ENCRYPTED_MEMBERS}.`,
  })
  @ListSize({ slicingArguments: ['first'] })
  async members(
    @Root() { id }: ConversationSource,
    @Arg('first', () => Int, {
      defaultValue: MOST_MEMBERS,
      description: `How many, 1–${MOST_ENCRYPTED_MEMBERS}.`,
    })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<ConversationMemberRow[]> {
    requireFirst(first, MOST_ENCRYPTED_MEMBERS);
    return (await load(context, membersLoader, { id, first })) ?? [];
  }

  @FieldResolver(() => ChatMessageConnection, {
    description: 'What was written, the oldest first; `last` gives the newest.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async messages(
    @Root() { id }: ConversationSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ChatMessageSource>> {
    const request = readPage(args, 1, (part) => /^\d{1,9}$/.test(part));
    const page = (await load(context, messagesLoader, { ownerId: id, variant: null, request }))!;
    return toConnection(page, (row) => [String(row.sequence)], toChatMessageSource);
  }

  @FieldResolver(() => ChatMessageType, {
    nullable: true,
    description:
      'The newest message that the viewer sees and nobody deleted; null = there is none.',
  })
  async lastMessage(
    @Root() { id }: ConversationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatMessageSource | null> {
    const row = await load(context, lastMessageLoader, id);
    return row && toChatMessageSource(row);
  }

  @FieldResolver(() => Int, {
    description: `Messages of others that the viewer has not read; ${MAX_UNREAD} = that many or more. Of an encrypted one those alone that the server still has: what all devices have taken is gone there, so devices count what they have.`,
  })
  @Cost(3)
  async unreadCount(
    @Root() { id }: ConversationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, unreadLoader, id)) ?? 0;
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Up to which message the viewer has read it; 0 = nothing yet.',
  })
  lastReadSequence(@Root() { lastReadSequence }: ConversationSource): bigint {
    return BigInt(lastReadSequence);
  }
}

@Resolver(() => ConversationMemberType)
export class ConversationMemberFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who; null when the staff have turned their whole server away.',
  })
  actor(
    @Root() { actorId }: ConversationMemberRow,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return load(context, actorLoader, actorId);
  }
}
