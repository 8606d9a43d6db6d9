/** Where an app begins to show conversations. */
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { MAX_UNREAD } from '../conversation.js';
import {
  countUnreadConversations,
  findConversationsOf,
  type ConversationChoice,
} from '../conversations.queries.js';
import {
  ConversationConnection,
  toConversationSource,
  type ConversationSource,
} from './conversation.type.js';

@ObjectType('ChatHome', { description: "The viewer's conversations." })
export class ChatHomeType {}

@InputType('ConversationFilter', { description: 'Which conversations to list.' })
export class ConversationFilter {
  @Field(() => Boolean, { defaultValue: false, description: 'Those that were put away, instead.' })
  archived!: boolean;

  @Field(() => Boolean, { defaultValue: false, description: 'Only those with something unread.' })
  unreadOnly!: boolean;
}

@Resolver(() => ViewerType)
export class ViewerChatFields {
  @FieldResolver(() => ChatHomeType, { description: 'Conversations of the viewer.' })
  @RequiresScope('chat')
  chat(): object {
    return {};
  }
}

@Resolver(() => ChatHomeType)
export class ChatHomeFields {
  @FieldResolver(() => ConversationConnection, {
    description: 'Conversations but requests, the one that was last written in first.',
  })
  @Cost(5)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  conversations(
    @Arg('filter', () => ConversationFilter, {
      nullable: true,
      description: 'Null = not put away.',
    })
    filter: ConversationFilter | null | undefined,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ConversationSource>> {
    const isUnreadOnly = filter?.unreadOnly === true;
    const choice = { isRequest: false, isArchived: filter?.archived === true, isUnreadOnly };
    return listOf(context, choice, args);
  }

  @FieldResolver(() => ConversationConnection, {
    description:
      'Conversations that somebody began whom the viewer does not follow: `updateConversation` accepts one, and so does an answer. Those of people whom the staff limited are not listed, and are found by `createConversation`.',
  })
  @Cost(5)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  messageRequests(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ConversationSource>> {
    return listOf(context, { isRequest: true, isArchived: false, isUnreadOnly: false }, args);
  }

  @FieldResolver(() => Int, {
    description: `Conversations with something unread, without requests and muted ones; ${MAX_UNREAD} = that many or more.`,
  })
  @Cost(5)
  unreadCount(@Ctx() context: GraphQLContext): Promise<number> {
    return countUnreadConversations(context.database, requireViewer(context).actorId);
  }
}

async function listOf(
  context: GraphQLContext,
  choice: ConversationChoice,
  args: PageArgs,
): Promise<ConnectionSource<ConversationSource>> {
  const { actorId } = requireViewer(context);
  const request = readPage(args, 1, isUuid);
  const page = await findConversationsOf(context.database, actorId, choice, request);
  return toConnection(page, (row) => [row.position], toConversationSource);
}
