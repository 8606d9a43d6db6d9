/** The viewer's drafts and schedule; nobody else can read them. */
import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { isInstantAndId } from '../../platform/db/instant-key.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findScheduledDrafts, findUnscheduledDrafts } from '../draft.queries.js';
import { DraftConnection, toDraftSource, type DraftSource } from './draft.type.js';

@Resolver(() => ViewerType)
export class ViewerDraftFields {
  @FieldResolver(() => DraftConnection, {
    description:
      'Drafts of the viewer that are not scheduled, the newest first, those that failed at their time included.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async drafts(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<DraftSource>> {
    const { actorId } = requireViewer(context);
    const page = await findUnscheduledDrafts(context.database, actorId, readPage(args, 1, isUuid));
    return toConnection(page, (row) => [row.id], toDraftSource);
  }

  @FieldResolver(() => DraftConnection, {
    description: 'Drafts of the viewer that will be published at a set time, the next one first.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async scheduledPosts(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<DraftSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 2, isInstantAndId);
    const page = await findScheduledDrafts(context.database, actorId, request);
    return toConnection(page, (row) => [row.scheduledFor!.toISOString(), row.id], toDraftSource);
  }
}
