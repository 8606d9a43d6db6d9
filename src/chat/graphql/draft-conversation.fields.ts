/** What tells encrypted conversations without a hub from the others. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { findDraftsAmong } from '../draft-conversations.queries.js';
import { ConversationType, type ConversationSource } from './conversation.type.js';

const draftLoader = defineLoader<string, true>(async ({ database }, ids) => {
  const drafts = await findDraftsAmong(database, ids);
  return new Map([...drafts].map((id) => [id, true] as const));
});

@Resolver(() => ConversationType)
export class DraftConversationFields {
  @FieldResolver(() => Boolean, {
    description:
      'Nobody orders it: some of its servers know no hub. Messages stand in the order in which they came to this server, which may be another one elsewhere; of two commits of one epoch that come within a minute, the one with the smaller BLAKE2b-256 counts. Say so to people. False for all others.',
  })
  @Cost(1)
  async isBestEffort(
    @Root() { id }: ConversationSource,
    @Ctx() context: GraphQLContext,
  ): Promise<boolean> {
    return (await load(context, draftLoader, id)) ?? false;
  }
}
